/* SPDX-License-Identifier: ISC */
/*
 * The state folder: where the database and the tallies lie. One parent at a
 * time serves from it. What a server must be able to do with its folders is
 * asked before it serves: one that cannot write its database would tell each
 * reader so, and one whose keys lie where workers may read has no secret.
 */
#ifndef GUIJU_RUN_CONFIG_STATE_H
#define GUIJU_RUN_CONFIG_STATE_H

#include "base/buf.h"
#include "base/file_path.h"
#include "run/config/config.h"

/* The note of run/worker/start_cache.h. */
#define STATE_START_CACHE "checked"

/* Make one folder unless it is there. ERR_INPUT: we have no right to; ERR_IO.
 * why says more. */
enum err state_make_folder(
    const char *dir, unsigned mode, struct buf *why) MUST_CHECK;

/* The same, mode 0750. If we are root and make it, it is given to that user;
 * empty: to the owner of the folder in which it lies. ERR_MISSING: no such
 * user. */
enum err state_make_for_user(
    const char *dir, const char *user, struct buf *why) MUST_CHECK;

/*
 * Take the folder for this process until it ends. The lock is a record lock
 * on DIR/lock: children do not inherit it, and who holds it can be named.
 * ERR_BUSY: another process has it; ERR_INPUT: we have no right to; ERR_IO.
 * why gets one line. The role is noted there for state_is_copy().
 */
enum err state_lock(
    const char *dir, enum role role, int *lock, struct buf *why) MUST_CHECK;

/*
 * Bring the database of a state folder up to the capsule's schema, made with
 * its first content if it is not there. Errors: those of store_migrate().
 */
enum err state_migrate(
    const char *dir, const char *capsule, struct buf *why) MUST_CHECK;

/* Was it last served as a copy, which nobody else may write to? */
bool state_is_copy(const char *dir);

/*
 * For a tool that root runs beside a server: where the configuration names no
 * user and the state folder is somebody's, name him. ERR_NOMEM.
 */
enum err state_name_owner(struct config *config) MUST_CHECK;

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

/* ---- rights.c ---------------------------------------------------------- */

/*
 * Can this process write the state folder, and all in it that is ours? Not of
 * a replica, which writes nothing. ERR_INPUT: why says which file, whose it is
 * and who we are.
 */
enum err rights_of_state(
    const struct config *config, struct buf *why) MUST_CHECK;

/*
 * Is the certs folder, and each key in it, outside the folders that workers
 * may read? Links are followed. ERR_INPUT: why says which is inside what.
 */
enum err rights_of_keys(
    const struct config *config, struct buf *why) MUST_CHECK;

#endif
