/* SPDX-License-Identifier: ISC */
/*
 * The capsule's own words for what an import does: files of SQL statements in
 * CAPSULE/import/. How they are written is told at the top of steps.c.
 */
#ifndef GUIJU_TOOLS_CATALOGUE_STEPS_H
#define GUIJU_TOOLS_CATALOGUE_STEPS_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/str.h"
#include "tools/catalogue/once.h"

/* The parameters of the scripts of one import, by name. */
struct names;

/* ERR_NOMEM. */
enum err names_new(struct names **out) MUST_CHECK;
/* Accepts NULL. Scripts that use the names must be closed before. */
void names_free(struct names *names);

/* Does a statement that has been read ask for this parameter? */
bool names_asked(const struct names *names, struct str name);
/* Where the values of a name go; SIZE_MAX: there is no room. */
size_t names_place(struct names *names, struct str name);
/* Give a place a value: text (borrowed, until the next one; without data it is
 * NULL), or an integer. */
void names_set_text(struct names *names, size_t place, struct str text);
void names_set_int(struct names *names, size_t place, int64_t value);

struct steps;

/*
 * Read and compile a file of statements on db (kept). why gets one line,
 * "file:line: message". ERR_INPUT: a statement does not compile; ERR_MISSING,
 * ERR_IO, ERR_NOMEM.
 */
enum err steps_open(sqlite3 *db, struct names *names, const char *path,
    struct steps **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void steps_close(struct steps *steps);

/* Has one of its statements a column of that name? */
bool steps_gives(const struct steps *steps, const char *column);

enum steps_answer {
	STEPS_DONE,      /* all statements ran */
	STEPS_UNCHANGED, /* a statement said so, the rest did not run */
	STEPS_REFUSED,   /* the same; text: why */
	STEPS_FATAL      /* the same, and the whole import ends; text: why */
};

struct steps_result {
	enum steps_answer answer;
	bool changed;      /* the column `outcome` was 'changed' */
	struct buf *text;  /* kept: one clean line, of a refusal */
	struct buf *said;  /* kept: a clean line for each column `say` */
	struct once *once; /* kept: what the column `once` was before */
	size_t line;       /* the row's, for `once` */
};

/*
 * Run the statements once, inside the caller's transaction. Columns that they
 * gave before are NULL again. ERR_*: the database failed; why says with file
 * and line which statement.
 */
enum err steps_run(struct steps *steps, struct steps_result *result,
    struct buf *why) MUST_CHECK;

#endif
