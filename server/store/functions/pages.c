/* SPDX-License-Identifier: ISC */
/*
 * A long gemtext in pages, so that a reader need not load a book at once. A
 * page ends between two lines, as near as possible to the wanted length. It
 * never ends inside a preformatted group or after a heading, and blank lines
 * stay with the lines before them. Pages depend only on the text and on the
 * wanted length, so the address of a page stays valid.
 */
#include "base/utf8.h"
#include "store/functions/functions.h"

enum { CHARACTERS_MIN = 100, CHARACTERS_MAX = 10 * 1000 * 1000 };

enum unit_type { UNIT_BLANK, UNIT_HEADING, UNIT_BODY };

/* What is never split: one line, or a preformatted group. */
struct unit {
	enum unit_type type;
	size_t bytes, characters;
};

/* The number of bytes of the first line of text, with its LF. */
static size_t
line_bytes(struct str text)
{
	size_t end = str_find_byte(text, '\n');

	return end == SIZE_MAX ? text.len : end + 1;
}

/* The first unit of text, which is not empty. */
static struct unit
next_unit(struct str text)
{
	struct unit unit = {UNIT_BODY, line_bytes(text), 0};
	struct str line = str_slice(text, 0, unit.bytes);

	if (str_trim(line).len == 0)
		unit.type = UNIT_BLANK;
	else if (str_starts(line, STR("#")))
		unit.type = UNIT_HEADING;
	else if (str_starts(line, STR("```"))) {
		bool open = true;
		while (open && unit.bytes < text.len) {
			line = str_slice(text, unit.bytes, text.len);
			open = !str_starts(line, STR("```"));
			unit.bytes += line_bytes(line);
		}
	}
	unit.characters = utf8_count(str_slice(text, 0, unit.bytes));
	return unit;
}

/* Is a page of `have` characters nearer to `wanted` than one of have + more? */
static bool
is_enough(size_t have, size_t more, size_t wanted)
{
	if (have >= wanted)
		return true;
	return have + more > wanted && have + more - wanted > wanted - have;
}

/* Is the rest of text long enough for a page of its own: more than a quarter of
 * `wanted`? Counts only as many bytes as needed: a character has at most four.
 */
static bool
is_page(struct str text, size_t from, size_t wanted)
{
	size_t least = wanted / 4;

	return utf8_count(str_slice(text, from, from + 4 * (least + 1))) >
	    least;
}

/* Bytes of the first page of text. */
static size_t
page_bytes(struct str text, size_t wanted)
{
	size_t at = 0, have = 0;
	size_t headings = SIZE_MAX; /* begin of the headings just before at */
	bool body = false;          /* the page has more than headings */

	/* A text has at most as many characters as bytes: one page. */
	if (text.len <= wanted)
		return text.len;
	while (at < text.len) {
		struct unit unit = next_unit(str_slice(text, at, text.len));
		size_t cut = headings == SIZE_MAX ? at : headings;

		if (unit.type != UNIT_BLANK && body &&
		    is_enough(have, unit.characters, wanted) &&
		    is_page(text, cut, wanted))
			return cut;
		if (unit.type == UNIT_HEADING && headings == SIZE_MAX && body)
			headings = at;
		if (unit.type == UNIT_BODY) {
			headings = SIZE_MAX;
			body = true;
		}
		at += unit.bytes;
		have += unit.characters;
	}
	return text.len;
}

static size_t
count_pages(struct str text, size_t wanted)
{
	size_t n = 0;

	while (text.len > 0) {
		text = str_slice(text, page_bytes(text, wanted), text.len);
		n++;
	}
	return n == 0 ? 1 : n;
}

static void
call_pages(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	if (sql_is_null(value[0]))
		return;
	sqlite3_result_int64(context,
	    (sqlite3_int64)count_pages(sql_text(value[0]),
		sql_size(value[1], CHARACTERS_MIN, CHARACTERS_MAX)));
}

static void
call_page(sqlite3_context *context, int count, sqlite3_value **value)
{
	size_t wanted = sql_size(value[2], CHARACTERS_MIN, CHARACTERS_MAX);
	sqlite3_int64 number = sqlite3_value_int64(value[1]);
	struct str text = sql_text(value[0]);
	size_t bytes = 0;

	(void)count;
	if (sql_is_null(value[0]) || number < 1)
		return;
	for (sqlite3_int64 n = 0; n < number; n++) {
		if (n > 0 && bytes == text.len)
			return; /* NULL: there are fewer pages */
		text = str_slice(text, bytes, text.len);
		bytes = page_bytes(text, wanted);
	}
	sqlite3_result_text64(
	    context, text.data, bytes, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int
functions_register_pages(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_pages", 2, SQL_PURE, call_pages},
	    {"text_page", 3, SQL_PURE, call_page}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
