/* SPDX-License-Identifier: ISC */
/*
 * A table needs the widths of its columns before its first line is printed. So
 * the first rows are held back until the widths are known. A later row that is
 * wider pushes its other cells to the right.
 */
#include "tools/sql/internal.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "page/compile/template.h"
#include "text/escape.h"
#include "text/wrap.h"

enum {
	HELD_ROWS = 400,
	HELD_BYTES_MAX = 256 * 1024 * 1024,
	LINE_BYTES_MAX = 256 * 1024 * 1024,
	/* A wider cell is cut, unless the result has one column. */
	CELL_COLUMNS = 60,
	BLOB_BYTES = 24 /* of a blob, in a table */
};

struct cell {
	struct str text; /* clean, in the arena */
	unsigned width;
	bool is_number;
};

struct print {
	enum print_form form;
	int columns;
	/* Of a table: */
	struct arena *arena; /* of the rows that are held back */
	struct cell *cell;   /* HELD_ROWS rows; the first row are the names */
	unsigned *width;
	size_t rows;
	bool settled;    /* the widths are */
	struct buf *out; /* of the caller */
	struct buf text, line;
};

enum err
print_new(enum print_form form, struct buf *to, struct print **out)
{
	struct print *print = calloc(1, sizeof(*print));

	if (print == NULL)
		return ERR_NOMEM;
	print->form = form;
	print->out = to;
	print->arena = arena_new(HELD_BYTES_MAX);
	buf_init(&print->text, LINE_BYTES_MAX);
	buf_init(&print->line, LINE_BYTES_MAX);
	if (print->arena == NULL) {
		print_free(print);
		return ERR_NOMEM;
	}
	*out = print;
	return OK;
}

void
print_free(struct print *print)
{
	if (print == NULL)
		return;
	arena_free(print->arena);
	free(print->cell);
	free(print->width);
	buf_release(&print->text);
	buf_release(&print->line);
	free(print);
}

static struct str
column_str(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return (struct str){text == NULL ? "" : text,
	    text == NULL ? 0 : (size_t)sqlite3_column_bytes(row, column)};
}

/* Append the first bytes of a blob as hexadecimal digits. */
static void
add_blob(struct buf *out, sqlite3_stmt *row, int column, size_t most)
{
	const unsigned char *blob = sqlite3_column_blob(row, column);
	const size_t n = (size_t)sqlite3_column_bytes(row, column);

	for (size_t i = 0; i < n && i < most; i++)
		buf_printf(out, "%02X", blob[i]);
	if (n > most)
		buf_text(out, "...");
}

static int
write_line(struct print *print)
{
	struct buf *line = &print->line;

	buf_char(line, '\n');
	if (line->err != OK)
		return SQLITE_NOMEM;
	buf_str(print->out, buf_view(line));
	buf_clear(line);
	return print->out->err == OK       ? SQLITE_OK
	    : print->out->err == ERR_LIMIT ? SQLITE_TOOBIG
					   : SQLITE_NOMEM;
}

/* ---- tables ------------------------------------------------------------ */

static int
write_cells(struct print *print, const struct cell *cell)
{
	struct buf *line = &print->line;

	for (int i = 0; i < print->columns; i++) {
		const unsigned width = print->width[i];
		const size_t blanks =
		    width > cell[i].width ? width - cell[i].width : 0;

		buf_text(line, i > 0 ? "  " : "");
		if (cell[i].is_number)
			buf_fill(line, ' ', blanks);
		buf_str(line, cell[i].text);
		if (!cell[i].is_number && i + 1 < print->columns)
			buf_fill(line, ' ', blanks);
	}
	return write_line(print);
}

/* A line below the names of the columns. */
static int
write_rule(struct print *print)
{
	for (int i = 0; i < print->columns; i++) {
		buf_text(&print->line, i > 0 ? "  " : "");
		buf_fill(&print->line, '-', print->width[i]);
	}
	return write_line(print);
}

