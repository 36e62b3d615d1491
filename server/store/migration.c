/* SPDX-License-Identifier: ISC */
/*
 * What a migration does in its open database: the engine's tables, the
 * capsule's numbered scripts and rules, the folding of the search indexes, the
 * first content.
 *
 * Foreign keys are not enforced while a script runs, because they would forbid
 * SQLite's way to rebuild a table (make anew, copy, drop, rename). They are
 * checked as a whole before each commit.
 */
#include "store/internal.h"

#include <sys/stat.h>
#include <errno.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/file_path.h"
#include "base/utf8.h"
#include "store/accounts/accounts.h"
#include "store/connect.h"
#include "store/schema.h"
#include "store/store.h"

/* An old database may lack any of these tables. */
static const char engine_tables[] =
    /* Older databases held the key of the seals. */
    "DROP TABLE IF EXISTS guiju_secret;"
    /* Seals that have been used up, until they expire. */
    "CREATE TABLE IF NOT EXISTS guiju_seal("
    " nonce PRIMARY KEY NOT NULL,"
    " used_at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS guiju_seal_used ON guiju_seal(used_at);"
    /* The counts of the tallies at their last fold. */
    "CREATE TABLE IF NOT EXISTS guiju_tally("
    " name TEXT NOT NULL, id INTEGER NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(name, id)) WITHOUT ROWID;"
    /* Words that pages count, by day. */
    "CREATE TABLE IF NOT EXISTS guiju_term("
    " name TEXT NOT NULL, term TEXT NOT NULL, day TEXT NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY(name, term, day)) WITHOUT ROWID;"
    /* The files below /download/, made by the last nightly run. */
    "CREATE TABLE IF NOT EXISTS guiju_file("
    " name TEXT PRIMARY KEY NOT NULL,"
    " position INTEGER NOT NULL," /* in the order of making */
    " bytes INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " rows INTEGER,"          /* of a table; NULL: of none */
    " made INTEGER NOT NULL)" /* seconds since 1970 */
    " WITHOUT ROWID;"
    /* How often a reader has written recently (page/run/writes.c). */
    "CREATE TABLE IF NOT EXISTS guiju_writes("
    " cert TEXT PRIMARY KEY NOT NULL," /* or a name for an address */
    " minute INTEGER NOT NULL, in_minute INTEGER NOT NULL,"
    " day INTEGER NOT NULL, in_day INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS guiju_writes_day ON guiju_writes(day);"
    /* Texts that pages have refused, for their senders (page/run/draft.c). */
    "CREATE TABLE IF NOT EXISTS guiju_draft("
    " id INTEGER PRIMARY KEY,"
    " cert TEXT NOT NULL,"      /* the sender's fingerprint */
    " path TEXT NOT NULL,"      /* where it was sent to, without a seal */
    " mime TEXT NOT NULL,"      /* its type */
    " text TEXT NOT NULL,"      /* what was sent */
    " reason TEXT NOT NULL,"    /* what the page has said */
    " made INTEGER NOT NULL,"   /* seconds since 1970 */
    " bytes INTEGER NOT NULL);" /* of text */
    "CREATE INDEX IF NOT EXISTS guiju_draft_bytes ON guiju_draft(bytes);"
    "CREATE INDEX IF NOT EXISTS guiju_draft_cert ON guiju_draft(cert, made);"
    "CREATE INDEX IF NOT EXISTS guiju_draft_made ON guiju_draft(made);"
    /* The local days for which a script of nightly/ has run. */
    "CREATE TABLE IF NOT EXISTS guiju_night("
    " script TEXT NOT NULL, day TEXT NOT NULL,"
    " PRIMARY KEY(script, day)) WITHOUT ROWID;"
    /* What acts have done, until their readers have seen it. */
    "CREATE TABLE IF NOT EXISTS guiju_notice("
    " nonce TEXT PRIMARY KEY NOT NULL,"
    " cert TEXT NOT NULL," /* a fingerprint; empty: whoever has the token */
    " text TEXT NOT NULL) WITHOUT ROWID;"
    /* The folding that the search indexes were built with (store/refold.h). */
    "CREATE TABLE IF NOT EXISTS guiju_fold("
    " id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL);"
    "INSERT INTO guiju_fold(id, name) VALUES (1, '') ON CONFLICT DO NOTHING;"
    /* The numbered scripts that were run (store/script.c). */
    "CREATE TABLE IF NOT EXISTS guiju_script("
    " file TEXT PRIMARY KEY NOT NULL,"
    " sha256 TEXT NOT NULL) WITHOUT ROWID;" /* of its text then */
    /* The rules in the database, and what each has made (store/schema.h). */
    "CREATE TABLE IF NOT EXISTS guiju_derived("
    " file TEXT PRIMARY KEY NOT NULL," /* below schema/ */
    " text TEXT NOT NULL,"
    " made TEXT NOT NULL)" /* names of what it has made, JSON */
    " WITHOUT ROWID;";
