/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a database whose disk says no to fsync(2). The kernel tells
 * such a failure once, and may since have dropped what it could not write: a
 * second fsync that succeeds proves nothing. So in a process where one sync
 * has failed no later one is tried and nothing is written, every commit fails,
 * and whoever asked to be told can end the process: the next one begins with
 * what the disk has.
 */
#ifndef GUIJU_STORE_SYNC_H
#define GUIJU_STORE_SYNC_H

#include "base/err.h"

/*
 * Name of the SQLite VFS that databases are opened with: the default one, but
 * for the above. Registered at the first call. NULL: memory is out.
 */
const char *sync_vfs(void);

/*
 * The same for another reason (literal, for the log): memory that was out or
 * a disk that failed inside a statement that writes. SQLite then takes the
 * transaction back under a full-text index that is in the middle of a change,
 * and what the index remembers of itself may be wrong (seen with 3.40).
 */
void sync_give_up(const char *why);

/* Call act(context), kept, once, when a sync fails or another has given up: in
 * the middle of the statement that wanted it. NULL: nobody. */
void sync_when_failed(void (*act)(void *context), void *context);

#endif
