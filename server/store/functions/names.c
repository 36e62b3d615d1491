/* SPDX-License-Identifier: ISC */
/*
 * Names that people give themselves and that others see. Two names that a
 * reader would take for one have one folded form: NFKC, without case. A name is
 * of one script, or of those that one language mixes (UTS 39, "highly
 * restrictive"), so nobody writes another's name with letters that look alike.
 */
#include "base/utf8.h"
#include "store/functions/functions.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

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

int
functions_register_names(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"name_fold", 1, SQL_PURE, call_fold}};

	return sql_register(db, list, 1, NULL);
}
