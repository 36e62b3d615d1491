/* SPDX-License-Identifier: ISC */
/*
 * The functions that a capsule defines in SQL: functions/NAME.sql is one
 * SELECT of one column, callable as NAME(...) in every statement of a
 * connection. Its first line says its arguments, in their order:
 *
 *	-- status_on(key, day)
 *	SELECT ... FROM standard WHERE key = :key AND issued <= :day
 */
#ifndef GUIJU_STORE_DEFINED_H
#define GUIJU_STORE_DEFINED_H

#include <sqlite3.h>

#include "base/buf.h"

struct defined;

/* One of them, as a check looks at it. */
struct defined_function {
	const char *file;  /* functions/status_on.sql */
	struct str sql;    /* the whole file, ended by NUL */
	const char *fault; /* why it cannot be called, or NULL; */
	unsigned line;     /* where that is */
};

/*
 * Register the functions of capsule/functions/ on db; a capsule without that
 * folder has none. Their statements are prepared on db, too, or on source,
 * where that is not NULL: a connection to another database, whose rows the
 * functions then read. Both connections are kept, and the handle must be
 * closed before them. why gets one line. ERR_INPUT: a function cannot be
 * called; *out is set all the same, and defined_each tells of all of them.
 * ERR_IO, ERR_NOMEM, ERR_LIMIT (too many files): *out is NULL.
 *
 * A call gives the statement's first row, or NULL where there is none. It ends
 * at the deadline of the connection that runs it.
 */
enum err defined_open(sqlite3 *db, sqlite3 *source, const char *capsule,
    struct defined **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. Then nothing may call the functions any more. */
void defined_close(struct defined *defined);

/* The i-th function, borrowed, in the order of their names; NULL behind the
 * last. NULL is fine. */
const struct defined_function *defined_at(
    const struct defined *defined, size_t i);

#endif
