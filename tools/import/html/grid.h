/* SPDX-License-Identifier: ISC */
/*
 * The cells of a table row by row, each in every column and row over which it
 * spans (HTML standard, 4.9.12.1). Nothing is kept but one row.
 */
#ifndef GUIJU_TOOLS_IMPORT_HTML_GRID_H
#define GUIJU_TOOLS_IMPORT_HTML_GRID_H

#include "tools/import/html/internal.h"

enum { GRID_COLUMNS_MAX = 200 };

struct grid_row {
	const struct html_node *tr;
	const struct html_node *cell[GRID_COLUMNS_MAX]; /* NULL: none here */
	bool own[GRID_COLUMNS_MAX]; /* the cell begins in this row and column */
	size_t width;               /* columns, up to the last cell */
	size_t cells;               /* that begin in this row */
	bool head;                  /* in <thead> */
	bool all_names;             /* <th> or empty, and one <th> at least */
};

struct grid {
	const struct html_node *tr;                     /* the row at hand */
	const struct html_node *cell[GRID_COLUMNS_MAX]; /* goes on below, */
	size_t rows[GRID_COLUMNS_MAX];                  /* so many rows */
	size_t too_wide; /* line of a row with more columns; 0: none */
};

void grid_begin(struct grid *grid);
/* false: there is no further row. */
bool grid_next(
    struct grid *grid, const struct html_node *table, struct grid_row *row);

/* Rows and columns of a cell as its attributes say them: 1 at least. */
size_t grid_rowspan(const struct html_node *cell);
size_t grid_colspan(const struct html_node *cell);

/* How many different cells a row has. */
size_t grid_different(const struct grid_row *row);

#endif