enum { ENGINE_TABLES = 11, ACCOUNT_TABLES = 5 };

enum err
migration_complain(struct migration *m, const char *message, enum err err)
{
	utf8_add_line(m->why, str_from(m->database));
	buf_text(m->why, ": ");
	buf_text(m->why, message);
	return err;
}

enum err
migration_blame(struct migration *m, const char *what, int code)
{
	enum err err = connect_err(code);

	if (err == OK)
		return OK;
	connect_why(m->why, m->database, what, m->db);
	code &= 0xFF;
	if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
		owner_add(m->why, m->file);
	return code == SQLITE_READONLY ? ERR_INPUT : err;
}

enum err
migration_run(struct migration *m, const char *sql, const char *what)
{
	return migration_blame(
	    m, what, sqlite3_exec(m->db, sql, NULL, NULL, NULL));
}

enum err
migration_begin(struct migration *m)
{
	return migration_run(
	    m, "BEGIN IMMEDIATE", "cannot be locked for writing");
}

/* Commit if all went well so far, else roll back and keep the first error. */
static enum err
finish(struct migration *m, enum err err)
{
	if (err == OK)
		err = migration_run(m, "COMMIT", "does not commit");
	if (err != OK && sqlite3_get_autocommit(m->db) == 0)
		sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

/* Does every foreign key refer to a row? blame: the script that was run. */
static enum err
check_foreign_keys(struct migration *m, const char *blame)
{
	sqlite3_stmt *statement;
	enum err err = OK;
	int code = sqlite3_prepare_v2(m->db,
	    "SELECT \"table\", \"parent\" FROM pragma_foreign_key_check "
	    "LIMIT 1",
	    -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		utf8_add_line(m->why, str_from(blame));
		buf_printf(m->why,
		    ": leaves a row of %s that refers to no row of %s",
		    (const char *)sqlite3_column_text(statement, 0),
		    (const char *)sqlite3_column_text(statement, 1));
		err = ERR_INPUT;
	} else {
		err = migration_blame(m, "foreign keys do not check", code);
	}
	sqlite3_finalize(statement);
	return err;
}

/* Is this the model in memory, which stores nothing that a death could tear? */
static bool
is_model(const struct migration *m)
{
	return strcmp(m->file, ":memory:") == 0;
}

/* Run a numbered script and store its number. */
static enum err
run_step(struct migration *m, size_t step)
{
	const char *path = m->schema->steps.path[step];
	char sql[64];
	bool ends;
	int64_t version = schema_step_version(m->schema, step, &ends);
	enum err err = script_run(m->db, path, m->why);

	if (err == OK)
		err = schema_note_script(m->db, path, m->why);
	snprintf(
	    sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)version);
	if (err == OK && ends)
		err = check_foreign_keys(m, path);
	if (err == OK && ends)
		err = migration_run(m, sql, "does not keep its version");
	if (!is_model(m))
		(void)FAULT("migrate");
	return err;
}

enum err
migration_tables(struct migration *m)
{
	int64_t there = 0;
	int code = connect_int(m->db,
	    "SELECT count(*) FILTER (WHERE name <> 'guiju_secret')"
	    " - count(*) FILTER (WHERE name = 'guiju_secret')"
	    " FROM sqlite_schema WHERE type = 'table' AND name"
	    " IN ('guiju_secret', 'guiju_seal', 'guiju_tally', 'guiju_term',"
	    " 'guiju_file', 'guiju_writes', 'guiju_fold', 'guiju_derived',"
	    " 'guiju_night', 'guiju_notice', 'guiju_script',"
	    " 'guiju_draft')",
	    &there);
	char sql[64];
	enum err err;

	if (code != SQLITE_OK)
		return migration_blame(m, "does not read", code);
	if (there == ENGINE_TABLES)
		return OK;
	err = migration_begin(m);
	if (err != OK)
		return err;
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d",
	    STORE_APPLICATION_ID);
	err = migration_run(
	    m, engine_tables, "does not take the engine's tables");
	if (err == OK)
		err = migration_run(m, sql, "does not keep its application id");
	return finish(m, err);
}

/* Make the tables of accounts, unless they are there or nobody wants them. Runs
 * in the transaction of the schema. */
