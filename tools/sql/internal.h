/* SPDX-License-Identifier: ISC */
/* What the files of `guiju sql` share. */
#ifndef GUIJU_TOOLS_SQL_INTERNAL_H
#define GUIJU_TOOLS_SQL_INTERNAL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "tools/command.h"

/* A run of the command. */
struct session {
	const char *capsule;
	sqlite3 *db;
	struct print *print;
	bool write;         /* the statements may change the database */
	bool terminal;      /* a person types the statements */
	bool ended;         /* .quit was typed */
	int64_t changed;    /* rows, in the transaction that is open */
	const char *denied; /* why the authorizer has refused a statement */
	struct buf why;
	struct buf input; /* what was read and has not been run */
	struct buf out;   /* rows, to be printed when no lock is held */
};

/* ---- session.c --------------------------------------------------------- */

/*
 * Run the statements of a text; a NUL stands behind its last byte. first: the
 * number of its first line, for messages; 0: messages name no line. ERR_*: one
 * failed, and session->why gets one line. A transaction that is open stays
 * open.
 */
enum err session_run(
    struct session *session, struct str text, size_t first) MUST_CHECK;

/* Begin a transaction that writes. ERR_*: session->why gets one line. */
enum err session_begin(struct session *session) MUST_CHECK;

/* Run the capsule's import/follow.sql inside the open transaction. A capsule
 * need not have it. ERR_*: session->why gets one line. */
enum err session_follow(struct session *session) MUST_CHECK;

/* Run the capsule's import/follow.sql and store the open transaction, or roll
 * it back after a failure. ERR_*: session->why gets one line. */
enum err session_store(struct session *session) MUST_CHECK;

/* Print session->out and empty it. The reader may be a pager that waits for a
 * person, so that no statement may be running; nor may a script's transaction
 * be open. A failure is kept by stdout. */
void session_print(struct session *session);

/* ---- dot.c ------------------------------------------------------------- */

/* Run a line that begins with a dot. ERR_*: session->why gets one line. */
enum err dot_run(struct session *session, struct str line) MUST_CHECK;

/* ---- terminal.c -------------------------------------------------------- */

/* Read statements from the terminal, and run each, until the input ends. */
void terminal_talk(struct session *session);

/* Print a text on the terminal, which may be stopped by its person. If it takes
 * longer than a minute, an open transaction is rolled back, and the rest is
 * printed then. */
void terminal_print(struct session *session, struct str text);

/* ---- print.c ----------------------------------------------------------- */

/*
 * Appends the rows of one result after the other to a buffer. In every
 * form a control character of the database is replaced, left out or escaped: a
 * stored text cannot command a terminal.
 */

enum print_form {
	PRINT_TABLE,  /* columns under their names, for a person */
	PRINT_RECORD, /* one line per column: its name and what it says */
	PRINT_CSV,    /* RFC 4180, with a row of names */
	PRINT_JSON    /* one object per row, each on its own line */
};

struct print;

/* to: gets the rows; it outlives *out, which the caller frees. ERR_NOMEM. */
enum err print_new(
    enum print_form form, struct buf *to, struct print **out) MUST_CHECK;
/* Accepts NULL. */
void print_free(struct print *print);

/*
 * Run a statement to its end and append its rows. Returns SQLITE_DONE, or the
 * error of SQLite; SQLITE_NOMEM if our own memory is out, SQLITE_TOOBIG if the
 * buffer is full. A statement without columns prints nothing.
 */
int print_rows(struct print *print, sqlite3_stmt *statement);

#endif
