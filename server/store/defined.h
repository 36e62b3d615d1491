/* SPDX-License-Identifier: ISC */
/*
 * The functions that a capsule defines in SQL: functions/NAME.sql is one
 * SELECT of one column, callable as NAME(...) in every statement of a
 * connection. The first line of the file names the arguments in their order:
 *
 *	-- status_on(key, day)
 *	SELECT ... FROM standard WHERE key = :key AND issued <= :day
 */
#ifndef GUIJU_STORE_DEFINED_H
#define GUIJU_STORE_DEFINED_H

#include <sqlite3.h>

#include "base/buf.h"

struct defined;

/* A function, for the check of a capsule. */
struct defined_function {
	const char *file;  /* functions/status_on.sql */
	struct str sql;    /* the whole file, ended by NUL */
	const char *fault; /* why it cannot be called, or NULL */
	unsigned line;     /* of the fault */
};

/*
 * Register the functions of capsule/functions/ on db. A capsule without that
 * folder has no functions. Their statements are prepared on source, a
 * connection to another database whose rows the functions then read; or on db,
 * if source is NULL. Both connections are kept; close *out before closing them.
 * On failure why gets one line. ERR_INPUT: a function cannot be called; *out is
 * set nevertheless, and defined_at() gives the fault of each function. ERR_IO,
 * ERR_NOMEM, ERR_LIMIT (too many files): *out is NULL.
 *
 * A call gives the first row of its statement, or NULL if there is no row. The
 * call ends at the deadline of the connection that runs its statement.
 */
enum err defined_open(sqlite3 *db, sqlite3 *source, const char *capsule,
    struct defined **out, struct buf *why) MUST_CHECK;
/* Close. No statement may call the functions afterwards. Accepts NULL. */
void defined_close(struct defined *all);

/* The i-th function in the order of names, borrowed; NULL after the last.
 * Accepts NULL. */
const struct defined_function *defined_at(const struct defined *all, size_t i);

#endif
