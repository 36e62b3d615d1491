/* SPDX-License-Identifier: ISC */
/*
 * Copying a database: for the rehearsal of a new schema, and for the nightly
 * work, which reads the whole database. A long read of the live database would
 * keep its write-ahead log from being emptied.
 */
#include "store/store.h"

#include <sqlite3.h>

#include "base/utf8.h"
#include "store/sync.h"

enum { BUSY_MS = 5000 /* how long to wait for a writer */ };

static int
copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int code;

	if (backup == NULL)
		return sqlite3_errcode(to);
	code = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	return code;
}

enum err
store_copy(const char *from, const char *to, struct buf *why)
{
	sqlite3 *source = NULL, *target = NULL;
	enum err err = OK;
	int code = sqlite3_open_v2(from, &source,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, sync_vfs());

	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(source, BUSY_MS);
	if (code == SQLITE_OK)
		code = sqlite3_open_v2(to, &target,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, sync_vfs());
	/* No sync: if this process dies, the file is removed, not kept. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(target,
		    "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;",
		    NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = copy(source, target);
	if (code != SQLITE_DONE) {
		utf8_add_line(why, str_from(from));
		buf_printf(why, ": cannot be copied: %s", sqlite3_errstr(code));
		err = code == SQLITE_OK ? ERR_BUG : store_err(code);
	}
	sqlite3_close(source);
	sqlite3_close(target);
	return err;
}
