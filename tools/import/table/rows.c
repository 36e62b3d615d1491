/* SPDX-License-Identifier: ISC */
/*
 * Reads the rows of a table. This file finds the separator, the names of the
 * columns, and the caption and head above the names. A malformed row is refused
 * alone; the rows behind it are read (cells.c).
 */
#include "tools/import/table/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"

enum {
	NAMES_BYTES_MAX = 64 * 1024,
	FIELDS_BYTES_MAX = 8 * 1024 * 1024,
	HEAD_ROWS_MAX = 32
};

struct rows {
	struct lines *lines;
	struct cells cells;
	const char *path;    /* kept */
	struct arena *arena; /* names, head values, the caption */
	struct str name[ROWS_COLUMNS_MAX];
	struct str head[ROWS_COLUMNS_MAX];
	size_t columns, heads;
	struct str caption;
	bool tabs;      /* by the file's name */
	char separator; /* as the file says itself; NUL: it does not */
	struct buf value, clean;
};

_Static_assert((int)ROWS_COLUMNS_MAX == (int)CELLS_MAX, "as many cells");

/* Read the next row that has a cell with text. */
static enum cells_kind
next_filled(struct rows *rows, struct buf *why)
{
	enum cells_kind kind;

	do
		kind = cells_next(&rows->cells, why);
	while (kind == CELLS_ROW && rows->cells.filled == 0);
	return kind;
}

/* Is the field clean already, as most are: printable ASCII, without spaces at
 * its ends and without two spaces in a row? */
static bool
is_clean(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.data[i];
		if (c < ' ' || c > '~')
			return false;
		if (c == ' ' &&
		    (i == 0 || i + 1 == s.len || s.data[i + 1] == ' '))
			return false;
	}
	return true;
}

/* Append a cell to rows->clean, as a clean line. */
static bool
add_value(struct rows *rows, size_t i, struct buf *why)
{
	struct str cell = cells_cell(&rows->cells, i);
	const char *fault;

	if (is_clean(cell) && !value_is_odd(cell)) {
		buf_str(&rows->clean, cell);
		return true;
	}
	if (!utf8_valid(cell)) {
		buf_text(why, "is not UTF-8: save the table as UTF-8");
		return false;
	}
	buf_clear(&rows->value);
	fault = value_read(cell, &rows->value);
	if (fault == NULL) {
		clean_line(&rows->clean, buf_view(&rows->value));
		return true;
	}
	buf_printf(why, "field %zu is %s, ", i + 1, fault);
	utf8_add_line(why, utf8_cut(space_trim(cell), VALUE_SHOWN_BYTES));
	buf_text(why, ": save what it shows");
	return false;
}

/* Set the row's fields, cleaned, behind the values of the head. */
static bool
clean_fields(struct rows *rows, struct row *row, struct buf *why)
{
	size_t end[ROWS_COLUMNS_MAX], n = rows->columns - rows->heads;

	buf_clear(&rows->clean);
	for (size_t i = 0; i < n; i++) {
		if (!add_value(rows, i, why))
			return false;
		end[i] = rows->clean.len;
	}
	if (rows->clean.err != OK || rows->value.err != OK) {
		buf_text(why, "too long");
		return false;
	}
	for (size_t i = 0; i < rows->heads; i++)
		row->field[i] = rows->head[i];
	for (size_t i = 0, from = 0; i < n; from = end[i++]) {
		struct str s = str_slice(buf_view(&rows->clean), from, end[i]);
		if (s.len == 0)
			s.data = NULL;
		row->field[rows->heads + i] = s;
	}
	return true;
}

/* Is the row as wide as that of the names? A spreadsheet writes all rows as
 * wide as the widest. */
static bool
fits(const struct rows *rows, struct buf *why)
{
	size_t n = rows->columns - rows->heads, count = rows->cells.count;

	if (count > n)
		count = rows->cells.filled > n ? rows->cells.filled : n;
	if (count == n)
		return true;
	buf_printf(why, "%zu fields, not %zu as the first row: %s", count, n,
	    count < n ? "is a separator missing?"
		      : "a field that holds a separator wants quotes");
	return false;
}

void
rows_next(struct rows *rows, struct row *row, struct buf *why)
{
	static const enum row_kind kinds[] = {[CELLS_ROW] = ROW_GOOD,
	    [CELLS_BAD] = ROW_BAD,
	    [CELLS_END] = ROW_END,
	    [CELLS_FAILED] = ROW_FAILED};

	*row = (struct row){.kind = kinds[next_filled(rows, why)]};
	row->line = rows->cells.line;
	row->err = rows->cells.err;
	if (row->kind == ROW_GOOD &&
	    !(fits(rows, why) && clean_fields(rows, row, why)))
		row->kind = ROW_BAD;
}

