/* SPDX-License-Identifier: ISC */
/*
 * The state folder: where the database and the tallies lie. One parent at a
 * time serves from it.
 */
#ifndef GUIJU_RUN_STATE_H
#define GUIJU_RUN_STATE_H

#include "base/buf.h"
#include "run/config.h"

/* The name of the database in a state folder. */
#define STATE_DATABASE "portal.db"
/* The note of run/checked.h. */
#define STATE_CHECKED "checked"

/* "DIR/NAME" in out, ended by NUL (out is cleared first). ERR_LIMIT,
 * ERR_NOMEM. */
enum err state_path(
    struct buf *out, const char *dir, const char *name) MUST_CHECK;

/* Make one folder unless it is there. ERR_IO: why says more. */
enum err state_make_folder(
    const char *dir, unsigned mode, struct buf *why) MUST_CHECK;

/*
 * Take the folder for this process until it ends. The lock is a record lock
 * on DIR/lock: children do not inherit it, and who holds it can be named.
 * ERR_BUSY: another process has it; ERR_IO. why gets one line.
 */
enum err state_lock(const char *dir, int *lock, struct buf *why) MUST_CHECK;

/*
 * If we are root and the configuration names a user: give that user the
 * state folder and the files in it, then become that user for good. Not
 * root: nothing. ERR_MISSING: no such user; ERR_IO; why gets one line. For a
 * child of the parent only, which stays root to bind and to reload keys.
 */
enum err state_become_user(
    const struct config *config, struct buf *why) MUST_CHECK;

/* Remove a folder and the files (not folders) in it; a failure is left to
 * whoever makes it next. */
void state_remove_folder(const char *dir);

#endif
