/* SPDX-License-Identifier: ISC */
/*
 * Whoever can write to a database can plant a trigger or a view in it, or give
 * a table a CHECK or an index an expression that calls a function. In another
 * program, such as SQLite's own shell, that function may run a program. So a
 * database is compared with a new one in memory, which the same scripts make.
 *
 * Triggers and views have the text of their scripts to the byte, because a
 * start makes them anew when that text has changed. The text of a table depends
 * on the steps by which the database got there, so it is not compared. Instead
 * the table is made once more, in a scratch database that has no function which
 * can do harm. A virtual table has its module and arguments from its script,
 * since no ALTER TABLE changes them.
 */
#include "store/schema.h"

#include "base/log.h"
#include "base/utf8.h"
#include "store/connect.h"
#include "store/internal.h"
#include "store/sql_file.h"
#include "store/store.h"

enum { REPORT_BYTES_MAX = 4096, DROPS_BYTES_MAX = 1024 * 1024 };

struct examination {
	const char *database;
	sqlite3 *db;
	sqlite3 *scratch;    /* in memory: tables and indexes are tried there */
	sqlite3_stmt *model; /* asks the new database for one object */
	sqlite3_stmt *made;  /* asks scratch */
	struct buf report;   /* what an operator may have added, or lost */
	struct buf *why;
};

enum likeness { LIKE_NONE, LIKE_NAME, LIKE_TEXT };

/* Every object; sqlite_autoindex_... have no text. */
static const char objects[] =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema"
    " WHERE sql NOTNULL ORDER BY type <> 'table', type, name";
static const char one_object[] =
    "SELECT sql IS ?3, sql FROM sqlite_schema WHERE type = ?1 AND name = ?2";

static const char *
text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text == NULL ? "" : text;
}

/* What stands behind USING: a module, and its arguments. */
static struct str
module_of(struct str sql)
{
	struct str token;

	do
		token = sql_next_token(&sql);
	while (token.len > 0 && !str_equal_nocase(token, STR("USING")));
	return sql;
}

/* Have two virtual tables the same module and arguments? A rename changes the
 * name in the text, and another script may set blanks in another way. */
static bool
is_same_virtual(struct str a, struct str b)
{
	struct str left, right;
	size_t n = 0;

	a = module_of(a);
	b = module_of(b);
	do {
		left = sql_next_token(&a);
		right = sql_next_token(&b);
		n += left.len;
	} while (left.len > 0 && str_equal(left, right));
	return n > 0 && left.len == 0 && right.len == 0;
}

static bool
is_virtual(sqlite3_stmt *row)
{
	return sqlite3_strnicmp(text_of(row, 3), "CREATE VIRTUAL", 14) == 0;
}

