/* SPDX-License-Identifier: ISC */
/*
 * Folders of SQL scripts: listing a folder, running a script.
 */
#ifndef GUIJU_STORE_SCRIPT_H
#define GUIJU_STORE_SCRIPT_H

#include <sqlite3.h>

#include "base/buf.h"

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