/* Write the rows that are held back. */
static int
write_held(struct print *print)
{
	const size_t columns = (size_t)print->columns;
	int code = SQLITE_OK;

	for (size_t i = 0; !print->settled && i < print->rows * columns; i++)
		if (print->cell[i].width > print->width[i % columns])
			print->width[i % columns] = print->cell[i].width;
	for (size_t row = 0; code == SQLITE_OK && row < print->rows; row++) {
		code = write_cells(print, print->cell + row * columns);
		if (code == SQLITE_OK && row == 0 && !print->settled)
			code = write_rule(print);
	}
	print->settled = true;
	print->rows = 0;
	arena_clear(print->arena);
	return code;
}

/* Hold back a cell whose clean text is in print->text. */
static int
hold_cell(struct print *print, int column, bool is_number)
{
	const size_t columns = (size_t)print->columns;
	struct cell *cell =
	    &print->cell[print->rows * columns + (size_t)column];
	struct str text = buf_view(&print->text);

	if (print->text.err != OK)
		return SQLITE_NOMEM;
	if (columns > 1 &&
	    text_fit(print->arena, text, CELL_COLUMNS, &text) != OK)
		return SQLITE_NOMEM;
	text = arena_str(print->arena, text);
	buf_clear(&print->text);
	if (text.data == NULL)
		return SQLITE_NOMEM;
	*cell = (struct cell){text, text_width(text), is_number};
	return SQLITE_OK;
}

static int
table_begin(struct print *print, sqlite3_stmt *row)
{
	const size_t columns = (size_t)print->columns;
	int code = SQLITE_OK;

	free(print->cell);
	free(print->width);
	print->cell = calloc(HELD_ROWS * columns, sizeof(*print->cell));
	print->width = calloc(columns, sizeof(*print->width));
	print->rows = 0;
	print->settled = false;
	arena_clear(print->arena);
	if (print->cell == NULL || print->width == NULL)
		return SQLITE_NOMEM;
	for (int i = 0; code == SQLITE_OK && i < print->columns; i++) {
		utf8_add_line(
		    &print->text, str_from(sqlite3_column_name(row, i)));
		code = hold_cell(print, i, false);
	}
	print->rows = 1;
	return code;
}

static int
table_row(struct print *print, sqlite3_stmt *row)
{
	int code = SQLITE_OK;

	for (int i = 0; code == SQLITE_OK && i < print->columns; i++) {
		const int type = sqlite3_column_type(row, i);

		if (type == SQLITE_NULL)
			buf_text(&print->text, "NULL");
		else if (type == SQLITE_BLOB)
			add_blob(&print->text, row, i, BLOB_BYTES);
		else
			utf8_add_line(&print->text, column_str(row, i));
		code = hold_cell(
		    print, i, type == SQLITE_INTEGER || type == SQLITE_FLOAT);
	}
	print->rows++;
	if (code == SQLITE_OK && (print->settled || print->rows == HELD_ROWS))
		code = write_held(print);
	return code;
}

/* ---- records ----------------------------------------------------------- */

/* Write the name of a column and its text, whose further lines stand below the
 * first. */
static int
record_cell(
    struct print *print, struct str name, unsigned widest, struct str text)
{
	struct buf *line = &print->line;
	struct str part = text;
	int code = SQLITE_OK;
	bool first = true;

	while (code == SQLITE_OK && str_next_line(&text, &part)) {
		if (first)
			utf8_add_line(line, name);
		buf_fill(
		    line, ' ', widest - (first ? text_width(name) : 0) + 2);
		utf8_add_line(line, part);
		first = false;
		code = write_line(print);
	}
	return code;
}

