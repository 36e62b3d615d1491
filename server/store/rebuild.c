/* SPDX-License-Identifier: ISC */
/*
 * The database is open twice in one connection. In `main` the rules are made
 * anew; `old` still reads the state that was committed before. So statements
 * can compare two tables row by row along their keys, and no table is copied.
 */

#include <inttypes.h>

#include "base/fault.h"
#include "store/connect.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/store.h"

enum { SQL_MAX_BYTES = 64 * 1024 };

struct rebuild {
	const char *database;
	const struct schema *schema;
	struct buf *report, *why;
	sqlite3 *db;
};

static enum err
complain(struct rebuild *r, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return OK;
	connect_why(r->why, r->database, "is not rebuilt", r->db);
	return connect_err(code);
}

static enum err
run_sql(struct rebuild *r, const char *sql)
{
	return complain(r, sqlite3_exec(r->db, sql, NULL, NULL, NULL));
}

/* ---- comparing ----------------------------------------------------- */

/* How rows of a table are counted: those of main.NAME whose key old.NAME does
 * not have, the reverse, and those with the same key and other values. */
static const char *const counts[] = {
    "SELECT count(*) FROM main.\"%w\" AS n WHERE NOT EXISTS"
    " (SELECT 1 FROM old.\"%w\" AS o WHERE %s)",
    "SELECT count(*) FROM old.\"%w\" AS o WHERE NOT EXISTS"
    " (SELECT 1 FROM main.\"%w\" AS n WHERE %s)",
    "SELECT count(*) FROM main.\"%w\" AS n JOIN old.\"%w\" AS o ON %s"
    " WHERE %s"};
static const char *const count_words[] = {"more", "fewer", "changed"};

/* "a row by its key" and "a row that says something else" of a table, as
 * terms over n and o. */
static const char terms[] =
    "SELECT coalesce(group_concat(CASE WHEN pk > 0"
    " THEN format('n.\"%w\" IS o.\"%w\"', name, name) END, ' AND '),"
    " 'n.rowid = o.rowid'),"
    " group_concat(format('n.\"%w\" IS NOT o.\"%w\"', name, name), ' OR ')"
    " FROM pragma_table_xinfo(?1) WHERE hidden = 0";

static enum err
compare_rows(struct rebuild *r, const char *table, const char *same_key,
    const char *other_values)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		char *sql = sqlite3_mprintf(
		    counts[i], table, table, same_key, other_values);
		int64_t n = 0;
		int code =
		    sql == NULL ? SQLITE_NOMEM : connect_int(r->db, sql, &n);

		sqlite3_free(sql);
		if (code != SQLITE_OK)
			return complain(r, code);
		if (n == 0)
			continue;
		if (!found)
			buf_printf(r->report, "%s:", table);
		buf_printf(r->report, "%s %" PRId64 " %s", found ? "," : "", n,
		    count_words[i]);
		found = true;
	}
	if (found)
		buf_char(r->report, '\n');
	return OK;
}

static enum err
compare_table(struct rebuild *r, const char *table)
{
	sqlite3_stmt *statement = NULL;
	enum err err = OK;
	int code = sqlite3_prepare_v2(r->db, terms, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
		code = sqlite3_step(statement);
	}
	if (code == SQLITE_ROW)
		err = compare_rows(r, table,
		    (const char *)sqlite3_column_text(statement, 0),
		    (const char *)sqlite3_column_text(statement, 1));
	else
		err = complain(r, code);
	sqlite3_finalize(statement);
	return err;
}

/* Call each with the first column of each row. */
static enum err
for_each(struct rebuild *r, const char *sql,
    enum err (*each)(struct rebuild *r, const char *name))
{
	sqlite3_stmt *statement = NULL;
	enum err err = OK;
	int code = sqlite3_prepare_v2(r->db, sql, -1, &statement, NULL);

