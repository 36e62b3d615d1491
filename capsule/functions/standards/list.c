/* SPDX-License-Identifier: ISC */
/*
 * Reads a list of numbers as people paste it: one number per line, or several,
 * separated by commas, semicolons, tabs or several blanks, with titles,
 * ordinals and other columns of a table. A piece that is not a number is an
 * item as well, so that no part of a list gets lost. But Chinese words behind a
 * number, on the same line, belong to its title ("维吾尔文、哈萨克文").
 */
#include <stdio.h>

#include "base/utf8.h"
#include "standards.h"
#include "fold.h"
#include "kind.h"
#include "number.h"

enum {
	ITEMS_MAX = 5000,
	RAW_MAX = 512, /* bytes shown of an item */
	RESULT_MAX = 16 * 1024 * 1024
};

struct list {
	struct buf *out;
	size_t count;
	struct str raw, rest;     /* the last item, not yet written */
	struct std_number number; /* of it, if read */
	bool held, read;
};

static void
flush(struct list *list)
{
	struct str none = {NULL, 0};
	struct buf text;

	if (!list->held)
		return;
	list->held = false;
	buf_init(&text, 1024);
	buf_text(list->out, list->count++ > 0 ? ",{" : "{");
	std_json_member(list->out, "raw", utf8_cut(list->raw, RAW_MAX));
	if (list->read)
		std_write(&text, &list->number);
	std_json_member(
	    list->out, "number", list->read ? buf_view(&text) : none);
	buf_clear(&text);
	if (list->read || std_read_key(list->raw, &text, &list->number)) {
		buf_clear(&text);
		std_write_key(&text, &list->number);
	}
	std_json_member(
	    list->out, "key", text.len > 0 ? buf_view(&text) : none);
	std_json_member(list->out, "rest", utf8_cut(list->rest, RAW_MAX));
	buf_char(list->out, '}');
	if (text.err != OK)
		list->out->err = text.err;
	buf_release(&text);
}

/* Take text as the next item. */
static void
hold(struct list *list, struct str text, bool read,
    const struct std_number *number)
{
	struct str next;

	flush(list);
	if (list->count >= ITEMS_MAX)
		return;
	list->held = true;
	list->read = read;
	list->raw = text;
	list->rest = STR("");
	if (!read)
		return;
	list->number = *number;
	list->rest = std_trim(str_slice(text, number->end, text.len));
	std_next_number(list->rest, &next);
	if (next.len == 0)
		list->rest = STR("");
}

/* piece belongs to the number of the held item, too. */
static void
hold_more(struct list *list, struct str piece)
{
	list->raw.len = (size_t)(piece.data - list->raw.data) + piece.len;
	list->read = std_read(list->raw, STD_ANY, &list->number) &&
	    list->number.year != 0 && list->number.end == list->raw.len;
	list->rest = STR("");
}

/* Digits alone, apart by single blanks: each is one. */
static bool
add_words(struct list *list, struct str piece)
{
	struct str rest = piece, word;
	struct std_number number;

	if (str_find_byte(piece, ' ') == SIZE_MAX)
		return false;
	while (str_next_part(&rest, ' ', &word))
		if (!std_read(word, STD_ANY, &number) || number.end < word.len)
			return false;
	rest = piece;
	while (str_next_part(&rest, ' ', &word))
		if (std_read(word, STD_ANY, &number))
			hold(list, word, true, &number);
	return true;
}

/* Where the item ends that piece begins with, and *next begins: behind the
 * number, or what of it is not understood; none: the piece is one item. */
static size_t
item_end(struct str piece, const struct std_number *number,
    const struct std_unread *unread, struct str *next)
{
	size_t end = number->end;

	/* Letters that are not understood may belong to what follows. */
	if (unread->text.len > 0 &&
	    std_is_letter(std_fold_char(
		(unsigned char)unread->text.data[unread->text.len - 1])))
		return 0;
	if (unread->text.len > 0)
		end =
		    (size_t)(unread->text.data - piece.data) + unread->text.len;
	if (*number->prefix == '\0' ||
	    !std_next_number(str_slice(piece, end, piece.len), next))
		return 0;
	return end;
}

static void
add_piece(struct list *list, struct str piece)
{
	struct std_number number;
	struct std_unread unread;
	struct str next;

	while (list->count < ITEMS_MAX) {
		enum std_reading reading =
		    std_try(piece, STD_ANY, &number, &unread);
		size_t end = 0;

		if (reading == STD_NONE && add_words(list, piece))
			return;
		if (reading != STD_NONE)
			end = item_end(piece, &number, &unread, &next);
		hold(list, end > 0 ? str_trim(str_slice(piece, 0, end)) : piece,
		    reading == STD_WHOLE || unread.title, &number);
		if (end == 0)
			return;
		piece = next;
	}
}

/* Of ASTM's D4169-14a(2018) the a, the (2018), or the 14: as short as that a
 * year is at no other. */
static bool
is_short_year(const struct std_number *number, struct str piece)
{
	char first = std_fold_char((unsigned char)*piece.data);

	if (number->short_year)
		return (piece.len == 1 && std_is_letter(first)) ||
		    first == '(' || std_is_like_year(piece);
	return piece.len <= 2 && std_is_digit(first) &&
	    std_is_digit(piece.data[piece.len - 1]);
}

