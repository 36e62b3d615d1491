/* SPDX-License-Identifier: ISC */
/*
 * A file of SQL statements: read whole, prepared one after the other, each
 * with the line that it begins on. Used by all that runs a capsule's scripts.
 */
#ifndef GUIJU_STORE_SQL_FILE_H
#define GUIJU_STORE_SQL_FILE_H

#include <sqlite3.h>

#include "base/buf.h"

struct sql_file {
	sqlite3 *db;      /* kept */
	const char *path; /* kept */
	struct buf content;
	struct str rest; /* not prepared yet; a NUL stands behind it */
	size_t line;     /* that the rest begins on */
};

struct sql_statement {
	sqlite3_stmt *handle; /* given: the caller finalizes it */
	size_t line;          /* that it begins on, from 1 */
	/* The last comment "-- ..." between it and the statement before, or
	 * nothing; as long as the file is open. */
	struct str remark;
};

/*
 * Read a file of at most bytes_max bytes, to be prepared on db. why gets one
 * line: ERR_MISSING, ERR_IO, ERR_INPUT (a NUL byte), ERR_LIMIT, ERR_NOMEM;
 * then there is nothing to close.
 */
enum err sql_file_open(struct sql_file *file, sqlite3 *db, const char *path,
    size_t bytes_max, struct buf *why) MUST_CHECK;
void sql_file_close(struct sql_file *file);

/*
 * Prepare the next statement, with SQLITE_PREPARE_* flags; at the end handle
 * is NULL. A statement that would begin or end a transaction or attach a
 * database is refused: it would break out of what its caller has begun. The
 * fence is an authorizer, and takes the place of any that db has. Errors are
 * those of sql_blame().
 */
enum err sql_file_next(struct sql_file *file, unsigned flags,
    struct sql_statement *out, struct buf *why) MUST_CHECK;

/* Append "path:line: message", clean; line 0 leaves the number away. Gives
 * err, so that a caller can return it. */
enum err sql_complain(const char *path, size_t line, const char *message,
    enum err err, struct buf *why);

/*
 * The same with what SQLite says about the last call on db, which gave code.
 * What is not the machine's fault (ERR_BUSY, ERR_NOMEM, ERR_IO) is the
 * script's: ERR_INPUT.
 */
enum err sql_blame(
    sqlite3 *db, const char *path, size_t line, int code, struct buf *why);

/*
 * Append what SQLite says about the last call on db, as one clean line; of a
 * function that is misspelt the nearest name, of one with a wrong number of
 * arguments the right one.
 */
void sql_add_message(struct buf *out, sqlite3 *db);

/* What stands behind blanks, semicolons and comments. *remark: the last
 * comment "-- ..." among them, else it is left as it was. */
struct str sql_skip_blank(struct str sql, struct str *remark);

/* How many lines end between two places of one text. */
size_t sql_count_lines(const char *from, const char *to);

#endif
