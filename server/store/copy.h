/* SPDX-License-Identifier: ISC */
/* A whole copy of a database that others go on using. */
#ifndef GUIJU_STORE_COPY_H
#define GUIJU_STORE_COPY_H

#include "base/buf.h"

/*
 * Copy the database file from to the new file to (nothing must be there), by
 * SQLite's backup, in one read transaction: it blocks no writer, and the
 * write-ahead log grows by what is written meanwhile. The copy is no place to
 * keep anything: it is not synced. why gets one line: ERR_IO, ERR_BUSY,
 * ERR_NOMEM, ERR_BUG.
 */
enum err store_copy(
    const char *from, const char *to, struct buf *why) MUST_CHECK;

#endif
