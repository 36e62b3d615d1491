/* SPDX-License-Identifier: ISC */
/*
 * The SQLite VFS of all databases. It is the default one with two changes: one
 * lock for writers and checkpoints, and no second fsync(2) after a failed one.
 *
 * A write-ahead log has a lock for the transaction that writes and another for
 * the checkpoint that copies the log into the database. With this VFS whoever
 * asks for one of the two gets both, or SQLITE_BUSY. So a commit and a
 * checkpoint of ours are never at work at the same time, whichever process or
 * statement begins them; nobody has to remember it. SQLite from 3.7.0 to 3.51.2
 * needs this: a commit that begins the log anew during a checkpoint can make a
 * later checkpoint skip pages, and what was committed is lost
 * (sqlite.org/wal.html, "The WAL-Reset Bug"). It also holds against a program
 * with a VFS of its own, such as sqlite3(1): its checkpoint finds our writer,
 * and its writer our checkpoint. Two such programs are not kept apart.
 *
 * The kernel reports a failed fsync(2) once, and may have dropped the data that
 * it could not write. So a second fsync(2) that succeeds proves nothing. After
 * one failed sync a process does not sync or write a database again, and every
 * commit fails. A callback can end the process; the next process starts with
 * what is on the disk.
 */
#ifndef GUIJU_STORE_SYNC_H
#define GUIJU_STORE_SYNC_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Is that fault repaired in SQLite of this version (sqlite3_libversion_number)?
 * Then the lock is still taken, and is not needed. A distribution may have
 * repaired an older version, which cannot be seen.
 */
bool sync_log_reset_is_repaired(int version);

/* The name of the VFS. The first call registers it. NULL when out of memory. */
const char *sync_vfs(void);

/*
 * Stop storing as after a failed sync. why (a literal) goes to the log: out of
 * memory, or a disk that failed, inside a statement that writes. SQLite then
 * rolls back while a full-text index is in the middle of a change, and the
 * state that the index keeps in memory may be wrong (seen with 3.40).
 */
void sync_give_up(const char *why);

/* Set the callback (kept): act(context) is called once, when a sync fails or
 * sync_give_up() is called, in the middle of a statement. NULL: none. */
void sync_when_failed(void (*act)(void *context), void *context);

#endif
