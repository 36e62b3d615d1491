/* SPDX-License-Identifier: ISC */
/*
 * A file of SQL statements. The file is read whole; its statements are prepared
 * one after the other, each with the number of its first line. All scripts of a
 * capsule are run this way.
 */
#ifndef GUIJU_STORE_SQL_FILE_H
#define GUIJU_STORE_SQL_FILE_H

#include <sqlite3.h>

#include "base/buf.h"

struct sql_file {
	sqlite3 *db;      /* kept */
	const char *path; /* kept */
	struct buf content;
	struct str rest; /* not prepared yet; a NUL follows it */
	size_t line;     /* the first line of the rest */
};

struct sql_statement {
	sqlite3_stmt *handle; /* owned: the caller finalizes it */
	size_t line;          /* the statement's first line, from 1 */
	/* The last comment "-- ..." between this statement and the one before
	 * it, or empty. Valid while the file is open. */
	struct str remark;
};

/*
 * Read a file of at most bytes_max bytes; its statements are prepared on db. On
 * failure why gets one line, and there is nothing to close: ERR_MISSING,
 * ERR_IO, ERR_INPUT (a NUL byte), ERR_LIMIT, ERR_NOMEM.
 */
enum err sql_file_open(struct sql_file *file, sqlite3 *db, const char *path,
    size_t bytes_max, struct buf *why) MUST_CHECK;
void sql_file_close(struct sql_file *file);

/*
 * Prepare the next statement, with SQLITE_PREPARE_* flags. At the end of the
 * file handle is NULL. A statement that would begin or end a transaction or
 * attach a database is refused: the transaction is the caller's. An authorizer
 * refuses it, which replaces any authorizer that db has. Errors are those of
 * sql_blame().
 */
enum err sql_file_next(struct sql_file *file, unsigned flags,
    struct sql_statement *out, struct buf *why) MUST_CHECK;

/* Append "path:line: message", clean; line 0 leaves the number out. Gives err,
 * so that a caller can return the result. */
enum err sql_complain(const char *path, size_t line, const char *message,
    enum err err, struct buf *why);

/*
 * The same with SQLite's message about the last call on db, which gave code.
 * Gives ERR_BUSY, ERR_NOMEM or ERR_IO for a fault of the machine; for any other
 * fault, which is the script's, ERR_INPUT.
 */
enum err sql_blame(
    sqlite3 *db, const char *path, size_t line, int code, struct buf *why);

/*
 * Append SQLite's message about the last call on db, as one clean line. For an
 * unknown function the nearest name is added; for a wrong number of arguments,
 * the right number.
 */
void sql_add_message(struct buf *out, sqlite3 *db);

/* sql without the blanks, semicolons and comments at its beginning. *remark:
 * the last comment "-- ..." among them; unchanged if there is none. */
struct str sql_skip_blank(struct str sql, struct str *remark);

/* Take the first token of a statement off: a word, a quoted text or one sign.
 * Empty: there is none. */
struct str sql_next_token(struct str *sql);

/* The number of LFs between two places of one text. */
size_t sql_count_lines(const char *from, const char *to);

/* The number of LFs in sql before the place of the last error on db, or 0 if
 * SQLite names none in it. */
size_t sql_error_line(sqlite3 *db, struct str sql);

/*
 * Folders of SQL scripts: listing a folder, running a script.
 */

/* The scripts of one folder, in name order. */
struct scripts {
	char **path; /* whole paths, owned */
	size_t count;
};

/*
 * List the *.sql files of dir. On failure why gets one line: ERR_MISSING (no
 * such folder), ERR_IO, ERR_NOMEM, ERR_LIMIT (more than 1,000 files).
 */
enum err scripts_list(
    const char *dir, struct scripts *out, struct buf *why) MUST_CHECK;
/* Accepts a zeroed struct. */
void scripts_release(struct scripts *scripts);

/*
 * Run the statements of one file on db, inside a transaction that the caller
 * has begun. The script may not begin or end a transaction or attach a
 * database. On ERR_INPUT (a statement fails) why gets "file:line: message"; on
 * ERR_IO, ERR_BUSY, ERR_NOMEM and ERR_LIMIT it gets one line.
 */
enum err script_run(sqlite3 *db, const char *path, struct buf *why) MUST_CHECK;

#endif
