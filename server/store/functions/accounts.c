/* SPDX-License-Identifier: ISC */
/*
 * What accounts add to SQL: the names that people give themselves, and one-time
 * codes that they copy by hand.
 *
 * Two names that a reader would take for one have one folded form: NFKC,
 * without case. A name is of one script, or of those that one language mixes
 * (UTS 39, "highly restrictive"), so nobody writes another's name with letters
 * that look alike.
 *
 * A code has 16 characters in groups of four, 80 random bits. The first four
 * find a code's row, the others prove it. A database has a keyed digest only,
 * and the key is in no database: so a stolen copy of the database does not help
 * to find out a code.
 */
#include "base/hex.h"
#include "base/utf8.h"
#include "store/functions/functions.h"
#include "store/functions/random.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistd.h>

/* ---- names ---------------------------------------------------------- */

enum { NAME_CHARACTERS_MAX = 40, NAME_BYTES_MAX = 4 * NAME_CHARACTERS_MAX };

/* The scripts of a name, as bits. */
enum script_bit {
	BIT_HAN = 1,
	BIT_LATIN = 2,
	BIT_KANA = 4,
	BIT_HANGUL = 8,
	BIT_BOPOMOFO = 16,
	BIT_OTHER = 32
};

/* The names of scripts are libunistring's. */
static const struct {
	const char *name;
	unsigned bit; /* 0: goes with every script */
} scripts[] = {{"Common", 0}, {"Inherited", 0}, {"Han", BIT_HAN},
    {"Latin", BIT_LATIN}, {"Hiragana", BIT_KANA}, {"Katakana", BIT_KANA},
    {"Hangul", BIT_HANGUL}, {"Bopomofo", BIT_BOPOMOFO}};

/* Each set of scripts that one name may have. */
static const unsigned together[] = {BIT_HAN | BIT_KANA | BIT_LATIN,
    BIT_HAN | BIT_HANGUL | BIT_LATIN, BIT_HAN | BIT_BOPOMOFO | BIT_LATIN,
    BIT_OTHER};

/* May the character stand in a name? first: at an end, or behind a sign. */
static bool
is_allowed(uint32_t c, bool first)
{
	if (c >= '0' && c <= '9')
		return true;
	/* What is not seen makes another name of the same letters. */
	if (uc_is_property_default_ignorable_code_point(c))
		return false;
	if (uc_is_general_category_withtable(c,
		UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Mc))
		return true;
	return !first &&
	    (c == ' ' || c == '-' || c == '.' || c == '_' || c == '\'' ||
		c == 0xB7 /* the dot in names of other languages in Chinese */);
}

/* Note the script of a character. false: the name has a second script of those
 * that go with none. */
static bool
add_script(uint32_t c, unsigned *bits, const uc_script_t **other)
{
	const uc_script_t *script = uc_script(c);

	if (script == NULL)
		return false;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		if (strcmp(script->name, scripts[i].name) == 0) {
			*bits |= scripts[i].bit;
			return true;
		}
	*bits |= BIT_OTHER;
	if (*other != NULL && *other != script)
		return false;
	*other = script;
	return true;
}

/* Is a folded text a name? */
static bool
is_name(struct str text)
{
	const uc_script_t *other = NULL;
	unsigned bits = 0;
	size_t count = 0;
	bool first = true;

	while (text.len > 0) {
		const uint32_t c = utf8_next(&text);

		if (++count > NAME_CHARACTERS_MAX || !is_allowed(c, first) ||
		    !add_script(c, &bits, &other))
			return false;
		first = !is_allowed(c, true);
	}
	/* A name has a letter, and does not end in a sign. */
	if (first || bits == 0)
		return false;
	for (size_t i = 0; i < sizeof(together) / sizeof(*together); i++)
		if ((bits & ~together[i]) == 0)
			return true;
	return false;
}

static void
call_fold(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct str text;
	uint8_t *folded;
	size_t len = 0;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	text = str_trim(sql_text(value[0]));
	if (text.len == 0 || text.len > NAME_BYTES_MAX || !utf8_valid(text))
		return;
	folded = u8_casefold((const uint8_t *)text.data, text.len, NULL,
	    UNINORM_NFKC, NULL, &len);
	if (folded == NULL) {
		sqlite3_result_error_nomem(context);
		return;
	}
	if (is_name((struct str){(char *)folded, len}))
		sqlite3_result_text(
		    context, (char *)folded, (int)len, SQLITE_TRANSIENT);
	free(folded);
}

/* ---- codes ---------------------------------------------------------- */

enum {
	CHARACTERS = 16,
	GROUP = 4,
	RANDOM_BYTES = CHARACTERS * 5 / 8,
	BLOCK_BYTES = 64, /* of SHA-256 */
	NAME_DIGITS = 16  /* of a key's name */
};

/* Crockford's base 32: no letter looks like a digit. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct code {
	char text[CHARACTERS];
};

static char
read_character(uint32_t c)
{
	/* What an input method for Chinese types: the full width forms. */
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	return c > 0 && c < 0x80 && strchr(alphabet, (int)c) != NULL ? (char)c
								     : '\0';
}

