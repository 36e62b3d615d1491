/* SPDX-License-Identifier: ISC */
/*
 * One SQLite connection, opened the way all of ours are: store.c and
 * migrate.c ask for it, nobody else.
 */
#ifndef GUIJU_STORE_CONNECT_H
#define GUIJU_STORE_CONNECT_H

#include <sqlite3.h>

#include "base/buf.h"

struct tally;

/* How long a writer waits for another process's transaction. */
enum { BUSY_WRITER_MS = 5000 };

enum connect_role {
	CONNECT_READER,   /* cannot write */
	CONNECT_COPY,     /* the same, of a file that is not ours to write */
	CONNECT_STILL,    /* the same, of a file that nobody writes */
	CONNECT_WRITER,   /* writes, runs the pages' statements */
	CONNECT_MIGRATOR, /* writes, runs the capsule's scripts */
	CONNECT_CHECKER   /* looks whether the file is whole; has no virtual
			   * tables */
};

struct connect {
	const char *database; /* must exist */
	enum connect_role role;
	struct tally *tally; /* for tally(), kept; may be NULL */
	bool count_views;
};

/*
 * Open, configure, register our SQL functions and read the file's header.
 * why gets one line on failure: ERR_MISSING (no such file), ERR_INPUT (no
 * database, or a damaged one), ERR_IO, ERR_BUSY, ERR_NOMEM.
 */
enum err connect_open(
    const struct connect *how, sqlite3 **out, struct buf *why) MUST_CHECK;

/* Append "database: WHAT: SQLite's words", always one clean line. */
void connect_why(
    struct buf *why, const char *database, const char *what, sqlite3 *db);

/* The integer that a one-row statement (static text) gives; SQLITE_*. */
int connect_int(sqlite3 *db, const char *sql, int64_t *out);

#endif
