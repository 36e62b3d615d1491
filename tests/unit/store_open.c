/* SPDX-License-Identifier: ISC */
/* The two connections: what they refuse, and when they give up. */
#include "store/store.h"

#include "base/clock.h"
#include "tests/unit/store_place.h"

static struct store *
open_store(void)
{
	struct store *store = NULL;

	buf_clear(&why);
	if (store_migrate(database, schema, NULL, &why) != OK ||
	    store_open(database, NULL, &store, &why) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	return store;
}

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) & 0xFF;
}

static void
the_reader_cannot_write(void **state)
{
	struct store *store;
	sqlite3 *reader;

	(void)state;
	script("001_a.sql", "CREATE TABLE a(x);");
	store = open_store();
	reader = store_reader(store);
	assert_int_equal(
	    run(reader, "INSERT INTO a VALUES (1)"), SQLITE_READONLY);
	/* Nor by taking the fence away: the file itself is open read-only. */
	assert_int_equal(run(reader, "PRAGMA query_only = OFF"), SQLITE_OK);
	assert_int_equal(
	    run(reader, "INSERT INTO a VALUES (1)"), SQLITE_READONLY);
	assert_int_equal(run(reader, "DROP TABLE a"), SQLITE_READONLY);
	assert_int_equal(
	    run(store_writer(store), "INSERT INTO a VALUES (1)"), SQLITE_OK);
	assert_int_equal(ask_on(reader, "SELECT count(*) FROM a"), 1);
	store_close(store);
}

static void
each_connection_has_its_settings(void **state)
{
	struct store *store = open_store();
	sqlite3 *both[] = {store_reader(store), store_writer(store)};

	(void)state;
	/* SQLite keeps no account of its memory, and has no lock for one. */
	assert_int_equal(sqlite3_memory_used(), 0);
	assert_int_equal(ask_on(both[0], "PRAGMA query_only"), 1);
	assert_int_equal(ask_on(both[1], "PRAGMA query_only"), 0);
	assert_int_equal(ask_on(both[1], "PRAGMA synchronous"), 2);
	assert_int_equal(ask_on(both[0], "PRAGMA cell_size_check"), 0);
	assert_int_equal(ask_on(both[1], "PRAGMA cell_size_check"), 1);
	assert_true(ask_on(both[0], "PRAGMA mmap_size") > 1 << 20);
	assert_int_equal(ask_on(both[1], "PRAGMA mmap_size"), 0);
	assert_int_equal(ask_on(both[0], "PRAGMA busy_timeout"), 1000);
	assert_int_equal(ask_on(both[1], "PRAGMA busy_timeout"), 5000);
	for (int i = 0; i < 2; i++) {
		sqlite3 *db = both[i];
		assert_int_equal(ask_on(db, "PRAGMA foreign_keys"), 1);
		assert_int_equal(ask_on(db, "PRAGMA wal_autocheckpoint"), 0);
		assert_int_equal(ask_on(db, "PRAGMA trusted_schema"), 0);
		assert_int_equal(ask_on(db, "PRAGMA temp_store"), 2);
		assert_int_equal(ask_on(db, "PRAGMA cache_size"), -8000);
		assert_int_equal(
		    run(db, "ATTACH ':memory:' AS m"), SQLITE_ERROR);
		assert_int_equal(
		    run(db, "SELECT load_extension('x')"), SQLITE_ERROR);
		assert_int_equal(
		    run(db, "SELECT \"no such column\""), SQLITE_ERROR);
		assert_int_equal(
		    run(db, "SELECT zeroblob(20000000)"), SQLITE_TOOBIG);
	}
	store_close(store);
}

static void
a_writer_cannot_spoil_the_schema(void **state)
{
	struct store *store;
	sqlite3 *db;

	(void)state;
	script("001_a.sql",
	    "CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
	    "CREATE VIRTUAL TABLE f USING fts5(x);");
	store = open_store();
	db = store_writer(store);
	assert_int_equal(
	    run(db, "INSERT INTO f VALUES ('some words')"), SQLITE_OK);
	assert_int_equal(run(db, "DELETE FROM f_data"), SQLITE_ERROR);
	assert_int_equal(run(db, "PRAGMA writable_schema = ON"), SQLITE_OK);
	assert_int_not_equal(
	    run(db, "UPDATE sqlite_schema SET sql = ''"), SQLITE_OK);
	assert_int_equal(
	    ask_on(db, "SELECT count(*) FROM f WHERE f MATCH 'words'"), 1);
	store_close(store);
}

/* Somebody else has made the file: what its views, triggers and indexes want
 * called is not called, by whoever reads or writes. */
