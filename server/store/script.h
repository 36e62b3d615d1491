/* SPDX-License-Identifier: ISC */
/*
 * Folders of SQL scripts: finding them, running one.
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
 * List the *.sql files of dir. why gets one line: ERR_MISSING (no such
 * folder), ERR_IO, ERR_NOMEM, ERR_LIMIT (more than a thousand).
 */
enum err scripts_list(
    const char *dir, struct scripts *out, struct buf *why) MUST_CHECK;
/* Accepts a zeroed struct. */
void scripts_release(struct scripts *scripts);

/*
 * Run the statements of one file on db, inside the transaction that the
 * caller has begun; the script itself may not begin, end or attach. why gets
 * "file:line: message" on ERR_INPUT (a statement fails), else one line:
 * ERR_IO, ERR_BUSY, ERR_NOMEM, ERR_LIMIT.
 */
enum err script_run(sqlite3 *db, const char *path, struct buf *why) MUST_CHECK;

#endif
