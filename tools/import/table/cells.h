/* SPDX-License-Identifier: ISC */
/*
 * A line or several into the cells of one row, whatever separates them. Quotes
 * are those of RFC 4180, as spreadsheets write them into CSV and into text
 * with tabs alike: a cell in quotes may hold separators and line ends, and
 * each quote in it is written twice. A quote inside a cell that does not begin
 * with one is text: 5"管.
 *
 * Where tabs separate, not everybody who writes a quote means that: a cell
 * whose quotes are none of this kind is text, quotes and all, and a cell in
 * quotes holds tabs or line ends, not both. Where anything else separates,
 * such a row is refused.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_CELLS_H
#define GUIJU_TOOLS_IMPORT_TABLE_CELLS_H

#include "base/buf.h"
#include "base/str.h"
#include "tools/import/table/lines.h"

enum { CELLS_MAX = 64 };

enum cells_kind {
	CELLS_ROW,
	CELLS_BAD,   /* this row cannot be read; `why` says why */
	CELLS_END,   /* there is no more */
	CELLS_FAILED /* the rest cannot be read; `err` and `why` */
};

/* Begins with cells_init(). */
struct cells {
	struct lines *lines; /* kept */
	char separator;
	size_t line;   /* of the file, where the row begins */
	size_t count;  /* cells of the row, also past CELLS_MAX */
	size_t filled; /* the same without empty ones at the row's end */
	enum err err;
	/* For cells.c. */
	struct buf raw; /* lines that were read, each with LF */
	size_t start, end, next_line;
	struct buf text; /* the row's cells, one behind the other */
	size_t ends[CELLS_MAX];
};

void cells_init(struct cells *cells, struct lines *lines);
/* Accepts a zeroed struct. */
void cells_release(struct cells *cells);

/*
 * Read the next row that is not blank. A row that is bad is its first line:
 * the next one begins behind that. why gets one line.
 */
enum cells_kind cells_next(struct cells *cells, struct buf *why);

/* Read the row that was read last once more, the next time. */
void cells_again(struct cells *cells);

/* The row that comes next, as it is written: a line, or several where there
 * are quotes. Borrowed until the next call; nothing at the end. */
struct str cells_ahead(struct cells *cells, struct buf *why);

/* A cell of the row, of the first CELLS_MAX; borrowed until the next row. */
struct str cells_cell(const struct cells *cells, size_t i);

#endif
