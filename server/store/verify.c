/* SPDX-License-Identifier: ISC */
/*
 * Verifying a database: each page of the file, each reference, each id, each
 * search index. A start does it to a database that comes from elsewhere, the
 * night to its copy.
 */
#include "base/log.h"
#include "base/utf8.h"
#include "store/internal.h"
#include "store/store.h"

enum { TOLD_MAX = 10 };

struct verification {
	const char *database, *who;
	struct buf *why; /* gets the first finding */
	int found;
};

bool
is_table_name(struct str name)
{
	if (name.len == 0 || name.len > 60)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
			return false;
	}
	return true;
}

/* Find the first search index after name, and replace name by it. No statement
 * stays open: one that reads would keep the next from writing, if another
 * process has committed meanwhile (SQLITE_BUSY_SNAPSHOT). */
static int
next_search_index(sqlite3 *db, char name[], size_t size)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'"
	    " AND length(CAST(name AS BLOB)) <= 60 AND name > ?1"
	    " ORDER BY name LIMIT 1",
	    -1, &statement, NULL);

	if (code == SQLITE_OK)
		code =
		    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		snprintf(name, size, "%s",
		    (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return code;
}

int
each_search_index(sqlite3 *db,
    int (*each)(sqlite3 *db, const char *name, void *context), void *context)
{
	char name[64] = "";
	int code;

	while (
	    (code = next_search_index(db, name, sizeof(name))) == SQLITE_ROW) {
		code = is_table_name(str_from(name)) ? each(db, name, context)
						     : SQLITE_OK;
		if (code != SQLITE_OK)
			return code;
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
look_at_settings(sqlite3 *db, const char *name, void *context)
{
	struct buf *why = context;
	char sql[128];
	int64_t n = 0;
	int code;

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM %s_config WHERE k = 'secure-delete'", name);
	code = connect_int(db, sql, &n);
	if (code == SQLITE_OK && n > 0 && why->len == 0)
		buf_printf(why,
		    "search index %s is set to secure-delete, so that SQLite "
		    "before 3.42 cannot read it (`guiju rebuild` builds an "
		    "index of schema/derived/ again)",
		    name);
	/* There is no such table: an index of words (fts5vocab). */
	return code == SQLITE_ERROR ? SQLITE_OK : code;
}

enum err
store_check_settings(sqlite3 *db, struct buf *why)
{
	struct buf found;
	enum err err;
	int code;

	buf_init(&found, 1024);
	code = each_search_index(db, look_at_settings, &found);
	err = code != SQLITE_OK ? connect_err(code)
	    : found.err != OK   ? found.err
	    : found.len > 0     ? ERR_INPUT
				: OK;
	if (code != SQLITE_OK)
		utf8_add_line(why, str_from(sqlite3_errmsg(db)));
	buf_str(why, buf_view(&found));
	buf_release(&found);
	return err;
}

static void
add_finding(struct verification *e, const char *what, const char *text)
{
	log_error("%s: %s: %s", e->who, what, text);
	if (e->found++ > 0)
		return;
	utf8_add_line(e->why, str_from(e->database));
	buf_printf(e->why, ": %s: ", what);
	utf8_add_line(e->why, str_from(text));
}

/* Run a check; every row that is not "ok" is a finding. */
static int
run_check(
    struct verification *e, sqlite3 *db, const char *sql, const char *what)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	while (code == SQLITE_OK &&
	    (code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *text =
		    (const char *)sqlite3_column_text(statement, 0);

		code = SQLITE_OK;
		if (text != NULL && strcmp(text, "ok") != 0)
			add_finding(e, what, text);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
check_index(sqlite3 *db, const char *name, void *context)
{
	struct verification *e = context;
	char sql[256];
	int code;

	snprintf(sql, sizeof(sql),
	    "INSERT INTO %s(%s) VALUES('integrity-check')", name, name);
	code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (code == SQLITE_OK) {
		log_info("%s: search index %s is whole", e->who, name);
	} else if ((code & 0xFF) == SQLITE_CORRUPT) {
		add_finding(e,
		    "a search index is damaged, `guiju rebuild` "
		    "builds it again",
		    name);
		code = SQLITE_OK;
	}
	return code;
}

static int
check_file(struct verification *e, sqlite3 *db)
{
	char sql[128];
	int code;

	snprintf(sql, sizeof(sql), "PRAGMA integrity_check(%d)", TOLD_MAX);
	code = run_check(e, db, sql, "the database is damaged");
	if (code == SQLITE_OK && e->found == 0)
		log_info("%s: the database is whole", e->who);
	return code;
}

static int
check_references(struct verification *e, sqlite3 *db)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
	    "SELECT \"table\" || ' to ' || \"parent\" FROM "
	    "pragma_foreign_key_check LIMIT %d",
	    TOLD_MAX);
	return run_check(e, db, sql, "a row refers to no row");
}

/* Tables whose rows are known by a column `id`. */
static const char id_tables[] =
    "SELECT t.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c"
    " WHERE t.schema = 'main' AND t.type = 'table' AND t.wr = 0"
    " AND c.name = 'id' AND c.type = 'INTEGER' AND c.pk = 1 AND NOT EXISTS"
    " (SELECT 1 FROM pragma_table_xinfo(t.name) WHERE pk > 1)";

/* SQLite counts ids up from 1. Only a row that was made by hand, or before a
 * trigger refused it, has another: pages and search indexes do not expect it.
 */
static int
check_ids(struct verification *e, sqlite3 *db)
{
	sqlite3_stmt *table = NULL;
	int code = sqlite3_prepare_v2(db, id_tables, -1, &table, NULL);

	while (
	    code == SQLITE_OK && (code = sqlite3_step(table)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(table, 0);
		char *sql = sqlite3_mprintf(
		    "SELECT %Q || ' ' || id FROM \"%w\" WHERE id < 1 LIMIT 1",
		    name, name);

		code = sql == NULL
		    ? SQLITE_NOMEM
		    : run_check(e, db, sql, "a row has an id below 1");
		sqlite3_free(sql);
	}
	sqlite3_finalize(table);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
check_rows(struct verification *e, sqlite3 *db)
{
	int code = check_references(e, db);

	return code == SQLITE_OK ? check_ids(e, db) : code;
}

static int
check_content(struct verification *e, sqlite3 *db)
{
	int code = check_rows(e, db);

	/* An index of another folding is built anew before it is used. */
	return code == SQLITE_OK && refold_is_current(db)
	    ? each_search_index(db, check_index, e)
	    : code;
}

static enum err
end_check(struct verification *e, sqlite3 *db, int code)
{
	if (code != SQLITE_OK) {
		buf_clear(e->why);
		connect_why(e->why, e->database,
		    connect_err(code) == ERR_INPUT ? "the database is damaged"
						   : "does not check",
		    db);
		/* An error: a table calls a function that nobody may call. */
		return (code & 0xFF) == SQLITE_ERROR ? ERR_INPUT
						     : connect_err(code);
	}
	return e->found > 0 ? ERR_INPUT : OK;
}

/* Run one of the two groups of checks on a connection with that role. */
static enum err
check(struct verification *e, enum connect_role role,
    int (*checks)(struct verification *, sqlite3 *))
{
	const struct connect how = {e->database, role, NULL};
	sqlite3 *db = NULL;
	enum err err = connect_open(&how, &db, e->why);
	int code;

	if (err != OK)
		return err;
	code = sqlite3_exec(db, "PRAGMA " MAP_ALL, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = checks(e, db);
	err = end_check(e, db, code);
	sqlite3_close(db);
	return err;
}

enum err
store_verify(const char *database, const char *who, struct buf *why)
{
	struct verification e = {database, who, why, 0};
	enum err err = check(&e, CONNECT_CHECKER, check_file);

	if (err == OK)
		err = check(&e, CONNECT_MIGRATOR, check_content);
	return err;
}

enum err
store_verify_copy(const char *database, const char *who, struct buf *why)
{
	struct verification e = {database, who, why, 0};
	struct store *store = NULL;
	enum err err = store_open_copy(database, &store, why);
	int code;

	if (err != OK)
		return err;
	/* As on a checker: a search index is no part of the file's soundness,
	 * and only who can write can have it checked. */
	code = sqlite3_drop_modules(store_reader(store), NULL);
	if (code == SQLITE_OK)
		code = check_file(&e, store_reader(store));
	if (code == SQLITE_OK)
		code = check_rows(&e, store_reader(store));
	err = end_check(&e, store_reader(store), code);
	store_close(store);
	return err;
}
