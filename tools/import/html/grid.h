/* SPDX-License-Identifier: ISC */
/*
 * Walks a table row by row. A cell that spans columns or rows appears in each
 * of them (HTML standard, 4.9.12.1). Only one row is in memory.
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
	size_t cells;               /* how many begin in this row */
	bool head;                  /* the row is in <thead> */
	bool all_names; /* all cells are <th> or empty; one is <th> */
};

struct grid {
	const struct html_node *tr; /* the current row */
	/* The cell that reaches into further rows, and how many. */
	const struct html_node *cell[GRID_COLUMNS_MAX];
	size_t rows[GRID_COLUMNS_MAX];
	/* Line of a row with more than GRID_COLUMNS_MAX columns; 0: none. */
	size_t too_wide;
};

void grid_begin(struct grid *grid);
/* Move to the next row and fill in *row; false: there is no further row. */
bool grid_next(
    struct grid *grid, const struct html_node *table, struct grid_row *row);

/* The rows and columns that a cell spans, by its attributes; at least 1. */
size_t grid_rowspan(const struct html_node *cell);
size_t grid_colspan(const struct html_node *cell);

/* Count the different cells of a row. */
size_t grid_different(const struct grid_row *row);

#endif
