/* SPDX-License-Identifier: ISC */
/*
 * One SQLite connection, opened the way all of ours are, and what the other
 * files of store/ need for each statement. Who stands above store/ opens a
 * store (store.h) instead.
 */
#ifndef GUIJU_STORE_CONNECT_H
#define GUIJU_STORE_CONNECT_H

#include "base/buf.h"
#include "store/functions/functions.h"

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
	const struct function_host *host; /* kept; may be NULL */
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

/*
 * End a transaction that somebody's failure has left open: to roll back needs
 * memory itself. To be called before each BEGIN.
 */
void store_roll_back(sqlite3 *db);

/* SQLITE_* to ours: BUSY and LOCKED -> ERR_BUSY, INTERRUPT -> ERR_LATE,
 * NOMEM -> ERR_NOMEM, TOOBIG -> ERR_LIMIT, CONSTRAINT and MISMATCH ->
 * ERR_INPUT, others -> ERR_IO; OK, ROW and DONE -> OK. */
enum err store_err(int code);

#endif