static enum err
make_accounts(struct migration *m)
{
	int64_t there = 0;
	int code;

	if (!accounts_are_on())
		return OK;
	code = connect_int(m->db,
	    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name"
	    " IN ('account', 'account_certificate', 'account_code',"
	    " 'account_try', 'account_log')",
	    &there);
	if (code != SQLITE_OK)
		return migration_blame(m, "does not read", code);
	if (there == ACCOUNT_TABLES)
		return OK;
	if (there > 0)
		return migration_complain(m,
		    "has a table named like one of the engine's accounts; "
		    "rename it, or say `accounts = off`",
		    ERR_INPUT);
	return migration_run(
	    m, accounts_tables().data, "does not take the tables of accounts");
}

/* An older guiju has noted no scripts: take those that are there for those that
 * were run. */
static enum err
note_older_scripts(struct migration *m, size_t steps)
{
	int64_t noted = 0;
	enum err err = migration_blame(m, "does not read",
	    connect_int(m->db, "SELECT count(*) FROM guiju_script", &noted));

	if (err != OK || noted > 0 || steps == 0)
		return err;
	err = migration_begin(m);
	for (size_t i = 0; err == OK && i < steps; i++)
		err =
		    schema_note_script(m->db, m->schema->steps.path[i], m->why);
	return finish(m, err);
}

/* Bring the database to its capsule's schema, in one transaction. */
static enum err
run_steps(struct migration *m, size_t step, enum schema_rules rules)
{
	enum err err = migration_begin(m);

	if (err != OK)
		return err;
	err = schema_drop(m->db, rules, m->why);
	if (err == OK)
		err = make_accounts(m);
	for (; err == OK && step < m->schema->steps.count; step++)
		err = run_step(m, step);
	if (err == OK)
		err = schema_make(m->schema, m->db, rules, m->why);
	/* The model is compared, and not used. */
	if (err == OK && !is_model(m))
		err = rules_compile(m->schema, m->db, m->why);
	if (!is_model(m))
		(void)FAULT("made");
	return finish(m, err);
}

enum err
migration_schema(struct migration *m)
{
	const int64_t began_ms = clock_ms();
	enum schema_rules rules;
	int64_t version = 0;
	size_t step = 0;
	enum err err = migration_blame(m, "does not read",
	    connect_int(m->db, "PRAGMA user_version", &version));

	if (err == OK)
		err = schema_next_step(
		    m->schema, m->database, version, &step, m->why);
	if (err == OK)
		err = note_older_scripts(m, step);
	if (err == OK)
		err =
		    schema_look(m->schema, m->database, m->db, &rules, m->why);
	/* A step may change the tables that rules read: make all rules anew. */
	if (err == OK && step < m->schema->steps.count)
		rules = SCHEMA_RULES_ALL;
	if (err != OK || rules == SCHEMA_RULES_CURRENT)
		return err;
	err = migration_run(
	    m, "PRAGMA foreign_keys = OFF", "is not configurable");
	if (err == OK)
		err = run_steps(m, step, rules);
	if (err == OK)
		err = migration_run(
		    m, "PRAGMA foreign_keys = ON", "is not configurable");
	if (err == OK && !m->trying && version > 0)
		log_info("store: %s: schema %lld -> %lld in %.1f s%s",
		    m->database, (long long)version,
		    (long long)m->schema->version,
		    (double)(clock_ms() - began_ms) / 1000,
		    rules == SCHEMA_RULES_ALL ? ""
					      : " (views and triggers only)");
	return err;
}

enum err
migration_folding(struct migration *m)
{
	enum err err;
	int code;

	if (refold_is_current(m->db))
		return OK;
	err = migration_begin(m);
	if (err != OK)
		return err;
	code = refold(m->db);
	if ((code & 0xFF) == SQLITE_CORRUPT) {
		log_error("store: %s: search indexes cannot be built anew: %s",
		    m->database, sqlite3_errmsg(m->db));
		sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
		return OK;
	}
	return finish(
	    m, migration_blame(m, "search indexes are not built anew", code));
}

enum err
migration_first_content(struct migration *m)
{
	struct scripts scripts = {NULL, 0};
	struct stat st;
	enum err err;

	if (m->first_dir == NULL ||
	    (stat(m->first_dir, &st) != 0 && errno == ENOENT))
		return OK;
	err = scripts_list(m->first_dir, &scripts, m->why);
	if (err != OK)
		return err;
	err = migration_begin(m);
	if (err == OK) {
		for (size_t i = 0; err == OK && i < scripts.count; i++)
			err = script_run(m->db, scripts.path[i], m->why);
		err = finish(m, err);
	}
	scripts_release(&scripts);
	return err;
}