static enum err
add_name(struct rows *rows, struct str prefix, struct str name, struct buf *why)
{
	struct str s = arena_printf(
	    rows->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(name));

	if (s.data == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < rows->columns && name.len > 0; i++) {
		if (!str_equal(rows->name[i], s))
			continue;
		buf_printf(why, "%s:%zu: %.*s is there twice", rows->path,
		    rows->cells.line, STR_ARG(name));
		return ERR_INPUT;
	}
	if (rows->columns == ROWS_COLUMNS_MAX) {
		buf_printf(why, "%s:%zu: more than %d columns", rows->path,
		    rows->cells.line, ROWS_COLUMNS_MAX);
		return ERR_INPUT;
	}
	rows->name[rows->columns++] = s;
	return OK;
}

/* Copy the text of a cell into the arena. */
static enum err
take_text(struct rows *rows, struct str cell, struct str *out, struct buf *why)
{
	buf_clear(&rows->value);
	if (utf8_valid(cell) && value_read(cell, &rows->value) == NULL &&
	    rows->value.err == OK)
		return clean_str(rows->arena, buf_view(&rows->value), out);
	buf_printf(why, "%s:%zu: is not UTF-8, or no text", rows->path,
	    rows->cells.line);
	return ERR_INPUT;
}

/* Find the colon behind a key, and its length; SIZE_MAX: there is none. */
static size_t
find_colon(struct str s, size_t *len)
{
	size_t narrow = str_find_byte(s, ':'),
	       wide = str_find(s, STR("\uFF1A"));

	*len = narrow < wide ? 1 : STR("\uFF1A").len;
	return narrow < wide ? narrow : wide;
}

/*
 * Is this row a `key: value` of the head, in one cell or in two? Then make the
 * value a column; *err says why that fails.
 */
static bool
take_head(struct rows *rows, enum err *err, struct buf *why)
{
	struct str first, second = {NULL, 0}, key, value;
	size_t filled = rows->cells.filled, colon, len;

	*err = take_text(rows, cells_cell(&rows->cells, 0), &first, why);
	if (*err == OK && filled == 2)
		*err =
		    take_text(rows, cells_cell(&rows->cells, 1), &second, why);
	colon = *err == OK ? find_colon(first, &len) : SIZE_MAX;
	if (filled > 2 || colon == SIZE_MAX ||
	    (filled == 2 && colon + len != first.len))
		return false;
	key = str_slice(first, 0, colon);
	value = filled == 2 ? second : str_slice(first, colon + len, first.len);
	*err = clean_str(rows->arena, key, &key);
	if (*err == OK)
		*err = clean_str(rows->arena, value, &value);
	if (*err != OK)
		return true;
	if (value.len == 0)
		value.data = NULL;
	rows->head[rows->heads] = value;
	*err = add_name(rows, STR("head_"), key, why);
	if (*err == OK)
		rows->heads++;
	return true;
}

/* Use the row that has been read as the names of the columns. */
static enum err
take_names(struct rows *rows, struct buf *why)
{
	enum err err = OK;

	if (rows->cells.filled > ROWS_COLUMNS_MAX) {
		buf_printf(why, "%s:%zu: more than %d columns", rows->path,
		    rows->cells.line, ROWS_COLUMNS_MAX);
		return ERR_INPUT;
	}
	for (size_t i = 0; i < rows->cells.filled && err == OK; i++) {
		struct str name;
		err = take_text(rows, cells_cell(&rows->cells, i), &name, why);
		if (err == OK)
			err = add_name(rows, STR(""), name, why);
	}
	return err;
}

/* Guess the separator of a row that has not been read: the candidate that is
 * most frequent outside quotes. If the file's name says tabs, a tab wins. */
static char
guess_separator(const struct rows *rows, struct str row)
{
	static const char candidates[] = ",;\t|";
	size_t count[sizeof(candidates)] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < row.len; i++) {
		const char *c = strchr(candidates, row.data[i]);
		quoted ^= row.data[i] == '"';
		if (!quoted && row.data[i] != '\0' && c != NULL)
			count[c - candidates]++;
	}
	/* Below a single cell a comma may be of the text of the next one. */
	if (rows->tabs &&
	    (rows->caption.data != NULL ||
		count[strchr(candidates, '\t') - candidates] > 0))
		return '\t';
	for (size_t i = 1; i < sizeof(candidates) - 1; i++)
		if (count[i] > count[best])
			best = i;
	return count[best] == 0 && rows->tabs ? '\t' : candidates[best];
}

/* Spreadsheets read, and some write, a first line that tells the separator:
 * `sep=;`. false: it is there and cannot be meant. */
