/* SPDX-License-Identifier: ISC */
/*
 * The capsule's own words for what an import does: a file of SQL statements in
 * CAPSULE/import/, which run in order for each thing that is imported. How
 * they are written is told at the top of steps.c.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_STEPS_H

#include "base/buf.h"
#include "tools/import/script/names.h"

/* A column of this name is an answer to who runs the steps. */
struct steps_answer {
	const char *column;
	bool each_row; /* not of a statement's first row only */
};

/* What the scripts of one kind of import have in common. */
struct steps_form {
	const struct steps_answer *answer;
	size_t answers;
	/* A statement that asks for one of these places runs once for each
	 * item; none if they are equal. */
	size_t item_first, item_end;
};

struct steps;

/*
 * Read and compile a file of statements on db (kept). why gets one line,
 * "file:line: message". ERR_INPUT: a statement does not compile, or asks for
 * what nothing provides; ERR_MISSING, ERR_IO, ERR_BUSY, ERR_LIMIT, ERR_NOMEM.
 */
enum err steps_open(sqlite3 *db, struct names *names, const char *path,
    const struct steps_form *form, struct steps **out,
    struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void steps_close(struct steps *steps);

size_t steps_count(const struct steps *steps);
/* Has one of its statements a column of that name? */
bool steps_gives(const struct steps *steps, const char *column);

/* Who runs the steps: the first member of a struct of his own. */
struct steps_run {
	/* An answer that is not NULL: its place in the form; text is borrowed.
	 * A false result: memory is out. */
	bool (*answer)(struct steps_run *run, size_t answer, struct str text);
	/* Set the names of an item, from 0. */
	void (*item)(struct steps_run *run, size_t i);
	size_t items;
	bool done; /* set by answer(): no further statement runs */
};

/*
 * Run the statements once, inside the caller's transaction. Columns that they
 * gave before are NULL again. ERR_*: the database failed (store_err); why says
 * with file and line which statement.
 */
enum err steps_run(
    struct steps *steps, struct steps_run *run, struct buf *why) MUST_CHECK;

#endif
