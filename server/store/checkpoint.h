/* SPDX-License-Identifier: ISC */
/*
 * Checkpoints: copying the write-ahead log into the database. SQLite would do
 * it at the end of some commits, and the reader who commits would wait for it.
 * Our connections never do (wal_autocheckpoint = 0). A child of the parent does
 * it about once per second, so a log stays short. A program with large
 * transactions also does it after each.
 */
#ifndef GUIJU_STORE_CHECKPOINT_H
#define GUIJU_STORE_CHECKPOINT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	/* A log of this size is also truncated. */
	CHECKPOINT_LARGE_BYTES = 16 * 1024 * 1024,
	/* With a log of this size no page writes. A log only grows so large by
	 * one transaction, or while a program reads an old state. */
	CHECKPOINT_LOG_MAX_BYTES = 256 * 1024 * 1024
};

/* The size of the log of an open database; 0: it has none. */
int64_t checkpoint_log_bytes(sqlite3 *db);

/*
 * Copy what no reader still needs in the log; with `truncate` copy all and make
 * the log empty. Waits for others up to 200 ms; with `truncate` nobody can
 * write while it waits for readers. Gives SQLITE_*; SQLITE_BUSY: somebody has
 * kept it from all or some of the work, which can be done later.
 */
int checkpoint_run(sqlite3 *db, bool truncate);

/* After a large transaction: copy the log if it is large. A failure is left to
 * the next checkpoint. */
void checkpoint_if_large(sqlite3 *db);

#endif
