/* SPDX-License-Identifier: ISC */
/*
 * The state folder: it holds the database, and a folder of the tallies. One
 * parent at a time serves from it. The rights on a server's folders are checked
 * before the server serves: without the right to write its database every page
 * that writes would fail, and keys in a folder that workers may read would not
 * be secret.
 */
#ifndef GUIJU_RUN_CONFIG_STATE_H
#define GUIJU_RUN_CONFIG_STATE_H

#include "base/buf.h"
#include "base/file_path.h"
#include "run/config/config.h"

/* The file of run/worker/start_cache.h. */
#define STATE_START_CACHE "checked"

/* Make one folder unless it exists. ERR_INPUT: this process has no right to;
 * ERR_IO. why gets one line. */
enum err state_make_folder(
    const char *dir, unsigned mode, struct buf *why) MUST_CHECK;

/* The same with mode 0750. If root makes the folder, its owner becomes user; if
 * user is empty, the owner of the folder above. ERR_MISSING: no such user. */
enum err state_make_for_user(
    const char *dir, const char *user, struct buf *why) MUST_CHECK;

/*
 * Lock the folder for this process until the process ends. The lock is a record
 * lock on DIR/lock: children do not inherit it, and the system names its
 * holder. The role is written into that file for state_is_copy(). ERR_BUSY:
 * another process holds the lock; ERR_INPUT: this process has no right to;
 * ERR_IO. why gets one line.
 */
enum err state_lock(
    const char *dir, enum role role, int *lock, struct buf *why) MUST_CHECK;

/*
 * Bring the database of a state folder up to the capsule's schema. A missing
 * database is made, with the capsule's first content. Errors: those of
 * store_migrate().
 */
enum err state_migrate(
    const char *dir, const char *capsule, struct buf *why) MUST_CHECK;

/* Did a replica serve from the folder last? Nothing else may write to its
 * database. */
bool state_is_copy(const char *dir);

/*
 * For a tool that root runs beside a server: if the configuration names no user
 * and another user than root owns the state folder, set config->user to that
 * user. ERR_NOMEM.
 */
enum err state_name_owner(struct config *config) MUST_CHECK;

/* If this process is root and name is not empty, become that user for good.
 * Errors as below. */
enum err state_become(const char *name, struct buf *why) MUST_CHECK;

/*
 * If this process is root and the configuration names a user: make that user
 * the owner of the state folder and of the files in it (not on a replica), then
 * become that user for good. Otherwise do nothing. ERR_MISSING: no such user,
 * or it is root; ERR_INPUT, ERR_IO, ERR_BUG. why gets one line. The parent
 * calls this only in a child: it stays root to bind and to reload keys.
 */
enum err state_become_user(
    const struct config *config, struct buf *why) MUST_CHECK;

/* Move the tallies that an older version has left in the state folder to the
 * folder of tallies. Call it with the lock held and before the sandbox, even
 * that of the parent: no file changes its folder under Landlock. ERR_INPUT:
 * this process has no right to; ERR_IO. why gets one line. */
enum err state_move_tallies(const char *dir, struct buf *why) MUST_CHECK;

/* Make the folder of uploads in the state folder, unless it exists. sweep:
 * remove the files in it, which killed workers have left; no worker may be
 * serving. ERR_INPUT: this process has no right to; ERR_IO. why gets one line.
 */
enum err state_make_uploads(
    const char *dir, bool sweep, struct buf *why) MUST_CHECK;

/* Remove a folder, the files in it and those of its folder of tallies. A
 * failure is ignored: the next state_make_folder() meets it again. */
void state_remove_folder(const char *dir);

/* ---- rights.c ---------------------------------------------------------- */

/*
 * Check that this process can write the state folder and our files in it. A
 * replica writes nothing, so nothing is checked. ERR_INPUT: why names the file,
 * its owner and the user of this process.
 */
enum err rights_of_state(
    const struct config *config, struct buf *why) MUST_CHECK;

/*
 * Check that the certs folder and each key in it are outside the folders that
 * workers may read. Links are followed. ERR_INPUT: why names the key and the
 * folder that holds it.
 */
enum err rights_of_keys(
    const struct config *config, struct buf *why) MUST_CHECK;

/* ---- seal_key.c -------------------------------------------------------- */

/*
 * Read the seals' key, CERTS/seal.key, and make the file first if it is
 * missing. key: SEAL_SECRET_BYTES. ERR_INPUT: this process may not read or make
 * the file, others may read it, or it is not a key. ERR_LIMIT, ERR_IO. why gets
 * one line.
 */
enum err seal_key_read(
    const char *certs, unsigned char *key, struct buf *why) MUST_CHECK;

/* Put a new key in place of the old one. A server reads it at its next start or
 * reload. Errors as above. */
enum err seal_key_renew(const char *certs, struct buf *why) MUST_CHECK;

#endif
