/* SPDX-License-Identifier: ISC */
#include "store/checkpoint.h"

#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "store/connect.h"

enum { WAIT_MS = 200 /* less than a page waits before it writes */ };

int64_t
checkpoint_log_bytes(sqlite3 *db)
{
	const char *log = sqlite3_filename_wal(sqlite3_db_filename(db, "main"));
	struct stat st;

	return log != NULL && stat(log, &st) == 0 ? (int64_t)st.st_size : 0;
}

int
checkpoint_run(sqlite3 *db, bool truncate)
{
	const struct timespec rest = {0, 5 * 1000 * 1000};
	const int64_t end_ms = clock_ms() + WAIT_MS;
	int64_t wait_ms = BUSY_WRITER_MS;
	int code, all = 0, copied = 0;

	/* The connection's own timeout is restored afterwards. */
	connect_int(db, "PRAGMA busy_timeout", &wait_ms);
	sqlite3_busy_timeout(db, WAIT_MS);
	/* SQLite itself waits for readers, but not for another writer. */
	while (((code = sqlite3_wal_checkpoint_v2(db, "main",
		     truncate ? SQLITE_CHECKPOINT_TRUNCATE
			      : SQLITE_CHECKPOINT_PASSIVE,
		     &all, &copied)) &
		   0xFF) == SQLITE_BUSY &&
	    clock_ms() < end_ms)
		nanosleep(&rest, NULL);
	sqlite3_busy_timeout(db, (int)wait_ms);
	return code == SQLITE_OK && copied < all ? SQLITE_BUSY : code;
}

void
checkpoint_if_large(sqlite3 *db)
{
	if (checkpoint_log_bytes(db) >= CHECKPOINT_LARGE_BYTES)
		(void)checkpoint_run(db, false);
}
