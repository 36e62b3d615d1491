/* SPDX-License-Identifier: ISC */
/*
 * `guiju rebuild`: make the derived tables, views and triggers of a database
 * anew, and report what has changed. The code knows no table; it reads the
 * columns from the database.
 */
#ifndef GUIJU_STORE_REBUILD_H
#define GUIJU_STORE_REBUILD_H

#include "base/buf.h"

/*
 * Drop all that the rules of schema_dir have made (store/schema.h) and make it
 * anew, in one transaction. dry_run: roll the transaction back at its end.
 * Until the transaction ends, others read the old state and wait to write. The
 * memory needed does not depend on the size of the database. The write-ahead
 * log grows with the size.
 *
 * report gets one line, ended by LF, for each table whose rows have changed,
 * for each search index whose content has changed, and for each view, trigger
 * and index whose text has changed. An empty report: nothing differed. On
 * failure why gets one line: ERR_INPUT (the database is not at this schema, or
 * it is damaged), ERR_BUSY (others have been writing for half a minute),
 * ERR_IO, ERR_NOMEM.
 */
enum err store_rebuild(const char *database, const char *schema_dir,
    bool dry_run, struct buf *report, struct buf *why) MUST_CHECK;

#endif
