/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: a table's way from its file to the
 * database, and the report of it.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_TABLE_INTERNAL_H

#include <sqlite3.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "tools/import/frame.h"
#include "tools/import/script/names.h"
#include "tools/import/script/steps.h"

/* ---- lines.c --------------------------------------------------------- */

/* The lines of a file in UTF-8, whatever it is written in (charset.h); it may
 * be compressed with xz. */

struct lines;

/*
 * Open a file; what begins as an xz file does is decompressed while it is
 * read, in at most 256 MB. why gets one line. ERR_MISSING, ERR_IO, ERR_NOMEM;
 * ERR_INPUT: it is another kind of file, and why says what to do.
 */
enum err lines_open(
    const char *path, struct lines **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void lines_close(struct lines *lines);

/*
 * The next line without its end, borrowed until the next call. LF ends a line,
 * with CRs before it or not; in a file whose first line ends with a CR alone,
 * CR does. Marks of byte order at the file's beginning are left out. false:
 * there is no more, or the rest cannot be read: *err tells (ERR_IO; ERR_INPUT:
 * damaged, or a line longer than 4 MB; ERR_NOMEM) and why gets one line.
 */
bool lines_next(
    struct lines *lines, struct str *line, enum err *err, struct buf *why);

/* What the file is written in, if not UTF-8; else NULL. */
const char *lines_charset(const struct lines *lines);

/* How much of the file has been read, in hundredths. */
unsigned lines_percent(const struct lines *lines);

/* ---- cells.c --------------------------------------------------------- */

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

/* ---- rows.c ---------------------------------------------------------- */

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

/* ---- columns.c ------------------------------------------------------- */

/* The columns of a file as parameters of the capsule's statements. */

enum { COLUMNS_FINGERPRINT = 32 }; /* hex digits */

struct columns {
	struct names *names;            /* kept */
	const char *source;             /* kept; NULL: none was named */
	struct rows *rows;              /* of the file at hand; kept */
	size_t place[ROWS_COLUMNS_MAX]; /* SIZE_MAX: it has no use */
	struct buf known;               /* what the fingerprint is made of */
};

void columns_init(
    struct columns *columns, struct names *names, const char *source);
/* Accepts a zeroed struct. */
void columns_release(struct columns *columns);

/*
 * Find which of a file's columns some statement asks for, and give how many
 * those are. The others are named in skipped, and so are those of the first
 * `own` names, which the tool provides: a file's column cannot stand for them.
 */
size_t columns_map(struct columns *columns, struct rows *rows, size_t own,
    struct buf *skipped);

/*
 * A row's fields become the values of its columns. hex gets the row's
 * fingerprint, COLUMNS_FINGERPRINT digits of SHA-256 over the columns that
 * some statement asks for and the source. ERR_NOMEM; why gets one line.
 */
enum err columns_offer(struct columns *columns, const struct row *row,
    char hex[COLUMNS_FINGERPRINT], struct buf *why) MUST_CHECK;

/* What this file had is not what the next one has: all are NULL. */
void columns_forget(struct columns *columns);

/* ---- load.c ---------------------------------------------------------- */

/*
 * An import of tables: each row of each file is given to the capsule's SQL
 * (steps.h), one file in one transaction.
 */

struct load_options {
	const char *capsule;  /* the folder */
	const char *kind;     /* what: CAPSULE/import/KIND.sql */
	const char *source;   /* whose data it is; NULL: as the rows say */
	const char *verified; /* the day of the data; NULL: the file's */
	const char *errors;   /* where refused rows go; NULL: FILE.errors */
	bool dry_run, commit, quiet;
};

/*
 * Import the files. *refused counts the rows that were not stored. ERR_*: one
 * file failed, a complaint has been made, and the files after it were not
 * tried. ERR_INPUT: it is the file's or the capsule's fault.
 */
enum err load_files(sqlite3 *db, const struct load_options *options,
    char *const *files, size_t count, size_t *refused) MUST_CHECK;

/* Take back an import by its number. ERR_INPUT: it cannot be. */
enum err load_undo(
    sqlite3 *db, const struct load_options *options, int64_t batch) MUST_CHECK;

/* ---- seen.c ---------------------------------------------------------- */

/* What has come before in this import: a set of hashes with their lines. */

struct seen_slot {
	uint64_t hash; /* 0: free */
	uint32_t line;
};

/* Begins zeroed. */
struct seen {
	struct seen_slot *slot; /* owned */
	size_t size, count;     /* size: a power of two, or 0 */
};

/*
 * Add a hash (not 0) that line has; *earlier is the line that had it before,
 * or 0. ERR_NOMEM.
 */
enum err seen_add(
    struct seen *seen, uint64_t hash, size_t line, size_t *earlier) MUST_CHECK;
/* Forget all, keep the memory. */
void seen_clear(struct seen *seen);
void seen_release(struct seen *seen);

/* ---- report.c -------------------------------------------------------- */

/*
 * What the operator hears of a file while it is imported: how far it is, which
 * rows are refused, what the capsule's statements say.
 */

enum { REPORT_PATH_BYTES = 4096 };

/* Begins zeroed, but for the names, quiet and shows. */
struct report {
	const char *file;        /* the one at hand; kept */
	const char *errors_name; /* where refused rows go; NULL: FILE.errors;
				  * kept */
	bool quiet;
	bool shows;     /* refused rows are also printed, among what is said */
	size_t refused; /* rows of this file so far */
	struct progress progress;
	/* For report.c. */
	FILE *errors;
	char errors_path[REPORT_PATH_BYTES];
};

/* A row is not stored. */
void report_refuse(struct report *report, size_t line, struct str why);

/* The file that refused rows of this file are in; NULL: in none. */
const char *report_errors(const struct report *report);

/* Print lines that the statements of a row said; line 0: of the whole file. */
void report_say(struct report *report, size_t line, struct str lines);

/* The file is done. ERR_IO: refused rows could not be written. */
enum err report_end(struct report *report) MUST_CHECK;

/* ---- value.c --------------------------------------------------------- */

/*
 * What a spreadsheet's cell holds, of what it wrote into a text. So that it
 * shows a text that looks like a number or a day as it is, people and programs
 * write a formula, ="GB/T 1": that is the text. Any other formula, and what
 * stands in place of a value that could not be computed, is not.
 */

enum { VALUE_SHOWN_BYTES = 60 };

/* May this cell be anything but a plain text? */
bool value_is_odd(struct str cell);

/* Append the text of a cell (UTF-8) to out. Else NULL is not given but what
 * the cell is, "a formula". */
const char *value_read(struct str cell, struct buf *out);

/* ---- verdict.c ------------------------------------------------------- */

/* What the capsule's script says of a row of a table (verdict.c). */

/* For steps_open(). */
extern const struct steps_form verdict_form;

enum verdict_kind {
	VERDICT_REFUSED,   /* the script ended early; text: why */
	VERDICT_UNCHANGED, /* the same, since the row is stored already */
	VERDICT_FATAL,     /* the same, and the whole import ends; text: why */
	VERDICT_DONE       /* it ran to its end */
};

struct verdict {
	struct steps_run run; /* verdict_reach() has it for itself */
	enum verdict_kind kind;
	bool changed;      /* it gives :existing, which is true */
	struct buf *text;  /* kept: one clean line, of a refusal */
	struct buf *said;  /* kept: lines for the operator */
	struct seen *seen; /* kept: what import_once() was asked before */
	size_t line;       /* the row's, for import_once() */
};

/* What scripts may call on db; verdict is kept. ERR_NOMEM. */
enum err verdict_functions(sqlite3 *db, struct verdict *verdict) MUST_CHECK;

/* Run the script once and listen to them; errors are those of
 * steps_run(). */
enum err verdict_reach(
    struct steps *steps, struct verdict *verdict, struct buf *why) MUST_CHECK;

#endif