	while (code == SQLITE_OK && err == OK &&
	    (code = sqlite3_step(statement)) == SQLITE_ROW) {
		err = each(r, (const char *)sqlite3_column_text(statement, 0));
		code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return err == OK ? complain(r, code) : err;
}

static enum err
report_line(struct rebuild *r, const char *line)
{
	buf_printf(r->report, "%s\n", line);
	return OK;
}

/* Does a search index agree with its content, before it is made anew? If not,
 * FTS5 calls it "corrupt". */
static enum err
look_at_index(struct rebuild *r, const char *name)
{
	char *sql = sqlite3_mprintf(
	    "INSERT INTO \"%w\"(\"%w\", rank) VALUES('integrity-check', 1)",
	    name, name);
	int code = SQLITE_NOMEM;

	if (sql != NULL)
		code = sqlite3_exec(r->db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	if ((code & 0xFF) != SQLITE_CORRUPT)
		return complain(r, code);
	buf_printf(r->report, "%s: search index differs\n", name);
	return OK;
}

/* Compare all tables but shadow tables, whose index is compared. Tables that
 * are kept are compared, too, because a rule may write to one. */
static enum err
compare(struct rebuild *r)
{
	enum err err = for_each(r,
	    "SELECT l.name FROM pragma_table_list l"
	    " WHERE l.schema = 'main' AND l.type = 'table'"
	    " AND l.name NOT GLOB 'guiju_*' AND l.name NOT GLOB 'sqlite_*'"
	    " AND l.name IN (SELECT name FROM old.sqlite_schema"
	    " WHERE type = 'table') ORDER BY l.name",
	    compare_table);

	if (err == OK)
		err = for_each(r,
		    "SELECT type || ' ' || name || CASE WHEN EXISTS (SELECT 1"
		    " FROM old.sqlite_schema o WHERE o.name = m.name)"
		    " THEN ': has another text' ELSE ': was missing' END"
		    " FROM main.sqlite_schema m WHERE NOT EXISTS (SELECT 1"
		    " FROM old.sqlite_schema o WHERE o.type = m.type"
		    " AND o.name = m.name AND o.sql IS m.sql)"
		    " UNION ALL "
		    "SELECT type || ' ' || name || ': is not of the schema'"
		    " FROM old.sqlite_schema o WHERE NOT EXISTS (SELECT 1"
		    " FROM main.sqlite_schema m WHERE m.name = o.name)"
		    " ORDER BY 1",
		    report_line);
	return err;
}

/* ---- making anew --------------------------------------------------- */

/* Is the database at this schema? If not, store_migrate() must run first. */
static enum err
check_version(struct rebuild *r)
{
	enum schema_rules rules;
	int64_t version = 0;
	enum err err = complain(
	    r, connect_int(r->db, "PRAGMA main.user_version", &version));

	if (err == OK)
		err =
		    schema_look(r->schema, r->database, r->db, &rules, r->why);
	if (err != OK ||
	    (version == r->schema->version && rules == SCHEMA_RULES_CURRENT))
		return err;
	buf_printf(r->why, "%s: is not at the capsule's schema", r->database);
	return ERR_INPUT;
}

/* Lock `main` for writing before `old` begins to read: so nobody can commit in
 * between. */
static enum err
begin(struct rebuild *r)
{
	int64_t version = 0;
	char sql[64];
	enum err err = run_sql(r, "BEGIN");

	if (err == OK)
		err = complain(r,
		    connect_int(r->db, "PRAGMA main.user_version", &version));
	snprintf(
	    sql, sizeof(sql), "PRAGMA main.user_version = %" PRId64, version);
	if (err == OK)
		err = run_sql(r, sql);
	if (err == OK)
		err = complain(r,
		    connect_int(r->db, "SELECT count(*) FROM old.sqlite_schema",
			&version));
	return err;
}

static enum err
make_anew(struct rebuild *r)
{
	enum err err = begin(r);

	if (err == OK)
		err = check_version(r);
	if (err == OK)
		err = for_each(r,
		    "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
		    " AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'"
		    " ORDER BY name",
		    look_at_index);
	if (err == OK)
		err = schema_drop_strangers(r->schema, r->db, r->why);
	if (err == OK)
		err = schema_drop(r->db, SCHEMA_RULES_ALL, r->why);
	if (err == OK)
		err = schema_make(r->schema, r->db, SCHEMA_RULES_ALL, r->why);
	if (err == OK)
		err = rules_compile(r->schema, r->db, r->why);
	if (err == OK)
		err = compare(r);
	(void)FAULT("rebuild");
	return err;
}

/* Attach `old`, and let SQLite sort in files and not in memory. */
static enum err
prepare(struct rebuild *r)
{
	sqlite3_stmt *attach = NULL;
	int code;

	sqlite3_limit(r->db, SQLITE_LIMIT_ATTACHED, 1);
	code = sqlite3_prepare_v2(r->db, "ATTACH ?1 AS old", -1, &attach, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_text(attach, 1, r->database, -1, SQLITE_STATIC);
		code = sqlite3_step(attach);
	}
	sqlite3_finalize(attach);
	if (code == SQLITE_DONE)
		code = sqlite3_exec(r->db,
		    "PRAGMA temp_store = FILE; PRAGMA foreign_keys = OFF", NULL,
		    NULL, NULL);
	return complain(r, code);
}

enum err
store_rebuild(const char *database, const char *schema_dir, bool dry_run,
    struct buf *report, struct buf *why)
{
	const struct connect how = {database, CONNECT_MIGRATOR, NULL};
	struct schema schema;
	struct rebuild r = {database, &schema, report, why, NULL};
	enum err err = schema_list(schema_dir, &schema, why);

	if (err == OK)
		err = connect_open(&how, &r.db, why);
	if (err == OK)
		err = prepare(&r);
	if (err == OK)
		err = make_anew(&r);
	if (err == OK)
		err = run_sql(&r, dry_run ? "ROLLBACK" : "COMMIT");
	sqlite3_close(r.db); /* rolls back an open transaction */
	schema_release(&schema);
	return err != OK ? err : report->err;
}
