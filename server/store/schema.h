/* SPDX-License-Identifier: ISC */
/*
 * A capsule's schema/: numbered scripts, and three folders of rules. The
 * scripts make the tables whose rows are kept; a script runs once per database.
 * The rules make what can be worked out from those tables. When the text of a
 * rule changes, all that the rules have made is dropped and made anew.
 *
 *   NNN_name.sql      one step. NNN-MMM_name.sql is the result of the steps
 *                     NNN to MMM, for a new database. Files of one range are
 *                     one step.
 *   derived/NAME.sql  tables and indexes that can be worked out from what is
 *                     kept, each with the statement that fills it
 *   views/NAME.sql    views
 *   triggers/NAME.sql triggers that keep the derived tables up to date
 */
#ifndef GUIJU_STORE_SCHEMA_H
#define GUIJU_STORE_SCHEMA_H

#include "base/buf.h"
#include "store/sql_file.h"

/* The folders, in the order in which they are run. */
enum schema_folder {
	SCHEMA_DERIVED,
	SCHEMA_VIEWS,
	SCHEMA_TRIGGERS,
	SCHEMA_FOLDERS
};

struct schema {
	struct scripts steps; /* by number */
	struct scripts rules[SCHEMA_FOLDERS];
	struct scripts functions; /* of the capsule; views may call them */
	int64_t version; /* user_version after the last step; 0: no steps */
};

/*
 * List a schema folder. The folders in it may be missing, and so may functions/
 * beside it. On failure why gets one line: the errors of scripts_list(), and
 * ERR_INPUT if a number is missing. The caller calls schema_release(), which
 * accepts a zeroed struct.
 */
enum err schema_list(
    const char *dir, struct schema *out, struct buf *why) MUST_CHECK;
void schema_release(struct schema *schema);

/*
 * The first step that a database at this user_version needs; steps.count if it
 * has run all. ERR_INPUT, with one line in why: no step begins there, because
 * the database is newer than the schema, or too old for its first step.
 * database: the name, for why.
 */
enum err schema_next_step(const struct schema *schema, const char *database,
    int64_t version, size_t *out, struct buf *why) MUST_CHECK;
/* The user_version after a step. *ends: the step is the last one with its
 * number. */
int64_t schema_step_version(
    const struct schema *schema, size_t step, bool *ends);

/* Which rules of a database have to be made anew. */
enum schema_rules {
	SCHEMA_RULES_CURRENT, /* none */
	SCHEMA_RULES_NAMES,   /* views and triggers */
	SCHEMA_RULES_ALL      /* the derived tables as well */
};

/* Compare the rules in this database with those of the schema. A database
 * without the engine's table guiju_derived has no rules. Errors: those of
 * sql_file_open(), and SQLite's, with a line in why that names database. */
enum err schema_look(const struct schema *schema, const char *database,
    sqlite3 *db, enum schema_rules *out, struct buf *why) MUST_CHECK;

/*
 * Drop what the rules have made, and make it anew. Both run inside a
 * transaction that the caller has begun, with foreign keys off. A numbered
 * script that runs between the two calls finds only the tables that are kept.
 * guiju_derived lists what each file has made, so that it can be dropped when
 * the file is gone. On failure why gets one line: ERR_INPUT (file and line),
 * ERR_IO, ERR_BUSY, ERR_NOMEM.
 */
enum err schema_drop(
    sqlite3 *db, enum schema_rules which, struct buf *why) MUST_CHECK;
enum err schema_make(const struct schema *schema, sqlite3 *db,
    enum schema_rules which, struct buf *why) MUST_CHECK;

/*
 * `guiju rebuild`: make the derived tables, views and triggers of a database
 * anew, and report what has changed. The code knows no table; it reads the
 * columns from the database.
 */

/*
 * Drop all that the rules of schema_dir have made (store/schema.h) and make it
 * anew, in one transaction. Triggers and views that the schema does not make
 * are dropped as well. dry_run: roll the transaction back at its end.
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

/* ---- script.c ---------------------------------------------------------- */

/* What is said of a numbered script that has changed since it was run. */
#define SCHEMA_CHANGED                                                         \
	"has changed since this database ran it, and does not run again: put " \
	"the change into the next script, or remove the database to begin "    \
	"anew"

/*
 * Call tell() with the name of each numbered script of schema_dir that db has
 * run and that has another SHA-256 now. A database that an older guiju has made
 * knows those of the scripts that it found at its first start with this one.
 * Errors: those of tell(), at which it stops; ERR_IO, ERR_NOMEM, ERR_BUSY with
 * one line in why.
 */
enum err schema_changed(sqlite3 *db, const char *schema_dir,
    enum err (*tell)(void *context, const char *file), void *context,
    struct buf *why) MUST_CHECK;

/* Inside a transaction that writes: note the text of a script that was run. */
enum err schema_note_script(
    sqlite3 *db, const char *path, struct buf *why) MUST_CHECK;

/* ---- examine.c --------------------------------------------------------- */

/*
 * Compare the database with a new one that the scripts of schema_dir make.
 * ERR_INPUT, with one line in why: it has a trigger or a view that they do not
 * make, or one with another text; a virtual table that they do not make, or one
 * with another module or other arguments; a table or an index that calls a
 * function which it may not call, or whose text is not one statement that makes
 * it; or a search index of another format. Other tables and indexes that they
 * do not make are logged as a warning, since an operator may have added them;
 * so is what is missing. Only reads. Call it when the database is at this
 * schema. Other errors: those of store_open_copy().
 */
enum err schema_examine(
    const char *database, const char *schema_dir, struct buf *why) MUST_CHECK;

/* Inside a transaction: drop the triggers and views that schema_examine() would
 * refuse. ERR_IO, ERR_BUSY, ERR_NOMEM, with one line in why. */
enum err schema_drop_strangers(
    const struct schema *schema, sqlite3 *db, struct buf *why) MUST_CHECK;

#endif
