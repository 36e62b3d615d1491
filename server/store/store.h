/* SPDX-License-Identifier: ISC */
/*
 * The database: two connections per process, one that cannot write and one that
 * writes. Both are opened after the fork. They have WAL, foreign keys and
 * trusted_schema=OFF; extensions cannot be loaded, and no database can be
 * attached. The engine's own tables are named guiju_...; all other tables
 * belong to the capsule.
 *
 * trusted_schema=OFF has consequences for a schema. Views, triggers and indexes
 * may call our functions, except tally_add. Before SQLite 3.44 they may not
 * name an FTS5 table; statements of pages and scripts may.
 */
#ifndef GUIJU_STORE_STORE_H
#define GUIJU_STORE_STORE_H

#include "store/connect.h"

struct store;

/* PRAGMA application_id of our databases: "guij". */
enum { STORE_APPLICATION_ID = 0x6775696A };

/*
 * Bring the database file up to the capsule's schema. Create the file (mode
 * 0640) if it is missing and make the engine's own tables. Run each
 * schema_dir/NNN_name.sql above the user_version, in order, and make the rules
 * anew if their text has changed (store/schema.h); these are one transaction.
 * The numbers run 1, 2, 3 ... without gaps. A new database then gets the *.sql
 * of first_dir (NULL or missing: none), in another transaction.
 *
 * On failure why gets one line for the operator. ERR_INPUT: the file is not a
 * database of guiju, it is newer than the schema, or a script fails (file and
 * line). ERR_IO, ERR_BUSY, ERR_NOMEM. A failed script leaves the database
 * unchanged. A new database gets its name only when it is complete. Processes
 * that migrate at the same time wait for each other.
 *
 * If we are root, a new database is given to the owner of its folder. The new
 * version of an existing database is logged.
 *
 * Scripts run statement by statement and may not hold BEGIN, COMMIT or ATTACH.
 * Foreign keys are checked as a whole at the end of a schema script, and at
 * each statement of first content.
 */
enum err store_migrate(const char *database, const char *schema_dir,
    const char *first_dir, struct buf *why) MUST_CHECK;
/* The same on a copy, without lines in the log. */
enum err store_try_migration(
    const char *database, const char *schema_dir, struct buf *why) MUST_CHECK;

/*
 * Open both connections and register the SQL functions and the tokenizer.
 * host: copied; NULL: nothing is counted (store/functions/functions.h). On
 * failure why gets one line.
 */
enum err store_open(const char *database, const struct function_host *host,
    struct store **out, struct buf *why) MUST_CHECK;
/*
 * Open a copy that another program keeps up to date. There is one connection,
 * which cannot write; store_writer() gives NULL. The only files that are made
 * are those that SQLite needs to share the write-ahead log with the writer. A
 * copy without a log, in a folder that we cannot write to, is treated as a file
 * that nobody changes: see store_is_sound(). Errors: those of store_open().
 */
enum err store_open_copy(
    const char *database, struct store **out, struct buf *why) MUST_CHECK;

/*
 * Are the rows of this store reliable? false: the store is a copy that was
 * treated as a file that nobody changes, and somebody has changed the file. (A
 * new file that was renamed to the same name does no harm: the old one stays
 * open.) true for all other stores.
 */
bool store_is_sound(const struct store *store);

/*
 * Does this copy have exactly the scripts and the rules of schema_dir?
 * ERR_INPUT: no, and why gets one line. Other errors: those of store_open().
 */
enum err store_check_copy(
    const char *database, const char *schema_dir, struct buf *why) MUST_CHECK;

void store_close(struct store *store);

/* The connections, borrowed. The reader has query_only=ON. The writer of a copy
 * is NULL. */
sqlite3 *store_reader(struct store *store);
sqlite3 *store_writer(struct store *store);

/*
 * Set the deadline of both connections to ms from now. A statement that runs
 * past the deadline ends: sqlite3_step() gives SQLITE_INTERRUPT. 0 removes the
 * deadline. Remove it before COMMIT: a COMMIT can be interrupted after it has
 * committed.
 */
void store_deadline(struct store *store, unsigned ms);
/* Besides the deadline that is set: end statements when this thread has taken
 * ms more of the processor. store_deadline() removes the budget. */
void store_budget(struct store *store, unsigned ms);

/* Has no search index a setting that changes the format of the file? ERR_INPUT:
 * one has, and why gets one line. ERR_IO, ERR_BUSY, ERR_NOMEM. */
enum err store_check_settings(sqlite3 *db, struct buf *why) MUST_CHECK;

/*
 * Verify a database that nobody has vouched for, before a worker opens it:
 * each page of the file, foreign keys, search indexes. who begins each line in
 * the log. ERR_INPUT: it is damaged; each finding is logged, and why gets the
 * first. ERR_IO, ERR_BUSY, ERR_NOMEM.
 */
enum err store_verify(
    const char *database, const char *who, struct buf *why) MUST_CHECK;
/* The same for a copy that this process may not write to. Its search indexes
 * are not verified, since SQLite wants to write for that. */
enum err store_verify_copy(
    const char *database, const char *who, struct buf *why) MUST_CHECK;

/*
 * Copy the database file `from` to the new file `to`, which must not exist.
 * SQLite's backup does it in one read transaction. So no writer is blocked, and
 * the write-ahead log grows by what is written meanwhile. The copy is
 * temporary: it is not synced. On failure why gets one line: ERR_IO, ERR_BUSY,
 * ERR_NOMEM, ERR_BUG.
 */
enum err store_copy(
    const char *from, const char *to, struct buf *why) MUST_CHECK;

#endif
