/* SPDX-License-Identifier: ISC */
/*
 * One line of a long gemtext: around the first hit of a search, or its
 * beginning. The marks of gemtext at the start of lines are removed, because
 * the line is shown in another page. (FTS5's own snippet() tokenizes the row
 * again, and marks a place twice if two tokens share it.)
 */
#include "base/utf8.h"
#include "store/functions/fold.h"
#include "store/functions/functions.h"

enum {
	TEXT_BYTES_MAX = 64 * 1024 * 1024,
	CHARACTERS_MAX = 2000,
	BEFORE_PARTS = 4 /* one quarter of the line is before the hit */
};

#define ELLIPSIS "\xE2\x80\xA6"

enum line_type { LINE_TEXT, LINE_HEADING, LINE_LINK, LINE_OTHER, LINE_FENCE };

/* The type of a line of gemtext. Removes its mark. */
static enum line_type
take_mark(struct str *line)
{
	size_t mark = 0;
	enum line_type type = LINE_OTHER;

	if (str_starts(*line, STR("```")))
		return LINE_FENCE;
	if (str_starts(*line, STR("=>"))) {
		struct str rest = str_trim(str_slice(*line, 2, line->len));
		while (rest.len > 0 && strchr(" \t", rest.data[0]) == NULL)
			rest = str_slice(rest, 1, rest.len);
		*line = rest; /* the label */
		return LINE_LINK;
	}
	while (mark < 3 && mark < line->len && line->data[mark] == '#')
		mark++;
	if (mark > 0)
		type = LINE_HEADING;
	else if (str_starts(*line, STR("* ")))
		mark = 2;
	else if (str_starts(*line, STR(">")))
		mark = 1;
	else
		return LINE_TEXT;
	*line = str_slice(*line, mark, line->len);
	return type;
}

/* Append a line, cleaned, with single blanks in it; one blank before it unless
 * out is empty. */
static void
add_squeezed(struct buf *out, struct str line)
{
	struct buf clean;
	struct str rest, word;

	buf_init(&clean, TEXT_BYTES_MAX);
	utf8_add_line(&clean, line);
	if (clean.err != OK)
		out->err = clean.err;
	rest = buf_view(&clean);
	while (str_next_part(&rest, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (out->len > 0)
			buf_char(out, ' ');
		buf_str(out, word);
	}
	buf_release(&clean);
}

/* Append a whole gemtext as one line. */
static void
flatten(struct buf *out, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (take_mark(&line) != LINE_FENCE)
			add_squeezed(out, line);
}

/* Append the first text lines in a row, until another type of line follows or
 * there are more than `characters`. */
static void
flatten_prose(struct buf *out, struct str text, size_t characters)
{
	bool preformatted = false;
	struct str line;

	while (str_next_line(&text, &line)) {
		enum line_type type = take_mark(&line);
		if (type == LINE_FENCE)
			preformatted = !preformatted;
		if (type != LINE_TEXT || preformatted) {
			if (out->len > 0)
				return;
			continue;
		}
		add_squeezed(out, line);
		if (utf8_count(buf_view(out)) > characters)
			return;
	}
}

/* Does rest begin with one of the terms? c: its first character, folded. */
static bool
is_hit(struct str rest, uint32_t c, const struct fold_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		struct str term = terms->term[i];
		if (utf8_next(&term) == c && fold_starts(rest, terms->term[i]))
			return true;
	}
	return false;
}

/* The offset of the first term in line; 0 if there is none. */
static size_t
find_hit(struct str line, const struct fold_terms *terms)
{
	struct fold_text text;
	struct fold_char at;

	fold_begin(&text, line);
	while (fold_next(&text, &at)) {
		size_t offset = (size_t)(at.raw.data - line.data);
		if (at.class != FOLD_OTHER &&
		    is_hit(str_slice(line, offset, line.len), at.c, terms))
			return offset;
	}
	return 0;
}

/* The offset after the first n characters. */
static size_t
skip_characters(struct str line, size_t n)
{
	struct str rest = line;

	while (n-- > 0 && rest.len > 0)
		utf8_next(&rest);
	return line.len - rest.len;
}

/* Append at most `characters` characters of line, with the one at offset
 * hit. */
static void
add_window(struct buf *out, struct str line, size_t hit, size_t characters)
{
	size_t total = utf8_count(line);
	size_t start = utf8_count(str_slice(line, 0, hit));
	size_t before = characters / BEFORE_PARTS;
	struct str window;

	start = start > before ? start - before : 0;
	if (total <= characters)
		start = 0;
	else if (start > total - characters)
		start = total - characters;
	window = str_slice(line, skip_characters(line, start), line.len);
	window = str_slice(window, 0, skip_characters(window, characters));
	if (start > 0)
		buf_text(out, ELLIPSIS);
	buf_str(out, str_trim(window));
	if (total - start > characters)
		buf_text(out, ELLIPSIS);
}

static void
finish(
    sqlite3_context *context, struct buf *line, size_t hit, size_t characters)
{
	struct buf out;

	buf_init(&out, TEXT_BYTES_MAX);
	out.err = line->err;
	add_window(&out, buf_view(line), hit, characters);
	buf_release(line);
	sql_result(context, &out);
}

static void
call_snippet(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct fold_terms terms;
	struct buf line;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	fold_terms(&terms, sql_text(value[1]));
	buf_init(&line, TEXT_BYTES_MAX);
	flatten(&line, sql_text(value[0]));
	finish(context, &line, find_hit(buf_view(&line), &terms),
	    sql_size(value[2], 1, CHARACTERS_MAX));
}

static void
call_excerpt(sqlite3_context *context, int count, sqlite3_value **value)
{
	size_t characters = sql_size(value[1], 1, CHARACTERS_MAX);
	struct str text = sql_text(value[0]);
	struct buf line;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&line, TEXT_BYTES_MAX);
	flatten_prose(&line, text, characters);
	if (line.len == 0) /* no text line: only lists, quotations, links */
		flatten(&line, text);
	finish(context, &line, 0, characters);
}

int
functions_register_snippet(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_snippet", 3, SQL_PURE, call_snippet},
	    {"text_excerpt", 2, SQL_PURE, call_excerpt}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