/* What is not known (NULL, an empty text) has no line. */
static int
record_row(struct print *print, sqlite3_stmt *row)
{
	unsigned widest = 0;
	int code = SQLITE_OK;

	for (int i = 0; i < print->columns; i++) {
		const unsigned width =
		    text_width(str_from(sqlite3_column_name(row, i)));

		widest = width > widest ? width : widest;
	}
	if (print->settled)
		code = write_line(print);
	print->settled = true;
	for (int i = 0; code == SQLITE_OK && i < print->columns; i++) {
		if (sqlite3_column_type(row, i) == SQLITE_BLOB)
			add_blob(&print->text, row, i, BLOB_BYTES);
		else
			buf_str(&print->text, column_str(row, i));
		if (print->text.err != OK)
			return SQLITE_NOMEM;
		code = record_cell(print, str_from(sqlite3_column_name(row, i)),
		    widest, buf_view(&print->text));
		buf_clear(&print->text);
	}
	return code;
}

/* ---- CSV and JSON ------------------------------------------------------ */

static int
csv_names(struct print *print, sqlite3_stmt *row)
{
	for (int i = 0; i < print->columns; i++) {
		buf_text(&print->line, i > 0 ? "," : "");
		csv_add(&print->line, str_from(sqlite3_column_name(row, i)));
	}
	return write_line(print);
}

static int
csv_row(struct print *print, sqlite3_stmt *row)
{
	for (int i = 0; i < print->columns; i++) {
		const int type = sqlite3_column_type(row, i);

		buf_text(&print->line, i > 0 ? "," : "");
		if (type == SQLITE_BLOB)
			add_blob(&print->line, row, i, SIZE_MAX);
		else if (type == SQLITE_TEXT)
			csv_add(&print->line, column_str(row, i));
		else /* a number may begin with a minus */
			buf_str(&print->line, column_str(row, i));
	}
	return write_line(print);
}

static void
add_json(struct buf *out, struct str text)
{
	const struct value value = value_text(text);
	const struct piece hole = {.slot = 0};

	buf_char(out, '"');
	template_fill(out, &hole, &value, FILL_JSON);
	buf_char(out, '"');
}

static int
json_row(struct print *print, sqlite3_stmt *row)
{
	struct buf *line = &print->line;

	for (int i = 0; i < print->columns; i++) {
		const int type = sqlite3_column_type(row, i);
		const bool is_null = type == SQLITE_NULL ||
		    (type == SQLITE_FLOAT &&
			!isfinite(sqlite3_column_double(row, i)));

		buf_text(line, i > 0 ? "," : "{");
		add_json(line, str_from(sqlite3_column_name(row, i)));
		buf_char(line, ':');
		if (is_null) {
			buf_text(line, "null");
		} else if (type == SQLITE_BLOB) {
			buf_char(line, '"');
			add_blob(line, row, i, SIZE_MAX);
			buf_char(line, '"');
		} else if (type == SQLITE_TEXT) {
			add_json(line, column_str(row, i));
		} else {
			buf_str(line, column_str(row, i));
		}
	}
	buf_char(line, '}');
	return write_line(print);
}

int
print_rows(struct print *print, sqlite3_stmt *statement)
{
	int (*const row)(struct print *, sqlite3_stmt *) =
	    print->form == PRINT_TABLE    ? table_row
	    : print->form == PRINT_RECORD ? record_row
	    : print->form == PRINT_CSV    ? csv_row
					  : json_row;
	int code = SQLITE_OK, step;

	buf_clear(&print->line);
	buf_clear(&print->text);
	if (print->form == PRINT_RECORD)
		print->settled = false;
	print->columns = sqlite3_column_count(statement);
	if (print->columns > 0 && print->form == PRINT_TABLE)
		code = table_begin(print, statement);
	else if (print->columns > 0 && print->form == PRINT_CSV)
		code = csv_names(print, statement);
	if (code != SQLITE_OK)
		return code;
	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		code = row(print, statement);
		if (code != SQLITE_OK)
			return code;
	}
	/* What was read before an error is shown as well. */
	if (print->columns > 0 && print->form == PRINT_TABLE &&
	    (!print->settled || print->rows > 0))
		code = write_held(print);
	return code != SQLITE_OK ? code : step;
}
