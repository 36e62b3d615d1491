/* SPDX-License-Identifier: ISC */
/*
 * Runs a script of CAPSULE/import/, once per row or article that is imported.
 * Scripts are written in the page language (guiju-pages(7)). The head of
 * steps.c says where a script differs from a page.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H

#include "base/buf.h"
#include "tools/import/script/names.h"

/* The words by which the scripts of one import may end: % fail KIND TEXT. */
struct steps_form {
	const char *const *fails;
	size_t count;
};

struct steps;

/*
 * Read a script and compile it on db (kept). ERR_INPUT: the script has a
 * mistake; ERR_MISSING, ERR_IO, ERR_NOMEM. why gets one line, "file:line:
 * message".
 */
enum err steps_open(sqlite3 *db, struct names *names, const char *path,
    const struct steps_form *form, struct steps **out,
    struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void steps_close(struct steps *steps);

/* Is the script empty? */
bool steps_is_empty(const struct steps *steps);

/* The value of a name that the script gives, after its last run. The value is
 * an SQL NULL if that run ended before it was set. NULL: the script does not
 * give this name. */
const struct value *steps_given(const struct steps *steps, const char *name);

/* The functions that a run calls. The caller puts this struct first in a struct
 * of its own. */
struct steps_run {
	/* Called for a line of text; text is borrowed. */
	void (*say)(struct steps_run *run, struct str text);
	/* Called for % fail, which ends the run; kind: the word's place in the
	 * form. */
	void (*fail)(struct steps_run *run, size_t kind, struct str text);
	bool failed; /* set by steps_run() */
};

/*
 * Run the script once, inside the caller's transaction. ERR_INPUT: a % one had
 * no row; other errors are those of the database (store_err). why names the
 * statement by file and line.
 */
enum err steps_run(
    struct steps *steps, struct steps_run *run, struct buf *why) MUST_CHECK;

#endif
