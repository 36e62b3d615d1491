/* SPDX-License-Identifier: ISC */
/*
 * The capsule's own words for what an import does: a script in CAPSULE/import/,
 * written in the page language (guiju-pages(7)), which runs once for
 * each thing that is imported. The head of steps.c says what differs.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H

#include "base/buf.h"
#include "tools/import/script/names.h"

/* By which words the scripts of one kind of import end: % fail KIND TEXT. */
struct steps_form {
	const char *const *fails;
	size_t count;
};

struct steps;

/*
 * Read and compile a script on db (kept). why gets one line, "file:line:
 * message". ERR_INPUT: something is wrong with it; ERR_MISSING, ERR_IO,
 * ERR_NOMEM.
 */
enum err steps_open(sqlite3 *db, struct names *names, const char *path,
    const struct steps_form *form, struct steps **out,
    struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void steps_close(struct steps *steps);

/* Does nothing stand in it? */
bool steps_is_empty(const struct steps *steps);

/* The value of a name that the script gives, of its last run; it is NULL in SQL
 * if that run did not get so far. NULL: it gives none of that name. */
const struct value *steps_given(const struct steps *steps, const char *name);

/* Who runs the steps: the first member of a struct of his own. */
struct steps_run {
	/* A line of text; borrowed. */
	void (*say)(struct steps_run *run, struct str text);
	/* % fail: the KIND's place in the form. Nothing more runs. */
	void (*fail)(struct steps_run *run, size_t kind, struct str text);
	bool failed; /* set by steps_run() */
};

/*
 * Run the script once, inside the caller's transaction. ERR_*: the database
 * failed (store_err), or a % one had no row (ERR_INPUT); why says with file and
 * line which statement.
 */
enum err steps_run(
    struct steps *steps, struct steps_run *run, struct buf *why) MUST_CHECK;

#endif