static void
a_hostile_schema_calls_nothing_unsafe(void **state)
{
	struct store *store;
	sqlite3 *db;

	(void)state;
	script("001_a.sql",
	    "CREATE TABLE t(x); CREATE TABLE u(x); INSERT INTO t VALUES (1);"
	    "CREATE VIEW counting AS SELECT tally_add('t', x) AS y FROM t;"
	    "CREATE VIEW loading AS SELECT load_extension('evil') AS y;"
	    "CREATE TRIGGER counts AFTER INSERT ON t BEGIN"
	    " SELECT tally_add('t', new.x); END;"
	    "CREATE TRIGGER loads AFTER INSERT ON u BEGIN"
	    " SELECT load_extension('evil'); END;");
	store = open_store();
	for (int i = 0; i < 2; i++) {
		db = i == 0 ? store_reader(store) : store_writer(store);
		assert_int_equal(
		    run(db, "SELECT y FROM counting"), SQLITE_ERROR);
		assert_non_null(
		    strstr(sqlite3_errmsg(db), "unsafe use of tally_add()"));
		assert_int_equal(
		    run(db, "SELECT y FROM loading"), SQLITE_ERROR);
	}
	assert_int_equal(run(db, "INSERT INTO t VALUES (2)"), SQLITE_ERROR);
	assert_int_equal(run(db, "INSERT INTO u VALUES (2)"), SQLITE_ERROR);
	assert_int_equal(ask_on(db, "SELECT count(*) FROM t"), 1);
	assert_int_equal(ask_on(db, "SELECT count(*) FROM u"), 0);
	store_close(store);
}

/*
 * An index over a table of ours, kept by statements. (By triggers it cannot
 * be where SQLite is older than 3.44: trusted_schema=OFF keeps triggers and
 * views away from FTS5 there.)
 */
static void
an_index_is_kept_by_statements(void **state)
{
	struct store *store;
	sqlite3 *db;

	(void)state;
	script("001_a.sql",
	    "CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
	    "CREATE VIRTUAL TABLE f USING fts5(x, content='t',"
	    " content_rowid='id');"
	    "INSERT INTO t VALUES (7, 'the compass');"
	    "INSERT INTO f(rowid, x) SELECT id, x FROM t;");
	store = open_store();
	db = store_writer(store);
	assert_int_equal(ask_on(store_reader(store),
			     "SELECT rowid FROM f WHERE f MATCH 'compass'"),
	    7);
	assert_int_equal(run(db,
			     "INSERT INTO f(f, rowid, x) "
			     "SELECT 'delete', id, x FROM t"),
	    SQLITE_OK);
	assert_int_equal(ask_on(store_reader(store),
			     "SELECT count(*) FROM f WHERE f MATCH 'compass'"),
	    0);
	store_close(store);
}

static void
a_statement_ends_at_the_deadline(void **state)
{
	static const char endless[] =
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	    "SELECT count(*) FROM n";
	struct store *store = open_store();
	sqlite3 *both[] = {store_reader(store), store_writer(store)};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t start_ms = clock_ms();
		store_deadline(store, 50);
		assert_int_equal(run(both[i], endless), SQLITE_INTERRUPT);
		assert_in_range(clock_ms() - start_ms, 49, 2000);
		/* It stays passed until it is set anew. */
		assert_int_equal(run(both[i], endless), SQLITE_INTERRUPT);
		store_deadline(store, 0);
		assert_int_equal(ask_on(both[i],
				     "WITH RECURSIVE n(i) AS (SELECT 1 UNION "
				     "ALL SELECT i + 1 FROM n WHERE i < 99999)"
				     " SELECT count(*) FROM n"),
		    99999);
	}
	store_close(store);
}

static void
a_database_not_migrated_is_refused(void **state)
{
	struct store *store = NULL;

	(void)state;
	assert_int_equal(store_open(database, NULL, &store, &why), ERR_MISSING);
	assert_why("portal.db: there is no such file");
	buf_clear(&why);
	assert_int_equal(ask("CREATE TABLE t(x)"), -1);
	assert_int_equal(store_open(database, NULL, &store, &why), ERR_INPUT);
	assert_why("is not a database of guiju");
	assert_null(store);
	store_close(NULL);
}

static void
each_result_of_sqlite_has_its_error(void **state)
{
	(void)state;
	assert_int_equal(store_err(SQLITE_OK), OK);
	assert_int_equal(store_err(SQLITE_ROW), OK);
	assert_int_equal(store_err(SQLITE_DONE), OK);
	assert_int_equal(store_err(SQLITE_BUSY_SNAPSHOT), ERR_BUSY);
	assert_int_equal(store_err(SQLITE_LOCKED), ERR_BUSY);
	assert_int_equal(store_err(SQLITE_INTERRUPT), ERR_LATE);
	assert_int_equal(store_err(SQLITE_NOMEM), ERR_NOMEM);
	assert_int_equal(store_err(SQLITE_TOOBIG), ERR_LIMIT);
	assert_int_equal(store_err(SQLITE_CONSTRAINT_UNIQUE), ERR_INPUT);
	assert_int_equal(store_err(SQLITE_MISMATCH), ERR_INPUT);
	assert_int_equal(store_err(SQLITE_FULL), ERR_IO);
	assert_int_equal(store_err(SQLITE_ERROR), ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_reader_cannot_write),
	    TEST(each_connection_has_its_settings),
	    TEST(a_writer_cannot_spoil_the_schema),
	    TEST(a_hostile_schema_calls_nothing_unsafe),
	    TEST(an_index_is_kept_by_statements),
	    TEST(a_statement_ends_at_the_deadline),
	    TEST(a_database_not_migrated_is_refused),
	    TEST(each_result_of_sqlite_has_its_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
