/* SPDX-License-Identifier: ISC */
/*
 * What happens to a database when fsync(2) fails. The kernel reports such a
 * failure once, and may have dropped the data that it could not write. So a
 * second fsync(2) that succeeds proves nothing. After one failed sync a process
 * does not sync or write a database again, and every commit fails. A callback
 * can end the process; the next process starts with what is on the disk.
 */
#ifndef GUIJU_STORE_SYNC_H
#define GUIJU_STORE_SYNC_H

#include "base/err.h"

/*
 * The name of the SQLite VFS that databases are opened with. It is the default
 * VFS with the change above. The first call registers it. NULL when out of
 * memory.
 */
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