static bool
read_separator(struct rows *rows, struct buf *why)
{
	struct str line = str_trim(cells_ahead(&rows->cells, why));

	if (line.len > 1 && line.data[0] == '"' && str_ends(line, STR("\"")))
		line = str_slice(line, 1, line.len - 1);
	if (!str_equal_nocase(str_slice(line, 0, 4), STR("sep=")))
		return true;
	/* A tab at its end has just been cut off. */
	rows->separator = line.len == 4 ? '\t' : line.data[4];
	if (line.len > 5 || strchr(",;\t|", rows->separator) == NULL) {
		buf_printf(why, "%s:%zu: cells are separated by , ; | or a tab",
		    rows->path, rows->cells.line);
		return false;
	}
	return cells_next(&rows->cells, why) == CELLS_ROW;
}

/* Read the next row, which may be part of the head, or the names. */
static enum cells_kind
next_before_names(struct rows *rows, struct buf *why)
{
	enum cells_kind kind;

	do {
		struct str ahead = cells_ahead(&rows->cells, why);
		rows->cells.separator = rows->separator != '\0'
		    ? rows->separator
		    : guess_separator(rows, ahead);
		kind = cells_next(&rows->cells, why);
	} while (kind == CELLS_ROW && rows->cells.filled == 0);
	if (kind == CELLS_BAD)
		buf_printf(why, " (%s:%zu)", rows->path, rows->cells.line);
	return kind;
}

/*
 * Some programs put a caption above a table. A row of one cell is a caption if
 * the names stand below it; otherwise it is the name of the only column.
 */
static enum err
take_single(struct rows *rows, bool *found, struct buf *why)
{
	char separator = rows->cells.separator;
	enum cells_kind kind;
	enum err err;

	err = take_text(rows, cells_cell(&rows->cells, 0), &rows->caption, why);
	if (err != OK)
		return err;
	kind = next_before_names(rows, why);
	if (kind == CELLS_FAILED)
		return rows->cells.err;
	if (kind == CELLS_ROW && rows->cells.filled > 1) {
		cells_again(&rows->cells);
		return OK;
	}
	if (kind != CELLS_END)
		cells_again(&rows->cells);
	buf_clear(why);
	rows->cells.separator = separator;
	err = add_name(rows, STR(""), rows->caption, why);
	rows->caption = (struct str){NULL, 0};
	*found = true;
	return err;
}

static enum err
read_names(struct rows *rows, struct buf *why)
{
	enum err err = read_separator(rows, why) ? OK : ERR_INPUT;
	bool found = false;

	for (size_t n = 0; !found && err == OK; n++) {
		enum cells_kind kind = next_before_names(rows, why);

		if (kind == CELLS_FAILED)
			return rows->cells.err;
		if (kind != CELLS_ROW || n == HEAD_ROWS_MAX) {
			err = ERR_INPUT;
		} else if (!take_head(rows, &err, why) && err == OK) {
			if (rows->cells.filled == 1 &&
			    rows->caption.data == NULL) {
				err = take_single(rows, &found, why);
				continue;
			}
			err = take_names(rows, why);
			found = true;
		}
	}
	if (err == ERR_INPUT && why->len == 0)
		buf_printf(why,
		    "%s: no row names the columns: the first one does, behind "
		    "lines `key: value`",
		    rows->path);
	return err;
}

enum err
rows_open(const char *path, struct rows **out, struct buf *why)
{
	struct rows *rows = calloc(1, sizeof(*rows));
	struct str name = str_from(path);
	enum err err = ERR_NOMEM;

	if (rows == NULL) {
		buf_text(why, "out of memory");
		return ERR_NOMEM;
	}
	rows->path = path;
	if (str_ends(name, STR(".xz")))
		name.len -= strlen(".xz");
	rows->tabs = str_ends(name, STR(".tsv")) || str_ends(name, STR(".txt"));
	rows->arena = arena_new(NAMES_BYTES_MAX * 4);
	buf_init(&rows->value, FIELDS_BYTES_MAX);
	buf_init(&rows->clean, FIELDS_BYTES_MAX);
	if (rows->arena != NULL)
		err = lines_open(path, &rows->lines, why);
	else
		buf_text(why, "out of memory");
	if (err == OK) {
		cells_init(&rows->cells, rows->lines);
		err = read_names(rows, why);
	}
	if (err == OK)
		*out = rows;
	else
		rows_close(rows);
	return err;
}

void
rows_close(struct rows *rows)
{
	if (rows == NULL)
		return;
	cells_release(&rows->cells);
	lines_close(rows->lines);
	buf_release(&rows->value);
	buf_release(&rows->clean);
	arena_free(rows->arena);
	free(rows);
}

size_t
rows_columns(const struct rows *rows)
{
	return rows->columns;
}

struct str
rows_column(const struct rows *rows, size_t i)
{
	return rows->name[i];
}

const char *
rows_charset(const struct rows *rows)
{
	return lines_charset(rows->lines);
}

struct str
rows_caption(const struct rows *rows)
{
	return rows->caption;
}

unsigned
rows_percent(const struct rows *rows)
{
	return lines_percent(rows->lines);
}
