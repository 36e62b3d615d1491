/* SPDX-License-Identifier: ISC */
/*
 * Rows of a table. libcsv is fed one line at a time, so that a row's line is
 * known and a row that is malformed (a quote inside a field) costs itself and
 * not the rest: the parser begins again with the next line.
 */
#include "tools/catalogue/rows.h"

#include <csv.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "tools/catalogue/lines.h"
#include "tools/import/clean.h"

enum {
	/* A row that goes on for longer has a quote that does not end. */
	ROW_BYTES_MAX = 1024 * 1024,
	NAMES_BYTES_MAX = 64 * 1024,
	HEAD_LINES_MAX = 32
};

struct rows {
	struct lines *lines;
	const char *path;    /* kept */
	struct arena *arena; /* names and head values */
	struct str name[ROWS_COLUMNS_MAX];
	struct str head[ROWS_COLUMNS_MAX];
	size_t columns, heads;
	bool tabs;
	size_t line; /* last one that was read */
	/* The row being read. */
	struct csv_parser csv;
	bool csv_open;
	struct buf text; /* its fields, one behind the other */
	size_t end[ROWS_COLUMNS_MAX];
	size_t fields, ended, pending;
	struct buf clean;
};

static void
add_field(struct rows *rows, struct str field)
{
	buf_str(&rows->text, field);
	if (rows->fields < ROWS_COLUMNS_MAX)
		rows->end[rows->fields] = rows->text.len;
	rows->fields++;
}

/* libcsv's two calls back. */
static void
on_field(void *data, size_t len, void *context)
{
	add_field(context, (struct str){data, len});
}

static void
on_row(int c, void *context)
{
	struct rows *rows = context;

	(void)c;
	rows->ended++;
}

static enum err
restart(struct rows *rows)
{
	if (rows->csv_open)
		csv_free(&rows->csv);
	rows->csv_open =
	    csv_init(&rows->csv, CSV_STRICT | CSV_STRICT_FINI) == 0;
	return rows->csv_open ? OK : ERR_NOMEM;
}

static void
clear(struct rows *rows)
{
	buf_clear(&rows->text);
	rows->fields = rows->ended = rows->pending = 0;
}

static bool
is_blank(struct str line)
{
	return str_trim(line).len == 0;
}

/* A line of tabs: fields are what is between them, quotes are text. */
static void
split(struct rows *rows, struct str line)
{
	while (str_ends(line, STR("\n")) || str_ends(line, STR("\r")))
		line.len--;
	for (bool more = true; more;) {
		size_t tab = str_find_byte(line, '\t');
		more = tab != SIZE_MAX;
		add_field(rows, str_slice(line, 0, more ? tab : line.len));
		line = str_slice(line, more ? tab + 1 : line.len, line.len);
	}
	on_row('\n', rows);
}

/* What is wrong with the row that has just been read; NULL: nothing. */
static const char *
fault(struct rows *rows)
{
	if (rows->csv_open && csv_error(&rows->csv) == CSV_EPARSE)
		return "a quote where none may be";
	if (rows->ended > 1)
		return "a carriage return inside a row";
	if (rows->pending > ROW_BYTES_MAX)
		return "longer than 1 MB: a quote that does not end?";
	if (rows->text.err != OK)
		return "too long";
	return NULL;
}

/*
 * Read lines until a row is whole, or cannot be: *kind. Its line goes to
 * *line.
 */
