/* SPDX-License-Identifier: ISC */
/*
 * One SQLite connection, with the settings that all our connections have, and
 * the helpers that the other files of store/ need for each statement. Code
 * above store/ opens a store (store.h) instead.
 */
#ifndef GUIJU_STORE_CONNECT_H
#define GUIJU_STORE_CONNECT_H

#include "base/buf.h"
#include "store/functions/functions.h"

/* How long a writer waits for another process's transaction. */
enum { BUSY_WRITER_MS = 5000 };

enum connect_role {
	CONNECT_READER,   /* cannot write */
	CONNECT_COPY,     /* cannot write; we may not write to the file */
	CONNECT_STILL,    /* cannot write; nobody writes to the file */
	CONNECT_WRITER,   /* writes, runs the pages' statements */
	CONNECT_MIGRATOR, /* writes, runs the capsule's scripts */
	CONNECT_CHECKER   /* checks whether the file is damaged; has no
			   * virtual tables */
};

struct connect {
	const char *database; /* must exist; ":memory:": a new one */
	enum connect_role role;
	const struct function_host *host; /* kept; may be NULL */
};

/*
 * Open and configure a connection, register our SQL functions and read the
 * file's header. On failure why gets one line: ERR_MISSING (no such file),
 * ERR_INPUT (not a database, or a damaged one), ERR_IO, ERR_BUSY, ERR_NOMEM.
 */
enum err connect_open(
    const struct connect *how, sqlite3 **out, struct buf *why) MUST_CHECK;

/* Append "DATABASE: WHAT: SQLite's message" as one clean line. */
void connect_why(
    struct buf *why, const char *database, const char *what, sqlite3 *db);

/* Run a statement of one row and give its first column as an integer. sql: a
 * static text. Gives SQLITE_*. */
int connect_int(sqlite3 *db, const char *sql, int64_t *out);

/*
 * Roll back a transaction that an earlier failure has left open. This can
 * happen because ROLLBACK itself needs memory. Called before each BEGIN.
 */
void store_roll_back(sqlite3 *db);

/* Turn SQLITE_* into an enum err: BUSY and LOCKED -> ERR_BUSY, INTERRUPT ->
 * ERR_LATE, NOMEM -> ERR_NOMEM, TOOBIG -> ERR_LIMIT, CONSTRAINT and MISMATCH
 * -> ERR_INPUT, others -> ERR_IO; OK, ROW and DONE -> OK. */
enum err store_err(int code);
/* The same for a file that is opened or checked: ERR_INPUT where the file is
 * damaged or is not a database, since a second try does not help. */
enum err connect_err(int code);

#endif
