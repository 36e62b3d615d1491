/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: reading a table from its file, storing its
 * rows, and reporting. Private to this room.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_TABLE_INTERNAL_H

#include <sqlite3.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "tools/import/frame.h"
#include "tools/import/script/steps.h"

/* ---- lines.c --------------------------------------------------------- */

/* The lines of a file, converted to UTF-8 (charset.h). The file may be
 * compressed with xz. */

struct lines;

/*
 * Open a file. A file that begins like an xz file is decompressed while it is
 * read; this takes at most 256 MB of memory. ERR_INPUT: the file is of another
 * kind, and why says what to do; ERR_MISSING, ERR_IO, ERR_NOMEM. why gets one
 * line.
 */
enum err lines_open(
    const char *path, struct lines **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void lines_close(struct lines *lines);

/*
 * Read the next line, without its end; it is borrowed until the next call. LF
 * ends a line, with or without CRs before it. If the first line of the file
 * ends with a CR alone, CR ends each line. Byte order marks at the beginning
 * are left out. False: the file has ended (*err is OK), or the rest cannot be
 * read: *err is ERR_INPUT (the file is damaged, or a line is longer than 4 MB),
 * ERR_IO or ERR_NOMEM, and why gets one line.
 */
bool lines_next(
    struct lines *lines, struct str *line, enum err *err, struct buf *why);

/* The name of the file's encoding; NULL: UTF-8. */
const char *lines_charset(const struct lines *lines);

/* How much of the file has been read, in percent. */
unsigned lines_percent(const struct lines *lines);

/* ---- cells.c --------------------------------------------------------- */

/*
 * Splits one line, or several, into the cells of one row. Quotes are those of
 * RFC 4180, as spreadsheets write them into CSV and into text with tabs. A cell
 * in quotes may hold separators and line ends, and each quote in it is written
 * twice. A quote in a cell that does not begin with a quote is text: 5"管.
 *
 * In a file with tabs, a quote at the beginning of a cell may also be plain
 * text. There, a cell whose quotes break these rules is text, with its quotes;
 * and a cell in quotes may hold tabs or line ends, but not both. With any other
 * separator, such a row is refused.
 */

enum { CELLS_MAX = 64 };

enum cells_kind {
	CELLS_ROW,
	CELLS_BAD,   /* this row cannot be read; `why` says why */
	CELLS_END,   /* the file has ended */
	CELLS_FAILED /* the rest cannot be read; see `err` and `why` */
};

/* Begins with cells_init(). */
struct cells {
	struct lines *lines; /* kept */
	char separator;
	size_t line;   /* of the file, where the row begins */
	size_t count;  /* cells of the row; may be above CELLS_MAX */
	size_t filled; /* the same, without empty cells at the row's end */
	enum err err;
	/* For cells.c. */
	struct buf raw; /* the lines read, each with an LF */
	size_t start, end, next_line;
	struct buf text; /* the row's cells, one behind another */
	size_t ends[CELLS_MAX];
};

void cells_init(struct cells *cells, struct lines *lines);
/* Accepts a zeroed struct. */
void cells_release(struct cells *cells);

/*
 * Read the next row that is not blank. Of a bad row, only the first line is
 * skipped: the next row begins behind that line. why gets one line.
 */
enum cells_kind cells_next(struct cells *cells, struct buf *why);

/* Go back: the next call of cells_next() reads the same row again. */
void cells_again(struct cells *cells);

/* The text of the next row, as the file has it: one line, or several if there
 * are quotes. Borrowed until the next call; empty at the end of the file. */
struct str cells_ahead(struct cells *cells, struct buf *why);

/* Cell i of the row (i < CELLS_MAX); borrowed until the next row. */
struct str cells_cell(const struct cells *cells, size_t i);

/* ---- rows.c ---------------------------------------------------------- */

/*
 * A table in a text file: CSV, or lines with tabs if the name ends in .tsv or
 * .txt. The separator is a comma, a semicolon, a tab or |. The row of names
 * shows which, or a first line `sep=;` says it. The file may be compressed with
 * xz, and may have any encoding of charset.h.
 *
 * The first row names the columns. Empty cells behind the last name are
 * ignored, and so are rows of empty cells. Above the names may stand a caption
 * (one cell) and a head (rows `key: value`, in one cell or two). A value of the
 * head becomes a column named head_KEY, with the same value in every row.
 */

enum { ROWS_COLUMNS_MAX = 64 };

struct rows;

enum row_kind {
	ROW_GOOD,  /* the row has one field per column */
	ROW_BAD,   /* this row cannot be read; `why` says why */
	ROW_END,   /* the file has ended */
	ROW_FAILED /* the rest cannot be read; see `err` and `why` */
};

struct row {
	enum row_kind kind;
	size_t line; /* of the file, where the row begins */
	enum err err;
	/* Cleaned by clean_line(); borrowed until the next row. In a blank
	 * field, data is NULL. The values of the head come first. */
	struct str field[ROWS_COLUMNS_MAX];
};

/* Open path (kept) and read the names of the columns. ERR_INPUT: there are no
 * names, or two columns have the same name; ERR_MISSING, ERR_IO, ERR_NOMEM. why
 * gets one line. */
enum err rows_open(
    const char *path, struct rows **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void rows_close(struct rows *rows);

/* The names of the columns, those of the head first; borrowed from rows. */
size_t rows_columns(const struct rows *rows);
struct str rows_column(const struct rows *rows, size_t i);

/* The caption above the names, which is not imported; data is NULL: none. */
struct str rows_caption(const struct rows *rows);

/* The name of the file's encoding; NULL: UTF-8. */
const char *rows_charset(const struct rows *rows);

void rows_next(struct rows *rows, struct row *row, struct buf *why);

/* How much of the file has been read, in percent. */
unsigned rows_percent(const struct rows *rows);

/* ---- columns.c ------------------------------------------------------- */

/* Hands the columns of a file to the capsule's statements as parameters. */

enum { COLUMNS_FINGERPRINT = 32 }; /* hex digits */

struct columns {
	struct names *names;           /* kept */
	const char *source;            /* kept; NULL: none was named */
	struct rows *rows;             /* of the current file; kept */
	size_t slot[ROWS_COLUMNS_MAX]; /* in names; SIZE_MAX: not used */
	struct buf known;              /* the fingerprint's input */
};

void columns_init(
    struct columns *columns, struct names *names, const char *source);
/* Accepts a zeroed struct. */
void columns_release(struct columns *columns);

/*
 * Find the columns of a file that a statement asks for, and return their
 * number. The names of all other columns go to skipped. A column also goes
 * there if it has one of the first `own` names: these the tool itself provides.
 */
size_t columns_map(struct columns *columns, struct rows *rows, size_t own,
    struct buf *skipped);

/*
 * Make the fields of a row the values of its columns. hex gets the fingerprint
 * of the row: COLUMNS_FINGERPRINT digits of SHA-256 over the source and the
 * columns that a statement asks for. ERR_NOMEM; why gets one line.
 */
enum err columns_offer(struct columns *columns, const struct row *row,
    char hex[COLUMNS_FINGERPRINT], struct buf *why) MUST_CHECK;

/* Set the values of all columns to NULL, before the next file. */
void columns_forget(struct columns *columns);

/* ---- load.c ---------------------------------------------------------- */

/*
 * An import of tables. Each row of each file is handed to the capsule's SQL
 * (steps.h). A file is one transaction.
 */

struct load_options {
	const char *capsule;  /* the folder */
	const char *kind;     /* the table: CAPSULE/import/KIND.sql */
	const char *source;   /* origin of the data; NULL: as the rows say */
	const char *verified; /* the day of the data; NULL: the file's day */
	const char *errors;   /* file for refused rows; NULL: FILE.errors */
	bool dry_run, commit, quiet;
};

/*
 * Import the files. *refused counts the rows that were not stored. ERR_*: one
 * file failed, a message has been printed, and the files after it were not
 * read. ERR_INPUT: the file or the capsule has a mistake.
 */
enum err load_files(sqlite3 *db, const struct load_options *options,
    char *const *files, size_t count, size_t *refused) MUST_CHECK;

/* Undo an import by its number. ERR_INPUT: it cannot be undone. */
enum err load_undo(
    sqlite3 *db, const struct load_options *options, int64_t batch) MUST_CHECK;

/* Compile the scripts that load_files() runs for a table or, if kind is "undo",
 * those of load_undo(). On failure why gets one line, "file:line: message". */
enum err load_check(sqlite3 *db, const char *capsule, const char *kind,
    struct buf *why) MUST_CHECK;

/* ---- seen.c ---------------------------------------------------------- */

/* A set of hashes of what came before in this import, each with its line. */

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
 * Add the hash of a line; hash is not 0. *earlier gets the line that had the
 * same hash before, or 0. ERR_NOMEM.
 */
enum err seen_add(
    struct seen *seen, uint64_t hash, size_t line, size_t *earlier) MUST_CHECK;
/* Remove all hashes, and keep the memory. */
void seen_clear(struct seen *seen);
void seen_release(struct seen *seen);

/* ---- report.c -------------------------------------------------------- */

/*
 * Tells the operator about a file while it is imported: the progress, the
 * refused rows, and the messages of the capsule's statements.
 */

enum { REPORT_PATH_BYTES = 4096 };

/* Begins zeroed, except for file, errors_name, quiet and shows. */
struct report {
	const char *file;        /* the current file; kept */
	const char *errors_name; /* for refused rows; NULL: FILE.errors;
				  * kept */
	bool quiet;
	bool shows;     /* refused rows are also printed, among the messages */
	size_t refused; /* rows of this file so far */
	struct progress progress;
	/* For report.c. */
	FILE *errors;
	bool renames; /* the file gets its name at the end */
	char errors_path[REPORT_PATH_BYTES];
};

/* Count a refused row, and write it to the file of refused rows. */
void report_refuse(struct report *report, size_t line, struct str why);

/* The name of the file of refused rows; NULL: no such file was written. */
const char *report_errors(const struct report *report);

/* Print messages of the statements about a row; line 0: about the whole file.
 */
void report_say(struct report *report, size_t line, struct str lines);

/* End the report of a file. ERR_IO: refused rows could not be written. */
enum err report_end(struct report *report) MUST_CHECK;

/* ---- value.c --------------------------------------------------------- */

/*
 * Finds the text that a cell of a spreadsheet holds. Some texts look like a
 * number or a day. To keep a spreadsheet from changing them, people and
 * programs write a formula, ="GB/T 1": its value is the text. Any other formula
 * is not a text, and neither is the sign for a value that could not be
 * computed (#N/A).
 */

enum { VALUE_SHOWN_BYTES = 60 };

/* Is it possible that this cell is not plain text? A quick check. */
bool value_is_odd(struct str cell);

/* Append the text of a cell (UTF-8) to out and return NULL. If the cell is not
 * a text, return what it is, such as "a formula". */
const char *value_read(struct str cell, struct buf *out);

/* ---- verdict.c ------------------------------------------------------- */

/* The answer of the capsule's script about a row of a table. */

/* For steps_open(). */
extern const struct steps_form verdict_form;

enum verdict_kind {
	VERDICT_REFUSED,   /* the script refuses the row; text: why */
	VERDICT_UNCHANGED, /* the row is stored already */
	VERDICT_FATAL,     /* the script ends the whole import; text: why */
	VERDICT_DONE       /* the script ran to its end */
};

struct verdict {
	struct steps_run run; /* for verdict_reach() only */
	enum verdict_kind kind;
	bool changed;      /* the script gives :existing, and it is true */
	struct buf *text;  /* kept: why a row is refused; one clean line */
	struct buf *said;  /* kept: lines for the operator */
	struct seen *seen; /* kept: texts that import_once() has had */
	size_t line;       /* the row's, for import_once() */
};

/* Add the SQL functions of scripts to db; verdict is kept. ERR_NOMEM. */
enum err verdict_functions(sqlite3 *db, struct verdict *verdict) MUST_CHECK;
/* Take these functions from db. */
void verdict_forget(sqlite3 *db);

/* Run the script once and store its answer in *verdict. The errors are those of
 * steps_run(). */
enum err verdict_reach(
    struct steps *steps, struct verdict *verdict, struct buf *why) MUST_CHECK;

#endif
