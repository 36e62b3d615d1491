/* SPDX-License-Identifier: ISC */
/*
 * Runs a script of CAPSULE/import/, once per row or article that is imported.
 * Scripts are written in the page language (guiju-pages(7)). The head of
 * steps.c says where a script differs from a page.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H

#include "base/buf.h"
#include "page/compile/value.h"

/*
 * The names and values that all scripts of one import share. Each name has a
 * slot in one array of values. The names that the tool provides have the first
 * slots, in their order. Behind them come further names that a script needs,
 * NULL until the tool gives them a value, and names that an earlier script
 * gives.
 */

struct names;

/* Make a set that provides count names (kept) at the slots 0, 1, 2 ...
 * ERR_NOMEM. */
enum err names_new(
    const char *const *provided, size_t count, struct names **out) MUST_CHECK;
/* Accepts NULL. Close the scripts that use the names first. */
void names_free(struct names *names);

/* The slot of a name that a script needs and no other script gives; SIZE_MAX:
 * there is no such name. */
size_t names_needed(const struct names *names, struct str name);

/* How many names there are. */
size_t names_count(const struct names *names);
/* The i-th name and its slot, if a script needs the name and neither the tool
 * nor a script gives it; else NULL. */
const char *names_wanted(const struct names *names, size_t i, size_t *slot);

/* Set the value of a slot, to a text or an integer. The text is borrowed until
 * the slot gets another value. If text.data is NULL, the value is NULL. */
void names_set_text(struct names *names, size_t slot, struct str text);
void names_set_int(struct names *names, size_t slot, int64_t value);

/* ---- for steps.c -------------------------------------------------------- */

/* The names that the tool provides, valid until the next names_give(). ""
 * stands for a name that a script gives instead: another script gets it by %
 * needs. */
const char *const *names_provided(const struct names *names, size_t *count);
/* The slot of a name that a script needs; a new name gets the slot `next`.
 * -1: nothing provides the name, or there are too many names. */
int names_need(struct names *names, struct str name, int next);
/* Let the name stand for this slot from now on. ERR_LIMIT: there are too many
 * names; ERR_NOMEM. */
enum err names_give(struct names *names, struct str name, int slot) MUST_CHECK;
/* How many slots there are; make room for so many slots. ERR_NOMEM. */
int names_slots(const struct names *names);
enum err names_reserve(struct names *names, int slots) MUST_CHECK;
/* All values; valid until the next names_reserve(). */
struct value *names_values(const struct names *names);

/* What the scripts of one tool may say, and where they stand in their files. */
struct steps_form {
	/* The words by which a script may end: % fail KIND TEXT. */
	const char *const *fails;
	size_t count;
	bool rows; /* % table and % record may stand in a script */
	/* The lines of the file that are the script; 0: from the first line; to
	 * the last line. */
	unsigned first_line, last_line;
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

/* Has the script a % do, itself or in what it includes? */
bool steps_writes(const struct steps *steps);

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
	/* Called for % fail, which ends the run; kind: the word's number in
	 * the form. */
	void (*fail)(struct steps_run *run, size_t kind, struct str text);
	/* Called for % table and % record, with the statement bound. Runs the
	 * statement to its end, and returns SQLITE_DONE or an error of SQLite.
	 * NULL if the form has no such lines. */
	int (*rows)(
	    struct steps_run *run, sqlite3_stmt *statement, bool record);
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