/* A year in a column or behind a comma, where the number has none. */
static bool
is_its_year(const struct list *list, struct str piece, bool column)
{
	const struct std_number *number = &list->number;
	size_t digits, n = std_like_digits(piece, &digits);

	if (!list->held || !list->read || *number->prefix == '\0')
		return false;
	if (strcmp(number->prefix, "ASTM") == 0 && list->rest.len == 0 &&
	    is_short_year(number, piece))
		return true;
	if (number->year != 0 || *number->version != '\0')
		return false;
	if (column && digits == piece.len && (n == 4 || n == 5))
		return true;
	if (!std_is_year_piece(piece))
		return false;
	return list->rest.len == 0 || std_starts_with_year(piece);
}

/* Chinese words and no letter: more of a title. */
static bool
is_words(struct str piece)
{
	bool first = true;

	while (piece.len > 0) {
		uint32_t c = utf8_next(&piece);
		char folded = std_fold_char(c);

		if (first && c < 0x2E80)
			return false;
		if (std_is_letter(folded))
			return false;
		first = false;
	}
	return !first;
}

enum separator { SEPARATES_NOT, SEPARATES_WORDS, SEPARATES_CELLS };

static enum separator
separator_at(struct str text, bool behind_digit, size_t *n)
{
	struct str rest = text;
	uint32_t c = utf8_next(&rest);

	*n = text.len - rest.len;
	/* 1900|-2016: a digit that was misread. */
	if (c == '|' && behind_digit && rest.len > 0 &&
	    (*rest.data == '-' || *rest.data == ':'))
		return SEPARATES_NOT;
	if (c == '\t' || c == '|')
		return SEPARATES_CELLS;
	if (c == ' ' || c == 0x3000) {
		while (
		    rest.len > 0 && (*rest.data == ' ' || *rest.data == '\t'))
			rest = str_slice(rest, 1, rest.len);
		if (text.len - rest.len == *n && c == ' ')
			return SEPARATES_NOT;
		*n = text.len - rest.len;
		return SEPARATES_CELLS;
	}
	if (c == ',' || c == ';' || c == 0xFF0C || c == 0xFF1B || c == 0x3001 ||
	    c == 0xFF64)
		return SEPARATES_WORDS;
	return SEPARATES_NOT;
}

/* Of "GB/T 19001-2016 (ISO 9001:2015, IDT)": how long the brackets are that
 * open here and close on the same line, with no other cell between; or 0. */
static size_t
brackets_at(struct str text)
{
	struct str rest = text;
	uint32_t c = utf8_next(&rest);

	if (c != '(' && c != 0xFF08)
		return 0;
	while (rest.len > 0) {
		c = utf8_next(&rest);
		if (c == ')' || c == 0xFF09)
			return text.len - rest.len;
		if (c == '\t' || c == '|')
			break;
	}
	return 0;
}

/* 1 to 9999: the first cell of a table's row, if a number follows. */
static bool
is_ordinal(struct str piece, struct str behind)
{
	struct std_number number;
	size_t i = 0;

	while (i < piece.len && std_is_digit(piece.data[i]))
		i++;
	behind = str_trim(behind);
	return i > 0 && i == piece.len && i <= 4 && behind.len > 0 &&
	    std_read(behind, STD_ANY, &number) && number.prefix[0] != '\0';
}

/* "GB/T" or "EN" alone: its number comes behind the blanks. */
static bool
is_prefix(struct str piece)
{
	char text[40];
	struct std_number number;

	if (piece.len == 0 || piece.len > sizeof(text) - 3 ||
	    std_has_digit(piece))
		return false;
	snprintf(text, sizeof(text), "%.*s 1", STR_ARG(piece));
	return std_read_beginning(str_from(text), STD_PROSE, &number);
}

static void
add_line(struct list *list, struct str line)
{
	enum separator before = SEPARATES_NOT;
	size_t start = 0, at = 0;
	bool first = true;

	while (at <= line.len && list->count < ITEMS_MAX) {
		size_t n = 1;
		struct str here = str_slice(line, at, line.len);
		enum separator separator = at == line.len
		    ? SEPARATES_WORDS
		    : separator_at(here,
			  at > start && std_is_digit(line.data[at - 1]), &n);
		struct str piece;

		if (separator == SEPARATES_NOT) {
			size_t in = at > start ? brackets_at(here) : 0;

			at += in > 0 ? in : n;
			continue;
		}
		piece = str_trim(str_slice(line, start, at));
		if (at < line.len && is_prefix(piece)) {
			at += n;
			continue;
		}
		start = at + n;
		at = start;
		if (piece.len == 0)
			continue;
		if (first &&
		    is_ordinal(piece, str_slice(line, start, line.len)))
			;
		else if (!first && list->held && list->read &&
		    (before == SEPARATES_CELLS || list->rest.len > 0) &&
		    is_words(piece)) {
			list->raw.len =
			    (size_t)(piece.data - list->raw.data) + piece.len;
			list->rest = std_trim(str_slice(
			    list->raw, list->number.end, list->raw.len));
		} else if (!first &&
		    is_its_year(list, piece, before == SEPARATES_CELLS))
			hold_more(list, piece);
		else
			add_piece(list, piece);
		before = separator;
		first = false;
	}
}

static void
call_list(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct list list = {0};
	struct str text, line;
	struct buf out;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&out, RESULT_MAX);
	buf_char(&out, '[');
	list.out = &out;
	text = sql_text(value[0]);
	while (list.count < ITEMS_MAX && str_next_part(&text, '\n', &line)) {
		struct str part;

		while (str_next_part(&line, '\r', &part)) {
			add_line(&list, part);
			flush(&list); /* a title ends with its line */
		}
	}
	flush(&list);
	buf_char(&out, ']');
	sql_result(context, &out);
}

int
std_register_list(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_list", 1, SQL_PURE, call_list}};

	return sql_register(db, list, 1, NULL);
}
