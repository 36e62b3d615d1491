/* SPDX-License-Identifier: ISC */
/*
 * `guiju rebuild`: what a database's rules have made is made anew, and what
 * that has changed is reported. Nothing is known here of any table but its
 * columns.
 */
#ifndef GUIJU_STORE_REBUILD_H
#define GUIJU_STORE_REBUILD_H

#include "base/buf.h"

/*
 * Drop what the rules of schema_dir have made (store/schema.h) and make it
 * anew, in one transaction; dry_run takes it back at the end. Others read what
 * was, until it ends, and wait to write. The memory it takes does not grow with
 * the database, but the write-ahead log does.
 *
 * report gets a line, ended by LF, for each table whose rows, for each search
 * index whose content, and for each view, trigger and index whose text is
 * another than before; none: nothing differed. why gets one line: ERR_INPUT
 * (the database is not at this schema, or it is damaged), ERR_BUSY (others have
 * been writing for half a minute), ERR_IO, ERR_NOMEM.
 */
enum err store_rebuild(const char *database, const char *schema_dir,
    bool dry_run, struct buf *report, struct buf *why) MUST_CHECK;

#endif