static bool
is_separator(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '-' || c == 0x3000 ||
	    c == 0xFF0D || (c >= 0x2010 && c <= 0x2014);
}

/* Read a code as a person writes it. false: it is not a code. */
static bool
read_code(struct str text, struct code *out)
{
	size_t n = 0;

	while (text.len > 0) {
		const uint32_t c = utf8_next(&text);
		const char read = read_character(c);

		if (is_separator(c))
			continue;
		if (read == '\0' || n == CHARACTERS)
			return false;
		out->text[n++] = read;
	}
	return n == CHARACTERS;
}

/* HMAC-SHA256 (RFC 2104). what and text: together at most 64 bytes. */
static void
hmac(const unsigned char *secret, struct str what, struct str text,
    unsigned char out[SHA256_BYTES])
{
	unsigned char inner[2 * BLOCK_BYTES], outer[BLOCK_BYTES + SHA256_BYTES];

	for (size_t i = 0; i < BLOCK_BYTES; i++) {
		const unsigned char key =
		    i < FUNCTION_SECRET_BYTES ? secret[i] : 0;

		inner[i] = key ^ 0x36;
		outer[i] = key ^ 0x5C;
	}
	memcpy(inner + BLOCK_BYTES, what.data, what.len);
	memcpy(inner + BLOCK_BYTES + what.len, text.data, text.len);
	sha256_digest(
	    (struct str){(char *)inner, BLOCK_BYTES + what.len + text.len},
	    outer + BLOCK_BYTES);
	sha256_digest((struct str){(char *)outer, sizeof(outer)}, out);
	explicit_bzero(inner, sizeof(inner));
	explicit_bzero(outer, sizeof(outer));
}

static void
give_digits(
    sqlite3_context *context, const unsigned char *bytes, int digit_count)
{
	char hex[2 * SHA256_BYTES + 1];

	hex_write(bytes, SHA256_BYTES, hex);
	sqlite3_result_text(context, hex, digit_count, SQLITE_TRANSIENT);
}

static void
call_new(sqlite3_context *context, int count, sqlite3_value **value)
{
	unsigned char bytes[RANDOM_BYTES];
	char text[CHARACTERS + CHARACTERS / GROUP];
	unsigned bits = 0, held = 0;
	size_t n = 0, at = 0;

	(void)count, (void)value;
	if (random_bytes(bytes, sizeof(bytes)) != OK) {
		sqlite3_result_error(context, "no random bytes", -1);
		return;
	}
	for (size_t i = 0; i < CHARACTERS; i++) {
		if (held < 5) {
			bits = bits << 8 | bytes[at++];
			held += 8;
		}
		held -= 5;
		if (i > 0 && i % GROUP == 0)
			text[n++] = '-';
		text[n++] = alphabet[bits >> held & 31];
	}
	sqlite3_result_text(context, text, (int)n, SQLITE_TRANSIENT);
}

static void
call_selector(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct code code;

	(void)count;
	if (!sql_is_null(value[0]) && read_code(sql_text(value[0]), &code))
		sqlite3_result_text(
		    context, code.text, GROUP, SQLITE_TRANSIENT);
}

static void
call_hash(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct function_host *host = sqlite3_user_data(context);
	unsigned char digest[SHA256_BYTES];
	struct code code;

	(void)count;
	if (host == NULL || host->secret == NULL) {
		sqlite3_result_error(
		    context, "this program has no key for codes", -1);
		return;
	}
	if (sql_is_null(value[0]) || !read_code(sql_text(value[0]), &code))
		return;
	hmac(host->secret, STR("guiju code "),
	    (struct str){code.text, CHARACTERS}, digest);
	give_digits(context, digest, 2 * SHA256_BYTES);
}

static void
call_key(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct function_host *host = sqlite3_user_data(context);
	unsigned char digest[SHA256_BYTES];

	(void)count, (void)value;
	if (host == NULL || host->secret == NULL)
		return;
	hmac(host->secret, STR("guiju code key"), STR(""), digest);
	give_digits(context, digest, NAME_DIGITS);
}

static void
call_equal(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct str a, b;
	unsigned char differs = 0;

	(void)count;
	/* Not NULL: `% if NOT code_equal(...)` would let it pass. */
	if (sql_is_null(value[0]) || sql_is_null(value[1])) {
		sqlite3_result_int(context, 0);
		return;
	}
	a = sql_text(value[0]);
	b = sql_text(value[1]);
	for (size_t i = 0; a.len == b.len && i < a.len; i++)
		differs |= (unsigned char)(a.data[i] ^ b.data[i]);
	sqlite3_result_int(context, a.len == b.len && differs == 0);
}

int
functions_register_accounts(sqlite3 *db, const struct function_host *host)
{
	static const struct sql_function list[] = {
	    {"name_fold", 1, SQL_PURE, call_fold},
	    {"code_new", 0, SQLITE_INNOCUOUS, call_new},
	    {"code_selector", 1, SQL_PURE, call_selector},
	    {"code_hash", 1, SQLITE_INNOCUOUS, call_hash},
	    {"code_key", 0, SQLITE_INNOCUOUS, call_key},
	    {"code_equal", 2, SQL_PURE, call_equal}};

	return sql_register(db, list, 6, host);
}