static void
read_row(struct rows *rows, struct row *row, struct buf *why)
{
	struct str line;

	clear(rows);
	row->kind = ROW_GOOD;
	while (rows->ended == 0) {
		const char *wrong;
		if (!lines_next(rows->lines, &line, &row->err, why)) {
			row->kind = row->err == OK ? ROW_END : ROW_FAILED;
			break;
		}
		rows->line++;
		if (rows->pending == 0 && is_blank(line))
			continue;
		if (rows->pending == 0)
			row->line = rows->line;
		rows->pending += line.len;
		if (rows->tabs)
			split(rows, line);
		else
			csv_parse(&rows->csv, line.data, line.len, on_field,
			    on_row, rows);
		wrong = fault(rows);
		if (wrong == NULL)
			continue;
		buf_text(why, wrong);
		row->kind = ROW_BAD;
		break;
	}
	if (row->kind == ROW_END && rows->pending > 0 && rows->ended == 0) {
		csv_fini(&rows->csv, on_field, on_row, rows);
		row->kind = rows->ended == 1 ? ROW_GOOD : ROW_BAD;
		if (row->kind == ROW_BAD)
			buf_text(why, "the file ends inside a quoted field");
	}
	if (row->kind == ROW_BAD && !rows->tabs && restart(rows) != OK) {
		row->kind = ROW_FAILED;
		row->err = ERR_NOMEM;
		buf_text(why, "memory is out");
	}
}

/* Is the last field, behind those that have a name, empty? A spreadsheet
 * writes all rows as wide as the widest. */
static bool
ends_empty(const struct rows *rows, size_t named)
{
	size_t last = rows->fields - 1;

	return rows->fields > named && last < ROWS_COLUMNS_MAX &&
	    is_blank(str_slice(buf_view(&rows->text),
		last == 0 ? 0 : rows->end[last - 1], rows->end[last]));
}

static struct str
raw_field(const struct rows *rows, size_t i)
{
	return str_slice(
	    buf_view(&rows->text), i == 0 ? 0 : rows->end[i - 1], rows->end[i]);
}

/* Most fields are clean as they are: printable ASCII, no space at the ends and
 * none double. */
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

