/* SPDX-License-Identifier: ISC */
/*
 * Files of SQL: where each statement begins and ends, whatever stands in it;
 * what may not be in them; and which line is blamed.
 */
#include "store_place.h"

#include "store/sql_file.h"

enum { BYTES_MAX = 4096 };

static sqlite3 *db;
static char path[192];

static int
set_up(void **state)
{
	if (place_setup(state) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/a.sql", schema);
	return sqlite3_open(":memory:", &db) == SQLITE_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	/* Fails if a statement is left. */
	if (sqlite3_close(db) != SQLITE_OK)
		return -1;
	db = NULL;
	return place_teardown(state);
}

static void
write_file(const char *text, size_t len)
{
	put(schema, "a.sql", text, len);
	buf_clear(&why);
}

/* Run the file; gives "LINE:REMARK:SQL|" for each statement. */
static enum err
split(const char *text, struct buf *out)
{
	struct sql_statement statement;
	struct sql_file file;
	enum err err;

	write_file(text, strlen(text));
	err = sql_file_open(&file, db, path, BYTES_MAX, &why);
	if (err != OK)
		return err;
	for (;;) {
		err = sql_file_next(&file, 0, &statement, &why);
		if (err != OK || statement.handle == NULL)
			break;
		buf_printf(out, "%zu:%.*s:%s|", statement.line,
		    STR_ARG(statement.remark), sqlite3_sql(statement.handle));
		while (sqlite3_step(statement.handle) == SQLITE_ROW)
			continue;
		assert_int_equal(sqlite3_finalize(statement.handle), SQLITE_OK);
	}
	sql_file_close(&file);
	return err;
}

static void
assert_split(const char *text, const char *expected)
{
	struct buf out;

	buf_init(&out, 1 << 16);
	if (split(text, &out) != OK)
		fail_msg("%s: %.*s", text, STR_ARG(buf_view(&why)));
	buf_char(&out, '\0');
	assert_string_equal(out.data, expected);
	buf_release(&out);
}

/* What looks like an end and is none. */
static void
statements_end_where_they_end(void **state)
{
	(void)state;
	assert_split("SELECT 'a;b', \"c;d\", [e;f], `g;h` FROM (SELECT 1 AS "
		     "\"c;d\", 2 AS [e;f], 3 AS `g;h`); SELECT 'it''s; so';",
	    "1::SELECT 'a;b', \"c;d\", [e;f], `g;h` FROM (SELECT 1 AS "
	    "\"c;d\", 2 AS [e;f], 3 AS `g;h`);|1::SELECT 'it''s; so';|");
	assert_split("SELECT 1 -- one; two\n+ 2; SELECT /* ; */ 3",
	    "1::SELECT 1 -- one; two\n+ 2;|2::SELECT /* ; */ 3|");
	assert_split("SELECT '-- no comment'; SELECT '/* nor this';\n"
		     "SELECT 4",
	    "1::SELECT '-- no comment';|1::SELECT '/* nor this';|"
	    "2::SELECT 4|");
	assert_split("CREATE TABLE t (a);\n"
		     "CREATE TRIGGER r AFTER INSERT ON t BEGIN\n"
		     "\tDELETE FROM t WHERE a = 'END;';\n"
		     "\tUPDATE t SET a = CASE a WHEN 1 THEN 2 END;\nEND;\n"
		     "INSERT INTO t VALUES (1);",
	    "1::CREATE TABLE t (a);|"
	    "2::CREATE TRIGGER r AFTER INSERT ON t BEGIN\n"
	    "\tDELETE FROM t WHERE a = 'END;';\n"
	    "\tUPDATE t SET a = CASE a WHEN 1 THEN 2 END;\nEND;|"
	    "6::INSERT INTO t VALUES (1);|");
}

static void
a_statement_knows_its_line_and_remark(void **state)
{
	(void)state;
	assert_split("-- first\n\n;;\n/* a; \n b */ SELECT 1;\r\n-- x\n-- y\n"
		     "/* z */\nSELECT\n2;SELECT 3;",
	    "5:-- first:SELECT 1;|9:-- y:SELECT\n2;|10::SELECT 3;|");
	/* Of the statement before, not of the one behind. */
	assert_split("SELECT 1; -- behind\nSELECT 2",
	    "1::SELECT 1;|2:-- behind:SELECT 2|");
	/* A byte order mark is blank to SQLite. */
	assert_split("\xEF\xBB\xBFSELECT 1", "1::\xEF\xBB\xBFSELECT 1|");
	assert_split("\xEF\xBB\xBF", "");
	assert_split("", "");
	assert_split(" ;\n; -- nothing", "");
	assert_split("/* without an end; SELECT 1;", "");
	assert_split("SELECT 1; /* without an end", "1::SELECT 1;|");
	assert_split("SELECT 1; --", "1::SELECT 1;|");
}

static void
a_script_may_not_end_its_transaction(void **state)
{
	static const char *const denied[] = {"BEGIN", "begin immediate",
	    "COMMIT", "END", "ROLLBACK", "SAVEPOINT x", "RELEASE x",
	    "ROLLBACK TO x", "ATTACH ':memory:' AS x", "DETACH x",
	    "EXPLAIN COMMIT"};
	char text[128];
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < sizeof(denied) / sizeof(*denied); i++) {
		snprintf(text, sizeof(text), "SELECT 1;\n\n%s;", denied[i]);
		if (split(text, &out) != ERR_INPUT)
			fail_msg("%s runs", denied[i]);
		assert_why("/a.sql:3: a script may not begin or end");
	}
	buf_release(&out);
	/* The fence is gone afterwards, also after an error. */
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN; COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

/* What SQLite's own modules do on the way is not what the file says. */
static void
statements_inside_of_modules_are_allowed(void **state)
{
	static const char text[] =
	    "CREATE VIRTUAL TABLE f USING fts4 (a);\n"
	    "INSERT INTO f VALUES ('x');\nINSERT INTO f VALUES ('y');\n"
	    "SELECT optimize(f) FROM f LIMIT 1;\n";

	(void)state;
	write_file(text, sizeof(text) - 1);
	if (script_run(db, path, &why) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
}

static void
each_error_has_its_line(void **state)
{
	static const struct {
		const char *text, *place;
	} rows[] = {
	    {"SELECT 1;\n\nSELECT\n nowhere;", "/a.sql:4: no such column"},
	    {"SELEC 1", "/a.sql:1: near \"SELEC\""},
	    {"SELECT 1;\nSELECT 'open;\n\n", "/a.sql:2: unrecognized token"},
	    {"-- c\n/* d\n */ CREATE TRIGGER r AFTER INSERT ON none BEGIN\n"
	     "SELECT 1; END;",
		"/a.sql:3: no such table"},
	    {"SELECT 1;\nSELECT (2;\nSELECT 3", "/a.sql:2: near \";\""},
	    {"SELECT 1;\n\x1B[31m", "/a.sql:2: unrecognized token"},
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(split(rows[i].text, &out), ERR_INPUT);
		if (str_find(buf_view(&why), str_from(rows[i].place)) ==
		    SIZE_MAX)
			fail_msg("%.*s", STR_ARG(buf_view(&why)));
		assert_int_equal(str_find_byte(buf_view(&why), 27), SIZE_MAX);
	}
	buf_release(&out);
}

static void
a_file_that_cannot_be_read_is_named(void **state)
{
	struct sql_file file;
	char large[BYTES_MAX + 2];

	(void)state;
	assert_int_equal(
	    sql_file_open(&file, db, path, BYTES_MAX, &why), ERR_MISSING);
	assert_why("/a.sql: No such file");
	buf_clear(&why);
	assert_int_equal(
	    sql_file_open(&file, db, dir, BYTES_MAX, &why), ERR_IO);
	assert_why(": Is a directory");
	write_file("SELECT 1;\0COMMIT;", 17);
	assert_int_equal(
	    sql_file_open(&file, db, path, BYTES_MAX, &why), ERR_INPUT);
	assert_why("/a.sql: holds a NUL byte");
	memset(large, ' ', sizeof(large));
	write_file(large, sizeof(large));
	assert_int_equal(
	    sql_file_open(&file, db, path, BYTES_MAX, &why), ERR_LIMIT);
	assert_why("/a.sql: is too long");
}

/* A script that is listed and leads nowhere is no missing folder. */
static void
a_script_that_is_gone_is_named(void **state)
{
	(void)state;
	assert_int_equal(script_run(db, path, &why), ERR_IO);
	assert_why("/a.sql: No such file");
}

#define SQL_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SQL_TEST(statements_end_where_they_end),
	    SQL_TEST(a_statement_knows_its_line_and_remark),
	    SQL_TEST(a_script_may_not_end_its_transaction),
	    SQL_TEST(statements_inside_of_modules_are_allowed),
	    SQL_TEST(each_error_has_its_line),
	    SQL_TEST(a_file_that_cannot_be_read_is_named),
	    SQL_TEST(a_script_that_is_gone_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
