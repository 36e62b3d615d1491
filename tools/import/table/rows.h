/* SPDX-License-Identifier: ISC */
/*
 * A table in a text file: CSV, or lines with tabs if its name ends in .tsv or
 * .txt. What separates the cells is told from the row of names (a comma, a
 * semicolon, a tab or |) or said by a first line `sep=;`. The file may be
 * compressed (.xz) and written in what spreadsheets write (charset.h).
 *
 * The first row names the columns; what stands empty behind the last is
 * nothing, and so is a row of empty cells. Before it a table may have a
 * caption, one cell, and a head, rows `key: value` in one cell or two, whose
 * values are columns named head_KEY that are the same in every row.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_ROWS_H
#define GUIJU_TOOLS_IMPORT_TABLE_ROWS_H

#include "base/buf.h"
#include "base/str.h"

enum { ROWS_COLUMNS_MAX = 64 };

struct rows;

enum row_kind {
	ROW_GOOD,  /* fields as many as columns */
	ROW_BAD,   /* this row cannot be read; `why` says why */
	ROW_END,   /* there is no more */
	ROW_FAILED /* the rest cannot be read; `err` and `why` */
};

struct row {
	enum row_kind kind;
	size_t line; /* of the file, where the row begins */
	enum err err;
	/* Clean lines (clean_line), borrowed until the next row; blank ones
	 * have no data. Head values come first. */
	struct str field[ROWS_COLUMNS_MAX];
};

/* Open path (kept) and read up to the first row. ERR_INPUT: no header, or one
 * that names a column twice; ERR_MISSING, ERR_IO, ERR_NOMEM. why: one line. */
enum err rows_open(
    const char *path, struct rows **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void rows_close(struct rows *rows);

/* The columns' names, those of the head first; valid as long as rows. */
size_t rows_columns(const struct rows *rows);
struct str rows_column(const struct rows *rows, size_t i);

/* The caption that was left out above the names; no data: there is none. */
struct str rows_caption(const struct rows *rows);

/* What the file is written in, if not UTF-8; else NULL. */
const char *rows_charset(const struct rows *rows);

void rows_next(struct rows *rows, struct row *row, struct buf *why);

/* How much of the file has been read, in hundredths. */
unsigned rows_percent(const struct rows *rows);

#endif
