/* SPDX-License-Identifier: ISC */
/*
 * Finds the standards that a text names. Prose often has capitals and a number
 * that are not a standard ("UL 5", "CB 200"). So the rules are stricter here
 * than in a field for numbers: the code must be in capitals, and a year or a
 * mark must follow, unless the code can only be the code of a standard.
 */
#include "base/utf8.h"
#include "standards.h"
#include "fold.h"
#include "number.h"

enum {
	MENTIONS_MAX = 500,
	AHEAD_MAX = 48, /* bytes from a prefix's first letter to a digit */
	RESULT_MAX = 1024 * 1024
};

struct mentions {
	struct buf out;
	struct buf seen; /* keys, each between two LFs */
	size_t count;
};

/* Can these capitals only be the beginning of a standard's number? */
static bool
is_sure(const struct std_number *number)
{
	static const char *const sure[] = {"GB", "GBZ", "GJB", "JJG", "JJF",
	    "TSG", "CJJ", "JGJ", "JTG", "GBJ"};

	if (number->year != 0 || number->level == STD_INTERNATIONAL ||
	    number->level == STD_LOCAL || number->level == STD_ASSOCIATION ||
	    number->level == STD_ENTERPRISE ||
	    number->mandate == STD_RECOMMENDED ||
	    number->mandate == STD_GUIDING)
		return true;
	for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++)
		if (strcmp(number->prefix, sure[i]) == 0)
			return true;
	return strchr(number->prefix, ' ') != NULL ||
	    strcmp(number->prefix, "JIS") == 0 ||
	    strcmp(number->prefix, "ASTM") == 0;
}

static bool
is_new(struct mentions *mentions, struct str key)
{
	struct buf needle;
	bool new;

	buf_init(&needle, 512);
	buf_char(&needle, '\n');
	buf_str(&needle, key);
	buf_char(&needle, '\n');
	new =
	    str_find(buf_view(&mentions->seen), buf_view(&needle)) == SIZE_MAX;
	if (new)
		buf_str(&mentions->seen, buf_view(&needle));
	buf_release(&needle);
	return new;
}

static void
add(struct mentions *mentions, const struct std_number *number)
{
	struct buf text;

	buf_init(&text, 1024);
	std_write_key(&text, number);
	if (is_new(mentions, buf_view(&text))) {
		struct buf printed;

		buf_init(&printed, 1024);
		std_write(&printed, number);
		buf_text(&mentions->out, mentions->count++ > 0 ? ",{" : "{");
		std_json_member(&mentions->out, "number", buf_view(&printed));
		std_json_member(&mentions->out, "key", buf_view(&text));
		buf_char(&mentions->out, '}');
		buf_release(&printed);
	}
	buf_release(&text);
}

/* Does text begin with a capital, plain or full-width? *n: its bytes. */
static bool
is_capital(struct str text, size_t *n)
{
	unsigned char c = (unsigned char)*text.data;
	uint32_t wide;

	*n = 1;
	if (c < 0x80)
		return c >= 'A' && c <= 'Z';
	if (c != 0xEF)
		return false;
	wide = utf8_next(&text);
	*n = 3;
	return wide >= 0xFF21 && wide <= 0xFF3A;
}

/* May a number begin here? T and Q need a slash or another capital behind them,
 * and every code needs a digit near it. */
static bool
may_begin(struct str text)
{
	bool digit = false;

	if (*text.data == 'T' || *text.data == 'Q') {
		struct str next = str_slice(text, 1, text.len);
		uint32_t c = next.len > 0 ? utf8_next(&next) : 0;

		if ((c < 'A' || c > 'Z') && c != '/' && c != 0xFF0F)
			return false;
	}
	for (size_t i = 1; i < text.len && i < AHEAD_MAX && !digit; i++) {
		unsigned char c = (unsigned char)text.data[i];

		digit = (c >= '0' && c <= '9') ||
		    (c == 0xEF && i + 2 < text.len &&
			(unsigned char)text.data[i + 1] == 0xBC &&
			(unsigned char)text.data[i + 2] >= 0x90 &&
			(unsigned char)text.data[i + 2] <= 0x99);
	}
	return digit;
}

/* Bytes of the character that text begins with if it is from U+3000 to U+EFFF,
 * as most of what is read here: std_fold_char() sees neither a letter nor a
 * digit nor a slash in them. 0: it is another one. */
