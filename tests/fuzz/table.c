/* SPDX-License-Identifier: ISC */
/*
 * A table as CSV or as lines with tabs, perhaps compressed. Each column with a
 * name has one of its own, each field is a clean line, rows come in the order
 * of their lines, and one that cannot be read says why in one line.
 */
#include "fuzz.h"

#include "place.h"
#include "tools/import/table/internal.h"

enum { FILE_MAX = 16 * 1024 };

/* The first byte's bit. */
enum { WITH_TABS = 1 };

static void
check_row(const struct rows *rows, const struct row *row)
{
	if (row->kind != ROW_GOOD)
		return;
	for (size_t i = 0; i < rows_columns(rows); i++) {
		MUST(is_clean_line(row->field[i]));
		MUST(row->field[i].len > 0 || row->field[i].data == NULL);
	}
}

static void
read_rows(const char *file, size_t size)
{
	static struct row row;
	struct rows *rows = NULL;
	size_t count = 0, line = 0;
	struct buf why;
	enum err err;

	buf_init(&why, 4096);
	err = rows_open(file, &rows, &why);
	MUST(err == OK || err == ERR_INPUT);
	MUST(err == OK || why.len > 0);
	for (size_t i = 0; err == OK && i < rows_columns(rows); i++) {
		MUST(is_clean_line(rows_column(rows, i)));
		for (size_t j = 0; j < i && rows_column(rows, i).len > 0; j++)
			MUST(!str_equal(
			    rows_column(rows, i), rows_column(rows, j)));
	}
	while (err == OK) {
		buf_clear(&why);
		rows_next(rows, &row, &why);
		if (row.kind == ROW_END || row.kind == ROW_FAILED)
			break;
		MUST(row.line > line && row.line <= size + 1);
		MUST((row.kind == ROW_BAD) == (why.len > 0));
		MUST(is_clean_line(buf_view(&why)));
		check_row(rows, &row);
		line = row.line;
		MUST(++count <= size + 1);
	}
	rows_close(rows);
	buf_release(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name;
	char path[96];

	if (size == 0 || size > FILE_MAX)
		return 0;
	name = data[0] & WITH_TABS ? "table.tsv" : "table.csv";
	snprintf(path, sizeof(path), "%s/%s", place(), name);
	place_write(name, data + 1, size - 1);
	read_rows(path, size);
	return 0;
}
