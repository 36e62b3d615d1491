/* SPDX-License-Identifier: ISC */
/*
 * A capsule's schema/: numbered scripts, which make what is kept, and three
 * folders with what follows from it. A numbered script runs once per database.
 * The files of the folders are the rules of the database: each time that one
 * of them has another text, what they made is dropped and made anew.
 *
 *   NNN_name.sql      one step. NNN-MMM_name.sql is what the steps NNN to MMM
 *                     came to, for a new database. Files of one range
 *                     are one step.
 *   derived/NAME.sql  tables and indexes that can be worked out from what is
 *                     kept, each with the statement that fills it
 *   views/NAME.sql    names for statements
 *   triggers/NAME.sql what keeps the derived tables right
 *
 * Used by migrate.c, rebuild.c, and whoever asks whether a database is up to
 * date.
 */
#ifndef GUIJU_STORE_SCHEMA_H
#define GUIJU_STORE_SCHEMA_H

#include "store/script.h"

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
	struct scripts functions; /* the capsule's, which views may call */
	int64_t version; /* user_version after the last step; 0: no steps */
};

/*
 * List a schema folder; the folders in it may be missing, and functions/ beside
 * it. why gets one line:
 * those of scripts_list(), and ERR_INPUT where a number is missing. Released
 * by schema_release(), which accepts a zeroed struct.
 */
enum err schema_list(
    const char *dir, struct schema *out, struct buf *why) MUST_CHECK;
void schema_release(struct schema *schema);

/*
 * The first step that a database at user_version needs: steps.count if it has
 * seen all. ERR_INPUT and one line in why: no step begins there, because the
 * database is newer than the schema or older than its first step knows.
 * database: its name, for why.
 */
enum err schema_next_step(const struct schema *schema, const char *database,
    int64_t version, size_t *out, struct buf *why) MUST_CHECK;
/* user_version after a step, and whether it is the last of those that share
 * their number. */
int64_t schema_step_version(
    const struct schema *schema, size_t step, bool *ends);

/* How much of its rules a database has to be given anew. */
enum schema_rules {
	SCHEMA_RULES_CURRENT, /* nothing */
	SCHEMA_RULES_NAMES,   /* views and triggers */
	SCHEMA_RULES_ALL      /* the derived tables as well */
};

/* Compare the rules that this database was given with those of the schema. A
 * database without the engine's table guiju_derived was given none. Errors:
 * those of sql_file_open(), and what SQLite has to say (why, blamed on
 * database). */
enum err schema_look(const struct schema *schema, const char *database,
    sqlite3 *db, enum schema_rules *out, struct buf *why) MUST_CHECK;

/*
 * Inside a transaction that the caller has begun, with foreign keys off: drop
 * what the rules have made, and make it. Between the two a numbered script
 * sees what is kept and nothing else. What was made is noted in guiju_derived,
 * so that it can be dropped when its file is gone. schema_make() also compiles
 * each view and trigger that it has made. why gets one line: ERR_INPUT (file
 * and line), ERR_IO, ERR_BUSY, ERR_NOMEM.
 */
enum err schema_drop(
    sqlite3 *db, enum schema_rules which, struct buf *why) MUST_CHECK;
enum err schema_make(const struct schema *schema, sqlite3 *db,
    enum schema_rules which, struct buf *why) MUST_CHECK;

#endif
