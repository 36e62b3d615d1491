/* SPDX-License-Identifier: ISC */
/*
 * The database: two connections a process, one that cannot write and one that
 * writes, both opened after the fork. WAL, foreign keys, trusted_schema=OFF,
 * no loading of extensions, nothing attached. The engine's own few tables are
 * named guiju_...; all others belong to the capsule.
 *
 * trusted_schema=OFF means for a schema: views, triggers and indexes may call
 * our functions (all but tally_add), but before SQLite 3.44 they may not name
 * an FTS5 table. Statements of pages and scripts may.
 */
#ifndef GUIJU_STORE_STORE_H
#define GUIJU_STORE_STORE_H

#include "store/connect.h"

struct store;

/* PRAGMA application_id of our databases: "guij". */
enum { STORE_APPLICATION_ID = 0x6775696A };

/*
 * Bring the database file up to the capsule's schema: create it if it is not
 * there (mode 0640), make the engine's own tables, run each
 * schema_dir/NNN_name.sql above its user_version, in order, and make its rules
 * anew where their text is another (store/schema.h), all in one transaction.
 * Numbers must run 1, 2, 3 ... without gaps. A new database then gets
 * first_dir's *.sql (NULL or absent: none), in one transaction.
 *
 * why gets one line for the operator on failure: ERR_INPUT: the file is no
 * database of ours, is newer than the schema, or a script fails (file and
 * line); ERR_IO, ERR_BUSY, ERR_NOMEM. A failed script leaves the database as
 * it was; a new database takes its name only when it is whole. Processes that
 * migrate at the same time wait for each other.
 *
 * Where we are root, a new database is given to the owner of its folder. What
 * an existing one has been brought up to is told to the log.
 *
 * Scripts run statement by statement and may hold no BEGIN, COMMIT or ATTACH.
 * Foreign keys are checked as a whole at the end of a schema script, and at
 * each statement of first content.
 */
enum err store_migrate(const char *database, const char *schema_dir,
    const char *first_dir, struct buf *why) MUST_CHECK;
/* The same on a copy, which the log need not know of. */
enum err store_try_migration(
    const char *database, const char *schema_dir, struct buf *why) MUST_CHECK;

/*
 * Open both connections and register the SQL functions and the tokenizer.
 * host: copied; NULL: nothing is counted (store/functions/functions.h).
 */
enum err store_open(const char *database, const struct function_host *host,
    struct store **out, struct buf *why) MUST_CHECK;
/*
 * Open a copy that somebody else keeps up to date: one connection, which
 * cannot write, and nothing beside the file is made but what SQLite needs to
 * share a log with whoever writes. A copy in a folder that we cannot write to
 * and that has no log is taken for one that nobody changes: see
 * store_is_sound. store_writer gives NULL. Errors: those of store_open.
 */
enum err store_open_copy(
    const char *database, struct store **out, struct buf *why) MUST_CHECK;

/*
 * Can what a copy gives be trusted? false: it was taken for one that nobody
 * changes, and somebody has, in its place. (A file that was put in its place
 * is another: what we have open stays what it was.) True of all others.
 */
bool store_is_sound(const struct store *store);

/*
 * Has this copy seen exactly the scripts of schema_dir, and has it its rules?
 * ERR_INPUT: no; why gets one line. Other errors: those of store_open.
 */
enum err store_check_copy(
    const char *database, const char *schema_dir, struct buf *why) MUST_CHECK;

void store_close(struct store *store);

/* The connections, borrowed. The reader has query_only=ON; a copy has no
 * writer. */
sqlite3 *store_reader(struct store *store);
sqlite3 *store_writer(struct store *store);

/*
 * From now on no statement of either connection runs past this deadline:
 * sqlite3_step() gives SQLITE_INTERRUPT. ms from now; 0 takes the limit away:
 * do that before COMMIT, which could be interrupted when it has committed.
 */
void store_deadline(struct store *store, unsigned ms);

/*
 * The secret that seals are made with: 32 random bytes kept in the database
 * (table guiju_secret), made when it was created.
 */
enum err store_secret(struct store *store, unsigned char out[32]) MUST_CHECK;

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