static size_t
wide_length(struct str text)
{
	unsigned char first = (unsigned char)*text.data;

	return first >= 0xE3 && first <= 0xEE && text.len >= 3 ? 3 : 0;
}

/* A word of a line: where it begins, its bytes, whether it goes on. */
struct word {
	size_t at, len;
	bool capitals, open;
};

static void
word_step(struct word *word, uint32_t c, size_t at, size_t n)
{
	char folded = std_fold_char(c);

	if (std_is_letter(folded) || folded == STD_ALIEN) {
		if (!word->open)
			*word = (struct word){at, 0, true, true};
		word->len = at + n - word->at;
		word->capitals = word->capitals && std_capital(c) == c;
		return;
	}
	word->open = false;
	if (folded == 0 || strchr(" -/", folded) == NULL)
		word->len = 0;
}

/* A word of prefixes, in whatever case; but "as ISO 9001" is no Australian. */
static bool
is_body(struct str word)
{
	char text[16] = "";
	const char *end;

	if (word.len >= sizeof(text) || str_equal_nocase(word, STR("AS")) ||
	    str_equal_nocase(word, STR("IS")))
		return false;
	for (size_t i = 0; i < word.len; i++)
		text[i] = std_fold_char((unsigned char)word.data[i]);
	return std_word_at(text, &end) != NULL && *end == '\0';
}

/* NBN EN ISO 9001 is no EN ISO 9001: who publishes it stands before it. */
static bool
is_anothers(const struct std_number *number, struct str word, bool capitals)
{
	static const char *const says[] = {
	    "IDT", "MOD", "NEQ", "EQV", "AND", "OR", "SEE", "TO"};

	if (number->level < STD_INTERNATIONAL || word.len == 0)
		return false;
	if (!capitals)
		return is_body(word);
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++)
		if (str_equal(word, str_from(says[i])))
			return false;
	return true;
}

/* The numbers of one line; what stands glued behind a letter or digit is the
 * end of another word. */
static void
scan_line(struct mentions *mentions, struct str line)
{
	struct word word = {0};
	bool inside = false;
	size_t at = 0;

	while (at < line.len && mentions->count < MENTIONS_MAX) {
		struct str here = {line.data + at, line.len - at};
		struct str rest = here;
		enum std_reading reading = STD_NONE;
		struct std_number number;
		struct std_unread unread;
		size_t n = wide_length(here);
		uint32_t c;
		char folded;

		if (n > 0) {
			inside = false;
			word.len = 0;
			at += n;
			continue;
		}
		if (!inside && is_capital(here, &n) && may_begin(here))
			reading = std_try(here, STD_PROSE, &number, &unread);
		/* A number read in part is nobody's: no other begins in it. */
		if (reading == STD_PART ||
		    (reading == STD_WHOLE && is_sure(&number))) {
			struct str before =
			    str_slice(line, word.at, word.at + word.len);

			if (reading == STD_WHOLE &&
			    !is_anothers(&number, before, word.capitals))
				add(mentions, &number);
			at += number.end;
			word = (struct word){0};
			inside = true;
			continue;
		}
		c = utf8_next(&rest);
		n = here.len - rest.len;
		word_step(&word, c, at, n);
		folded = std_fold_char(c);
		inside = std_is_letter(folded) || std_is_digit(folded) ||
		    (inside && folded == '/');
		at += n;
	}
}

/* A link line's address names nothing: only its words do. */
static struct str
without_address(struct str line)
{
	size_t at;

	if (!str_starts(line, STR("=>")))
		return line;
	line = str_trim(str_slice(line, 2, line.len));
	at = 0;
	while (at < line.len && line.data[at] != ' ' && line.data[at] != '\t')
		at++;
	return str_slice(line, at, line.len);
}

static void
call_mentions(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct mentions mentions = {.count = 0};
	struct str text, line;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&mentions.out, RESULT_MAX);
	buf_init(&mentions.seen, RESULT_MAX);
	buf_char(&mentions.out, '[');
	text = sql_text(value[0]);
	while (mentions.count < MENTIONS_MAX && str_next_line(&text, &line))
		scan_line(&mentions, without_address(line));
	buf_char(&mentions.out, ']');
	if (mentions.seen.err != OK)
		mentions.out.err = mentions.seen.err;
	buf_release(&mentions.seen);
	sql_result(context, &mentions.out);
}

int
std_register_mentions(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_mentions", 1, SQL_PURE, call_mentions}};

	return sql_register(db, list, 1, NULL);
}