/* Is there such an object in the other database? row: of `objects`. */
static int
find(sqlite3_stmt *other, sqlite3_stmt *row, enum likeness *out)
{
	int code;

	sqlite3_bind_text(other, 1, text_of(row, 0), -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(other, 2, text_of(row, 1), -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(other, 3, text_of(row, 3), -1, SQLITE_TRANSIENT);
	code = sqlite3_step(other);
	*out = code != SQLITE_ROW               ? LIKE_NONE
	    : sqlite3_column_int(other, 0) != 0 ? LIKE_TEXT
						: LIKE_NAME;
	if (*out == LIKE_NAME && is_virtual(row) &&
	    is_same_virtual(
		str_from(text_of(row, 3)), str_from(text_of(other, 1))))
		*out = LIKE_TEXT;
	sqlite3_reset(other);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool
is_rule(sqlite3_stmt *row)
{
	const char *type = text_of(row, 0);

	return strcmp(type, "table") != 0 && strcmp(type, "index") != 0;
}

/* A table that SQLite makes itself, for AUTOINCREMENT and ANALYZE. */
static bool
is_own_table(sqlite3_stmt *row)
{
	static const char *const texts[] = {
	    "CREATE TABLE sqlite_sequence(name,seq)",
	    "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
	    "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strcmp(text_of(row, 3), texts[i]) == 0)
			return true;
	return false;
}

static enum err
refuse(struct examination *e, sqlite3_stmt *row, const char *what)
{
	utf8_add_line(e->why, str_from(e->database));
	buf_printf(
	    e->why, ": the capsule does not make its %s ", text_of(row, 0));
	utf8_add_line(e->why, str_from(text_of(row, 1)));
	buf_text(e->why, what == NULL ? " (`guiju rebuild` drops it)" : ": ");
	utf8_add_line(e->why, str_from(what));
	return ERR_INPUT;
}

/* Only a table or an index may be made in the scratch database. It cannot be
 * filled from a SELECT, which might never end. */
static int
only_make(void *context, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	static const int allowed[] = {SQLITE_CREATE_TABLE, SQLITE_CREATE_INDEX,
	    SQLITE_INSERT, SQLITE_UPDATE, SQLITE_READ, SQLITE_REINDEX,
	    SQLITE_FUNCTION};

	(void)context, (void)first, (void)second, (void)schema, (void)trigger;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (action == allowed[i])
			return SQLITE_OK;
	return SQLITE_DENY;
}

/* Run the first statement of a text, which is all that SQLite reads of it. */
static int
make_object(sqlite3 *scratch, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int code;

	sqlite3_set_authorizer(scratch, only_make, NULL);
	code = sqlite3_prepare_v2(scratch, sql, -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	sqlite3_set_authorizer(scratch, NULL, NULL);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Do statements of a table compile in the scratch database? */
static int
compile_forms(sqlite3 *scratch, const char *table)
{
	static const char *const forms[] = {
	    "SELECT * FROM \"%w\"", "INSERT INTO \"%w\" DEFAULT VALUES"};
	int code = SQLITE_OK;

	for (size_t i = 0;
	     code == SQLITE_OK && i < sizeof(forms) / sizeof(*forms); i++) {
		char *sql = sqlite3_mprintf(forms[i], table);
		sqlite3_stmt *compiled = NULL;

		code = sql == NULL
		    ? SQLITE_NOMEM
		    : sqlite3_prepare_v2(scratch, sql, -1, &compiled, NULL);
		sqlite3_finalize(compiled);
		sqlite3_free(sql);
	}
	return code;
}

/* Make a table or an index in the scratch database. It must have there the
 * text that it has here: so the text is one statement, with nothing behind.
 * Statements of its table must compile, too. */
static enum err
try_object(struct examination *e, sqlite3_stmt *row, bool compiles)
{
	enum likeness likeness = LIKE_TEXT;
	int code = make_object(e->scratch, text_of(row, 3));

	if (code == SQLITE_OK)
		code = find(e->made, row, &likeness);
	if (code == SQLITE_OK && likeness != LIKE_TEXT)
		return refuse(e, row, "SQLite keeps another text of it");
	if (code == SQLITE_OK && compiles)
		code = compile_forms(e->scratch, text_of(row, 2));
	if (code == SQLITE_OK || (code & 0xFF) == SQLITE_NOMEM)
		return store_err(code);
	return refuse(e, row, sqlite3_errmsg(e->scratch));
}

static void
add_report(struct examination *e, sqlite3_stmt *row, const char *what)
{
	if (e->report.len > 0)
		buf_text(&e->report, ", ");
	buf_printf(&e->report, "%s ", text_of(row, 0));
	utf8_add_line(&e->report, str_from(text_of(row, 1)));
	buf_text(&e->report, what);
}

static enum err
examine_object(struct examination *e, sqlite3_stmt *row)
{
	enum likeness likeness;
	int code = find(e->model, row, &likeness);
	enum err err = OK;

	if (code != SQLITE_OK)
		return store_err(code);
	if (is_rule(row))
		return likeness == LIKE_TEXT ? OK : refuse(e, row, NULL);
	if (is_virtual(row))
		return likeness == LIKE_TEXT
		    ? OK
		    : refuse(e, row, "a virtual table");
	/* An index needs its table. SQLite's own tables have no code. */
	if (!is_own_table(row) &&
	    (likeness != LIKE_TEXT || strcmp(text_of(row, 0), "table") == 0))
		err = try_object(e, row, likeness != LIKE_TEXT);
	if (err == OK && likeness == LIKE_NONE)
		add_report(e, row, " is not of the capsule");
	return err;
}

/* Report what the capsule makes and the database lacks. */
static enum err
report_lost(struct examination *e)
{
	sqlite3 *model = sqlite3_db_handle(e->model);
	sqlite3_stmt *there = NULL, *row = NULL;
	int code = sqlite3_prepare_v2(e->db, one_object, -1, &there, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(model, objects, -1, &row, NULL);
	while (code == SQLITE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
		enum likeness likeness;

		code = find(there, row, &likeness);
		if (code == SQLITE_OK && likeness == LIKE_NONE)
			add_report(e, row, " is missing");
	}
	sqlite3_finalize(there);
	sqlite3_finalize(row);
	return code == SQLITE_DONE ? OK : connect_err(code);
}

static enum err
examine_settings(struct examination *e)
{
	struct buf why;
	enum err err;

	buf_init(&why, REPORT_BYTES_MAX);
	err = store_check_settings(e->db, &why);
	if (err != OK) {
		utf8_add_line(e->why, str_from(e->database));
		buf_text(e->why, ": ");
		buf_str(e->why, buf_view(&why));
	}
	buf_release(&why);
	return err;
}

static enum err
examine(struct examination *e)
{
	sqlite3_stmt *row = NULL;
	enum err err = OK;
	int code = sqlite3_prepare_v2(e->db, objects, -1, &row, NULL);

	while (code == SQLITE_OK && err == OK &&
	    (code = sqlite3_step(row)) == SQLITE_ROW) {
		code = SQLITE_OK;
		err = examine_object(e, row);
	}
	if (err == OK && code != SQLITE_DONE) {
		connect_why(e->why, e->database, "does not read", e->db);
		err = connect_err(code);
	}
	sqlite3_finalize(row);
	if (err == OK)
		err = examine_settings(e);
	return err == OK ? report_lost(e) : err;
}

enum err
schema_examine(const char *database, const char *schema_dir, struct buf *why)
{
	const struct connect memory = {":memory:", CONNECT_MIGRATOR, NULL};
	struct examination e = {.database = database, .why = why};
	struct store *store = NULL;
	struct schema schema;
	sqlite3 *model = NULL;
	enum err err = schema_list(schema_dir, &schema, why);

	buf_init(&e.report, REPORT_BYTES_MAX);
	if (err == OK)
		err = schema_model(&schema, &model, why);
	if (err == OK)
		err = connect_open(&memory, &e.scratch, why);
	if (err == OK)
		err = store_open_copy(database, &store, why);
	if (err == OK) {
		e.db = store_reader(store);
		err = store_err(
		    sqlite3_prepare_v2(model, one_object, -1, &e.model, NULL));
	}
	if (err == OK)
		err = store_err(sqlite3_prepare_v2(
		    e.scratch, one_object, -1, &e.made, NULL));
	if (err == OK)
		err = examine(&e);
	if (err == OK && e.report.len > 0)
		log_warn(
		    "store: %s: %.*s", database, STR_ARG(buf_view(&e.report)));
	if (err != OK && why->len == 0)
		buf_text(why, "store: out of memory");
	sqlite3_finalize(e.model);
	sqlite3_finalize(e.made);
	sqlite3_close(model);
	sqlite3_close(e.scratch);
	store_close(store);
	schema_release(&schema);
	buf_release(&e.report);
	return err;
}

enum err
schema_drop_strangers(const struct schema *schema, sqlite3 *db, struct buf *why)
{
	sqlite3_stmt *other = NULL, *row = NULL;
	sqlite3 *model = NULL;
	struct buf sql;
	enum err err = schema_model(schema, &model, why);
	int code;

	if (err != OK)
		return err;
	buf_init(&sql, DROPS_BYTES_MAX);
	code = sqlite3_prepare_v2(model, one_object, -1, &other, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, objects, -1, &row, NULL);
	while (code == SQLITE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
		enum likeness likeness;

		code = find(other, row, &likeness);
		if (code == SQLITE_OK && likeness != LIKE_TEXT && is_rule(row))
			code = schema_add_drop(
			    &sql, text_of(row, 0), text_of(row, 1));
	}
	sqlite3_finalize(other);
	sqlite3_finalize(row);
	sqlite3_close(model);
	buf_char(&sql, '\0');
	if (code == SQLITE_DONE)
		code = sql.err == OK
		    ? sqlite3_exec(db, sql.data, NULL, NULL, NULL)
		    : SQLITE_NOMEM;
	if (code != SQLITE_OK)
		err = sql_blame(db, "schema", 0, code, why);
	buf_release(&sql);
	return err;
}