/* The row's fields, cleaned, behind those of the head. */
static bool
clean_fields(struct rows *rows, struct row *row, struct buf *why)
{
	size_t end[ROWS_COLUMNS_MAX], n = rows->columns - rows->heads;

	buf_clear(&rows->clean);
	for (size_t i = 0; i < n; i++) {
		struct str raw = raw_field(rows, i);
		if (is_clean(raw)) {
			buf_str(&rows->clean, raw);
		} else if (utf8_valid(raw)) {
			clean_line(&rows->clean, raw);
		} else {
			buf_text(why, "is not UTF-8");
			return false;
		}
		end[i] = rows->clean.len;
	}
	if (rows->clean.err != OK) {
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

void
rows_next(struct rows *rows, struct row *row, struct buf *why)
{
	size_t n = rows->columns - rows->heads;

	*row = (struct row){.line = rows->line + 1};
	read_row(rows, row, why);
	if (row->kind != ROW_GOOD)
		return;
	while (ends_empty(rows, n))
		rows->fields--;
	if (rows->fields != n) {
		row->kind = ROW_BAD;
		buf_printf(why, "%zu fields, not %zu as the first row",
		    rows->fields, n);
	} else if (!clean_fields(rows, row, why)) {
		row->kind = ROW_BAD;
	}
}

static enum err
add_name(struct rows *rows, struct str prefix, struct str name, struct buf *why)
{
	struct str s = arena_printf(
	    rows->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(name));

	if (s.data == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < rows->columns; i++) {
		if (!str_equal(rows->name[i], s))
			continue;
		buf_printf(why, "%s:%zu: %.*s is there twice", rows->path,
		    rows->line, STR_ARG(name));
		return ERR_INPUT;
	}
	if (rows->columns == ROWS_COLUMNS_MAX) {
		buf_printf(why, "%s:%zu: more than %d columns", rows->path,
		    rows->line, ROWS_COLUMNS_MAX);
		return ERR_INPUT;
	}
	rows->name[rows->columns++] = s;
	return OK;
}

/* Is this line of a head, and not the names of columns? A spreadsheet puts
 * tabs behind it; between key and value it may have one as well. */
static bool
is_head(struct str line)
{
	size_t tab;

	line = str_trim(line);
	tab = str_find_byte(line, '\t');
	if (tab == SIZE_MAX)
		return true;
	line = str_trim(str_slice(line, 0, tab));
	return str_ends(line, STR(":")) || str_ends(line, STR("："));
}

/* One line `key: value` of a head; the colon may be a Chinese one. */
static enum err
add_head(struct rows *rows, struct str line, struct buf *why)
{
	size_t colon = str_find_byte(line, ':'),
	       wide = str_find(line, STR("：")),
	       at = colon < wide ? colon : wide;
	struct str key, value;
	enum err err;

	if (at == SIZE_MAX) {
		buf_printf(why,
		    "%s:%zu: neither `key: value` nor the names "
		    "of columns with tabs between them",
		    rows->path, rows->line);
		return ERR_INPUT;
	}
	err = clean_str(rows->arena, str_slice(line, 0, at), &key);
	if (err == OK)
		err = clean_str(rows->arena,
		    str_slice(line, at + (at == colon ? 1 : 3), line.len),
		    &value);
	if (err != OK)
		return err;
	if (value.len == 0)
		value.data = NULL;
	rows->head[rows->heads] = value;
	err = add_name(rows, STR("head_"), key, why);
	if (err == OK)
		rows->heads++;
	return err;
}

/* The lines before the names. */
static enum err
read_head(struct rows *rows, struct buf *why)
{
	for (size_t n = 0; n < HEAD_LINES_MAX; n++) {
		struct str line;
		enum err err;
		if (!lines_next(rows->lines, &line, &err, why))
			return err;
		rows->line++;
		if (n == 0 && str_starts(line, STR("\xEF\xBB\xBF")))
			line = str_slice(line, 3, line.len);
		if (!is_head(line)) {
			clear(rows);
			split(rows, line);
			return OK;
		}
		err = is_blank(line)   ? OK
		    : utf8_valid(line) ? add_head(rows, line, why)
				       : ERR_INPUT;
		if (err != OK)
			return err;
	}
	return OK;
}

static enum err
read_names(struct rows *rows, struct buf *why)
{
	struct row row = {.kind = ROW_GOOD, .line = 1};
	enum err err = OK;

	if (rows->tabs)
		err = read_head(rows, why);
	else
		read_row(rows, &row, why);
	if (row.kind == ROW_BAD)
		buf_printf(why, " (%s:%zu)", rows->path, row.line);
	if (err == OK && row.kind == ROW_FAILED)
		err = row.err;
	if (err == OK &&
	    (row.kind != ROW_GOOD || rows->fields == 0 ||
		rows->fields > ROWS_COLUMNS_MAX))
		err = ERR_INPUT;
	while (ends_empty(rows, 1))
		rows->fields--;
	for (size_t i = 0; i < rows->fields && err == OK; i++) {
		struct str raw = raw_field(rows, i), name;
		if (i == 0 && str_starts(raw, STR("\xEF\xBB\xBF")))
			raw = str_slice(raw, 3, raw.len);
		err = utf8_valid(raw) ? clean_str(rows->arena, raw, &name)
				      : ERR_INPUT;
		if (err == OK)
			err = add_name(rows, STR(""), name, why);
	}
	if (err != OK && why->len == 0)
		buf_printf(why, "%s: its first row does not name the columns",
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
		buf_text(why, "memory is out");
		return ERR_NOMEM;
	}
	rows->path = path;
	if (str_ends(name, STR(".xz")))
		name.len -= strlen(".xz");
	rows->tabs = str_ends(name, STR(".tsv")) || str_ends(name, STR(".txt"));
	rows->arena = arena_new(NAMES_BYTES_MAX * 4);
	buf_init(&rows->text, 8 * ROW_BYTES_MAX);
	buf_init(&rows->clean, 8 * ROW_BYTES_MAX);
	if (rows->arena != NULL && restart(rows) == OK)
		err = lines_open(path, &rows->lines, why);
	else
		buf_text(why, "memory is out");
	if (err == OK)
		err = read_names(rows, why);
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
	if (rows->csv_open)
		csv_free(&rows->csv);
	lines_close(rows->lines);
	buf_release(&rows->text);
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

unsigned
rows_percent(const struct rows *rows)
{
	return lines_percent(rows->lines);
}
