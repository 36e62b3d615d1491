/* SPDX-License-Identifier: ISC */
/* What rules have made, spoiled and made anew. */
#include "store/schema.h"

#include "tests/unit/store_place.h"

static struct buf report;

static void
script_in(const char *folder, const char *name, const char *sql)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", schema, folder);
	if (access(path, F_OK) != 0)
		assert_int_equal(mkdir(path, 0700), 0);
	put(path, name, sql, strlen(sql));
}

/* A table of notes; how many there are by colour, an index of their words, and
 * whether a note's colour is the only one of its kind. */
static void
make(void)
{
	script("001_note.sql",
	    "CREATE TABLE note(id INTEGER PRIMARY KEY, colour TEXT,"
	    " words TEXT, alone INTEGER);"
	    "INSERT INTO note(colour, words) VALUES"
	    " ('red', 'one'), ('red', 'two'), ('blue', 'three');");
	script_in("derived", "1.sql",
	    "CREATE TABLE \"a \"\"count\"(colour TEXT PRIMARY KEY, n INTEGER)"
	    " WITHOUT ROWID;"
	    "INSERT INTO \"a \"\"count\" SELECT colour, count(*) FROM note"
	    " GROUP BY colour;"
	    "CREATE TABLE plain(n); INSERT INTO plain SELECT id FROM note;"
	    "UPDATE note SET alone = (SELECT n = 1 FROM \"a \"\"count\" c"
	    " WHERE c.colour = note.colour);"
	    "CREATE VIRTUAL TABLE note_fts USING fts5(words, content='note',"
	    " content_rowid='id');"
	    "INSERT INTO note_fts(note_fts) VALUES ('rebuild');");
	script_in("views", "v.sql", "CREATE VIEW v AS SELECT 1 AS one;");
	script_in("triggers", "t.sql",
	    "CREATE TRIGGER t AFTER DELETE ON plain BEGIN SELECT 1; END;");
	assert_int_equal(store_migrate(database, schema, NULL, &why), OK);
}

static enum err
rebuild(bool dry_run)
{
	buf_clear(&report);
	buf_clear(&why);
	return store_rebuild(database, schema, dry_run, &report, &why);
}

static void
assert_report(const char *text)
{
	buf_char(&report, '\0');
	assert_int_equal(report.err, OK);
	assert_string_equal(report.data, text);
}

static void
spoil(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
differences_are_reported_and_mended(void **state)
{
	static const char found[] = "note_fts: search index differs\n"
				    "a \"count: 1 more, 1 fewer, 1 changed\n"
				    "note: 2 changed\n"
				    "plain: 1 more\n"
				    "trigger t: was missing\n"
				    "view v: has another text\n";

	(void)state;
	make();
	assert_int_equal(rebuild(false), OK);
	assert_report("");
	spoil("UPDATE \"a \"\"count\" SET colour = 'green' WHERE n = 1;"
	      "UPDATE \"a \"\"count\" SET n = 9 WHERE colour = 'red';"
	      "UPDATE note SET alone = 5 WHERE colour = 'red';"
	      "UPDATE note SET words = 'four' WHERE id = 1;"
	      "DELETE FROM plain WHERE n = 2;"
	      "DROP TRIGGER t; DROP VIEW v; CREATE VIEW v AS SELECT 2 AS one;");
	assert_int_equal(rebuild(true), OK);
	assert_report(found);
	assert_int_equal(ask("SELECT n FROM \"a \"\"count\""
			     " WHERE colour = 'red'"),
	    9);
	assert_int_equal(rebuild(false), OK);
	assert_report(found);
	assert_int_equal(ask("SELECT n FROM \"a \"\"count\""
			     " WHERE colour = 'red'"),
	    2);
	assert_int_equal(ask("SELECT one FROM v"), 1);
	/* What is kept is kept, but for the column that a rule works out. */
	assert_int_equal(ask("SELECT count(*) FROM note WHERE words = 'four'"
			     " AND alone = 0"),
	    1);
	assert_int_equal(rebuild(true), OK);
	assert_report("");
}

static void
a_failing_rule_takes_nothing_away(void **state)
{
	(void)state;
	make();
	spoil("DELETE FROM plain");
	script("002_more.sql", "CREATE TABLE more(x);");
	assert_int_equal(rebuild(false), ERR_INPUT);
	assert_why("is not at the capsule's schema");
	assert_int_equal(store_migrate(database, schema, NULL, &why), OK);
	assert_int_equal(rebuild(false), OK);
	assert_report("");
	/* A rule that fails takes nothing away. */
	spoil("DELETE FROM plain; DROP TABLE more");
	script_in("derived", "2.sql", "CREATE TABLE b AS SELECT x FROM more;");
	assert_int_equal(rebuild(false), ERR_INPUT);
	assert_int_equal(ask("SELECT count(*) FROM plain"), 0);
	unlink(database);
	assert_int_equal(rebuild(false), ERR_MISSING);
	assert_why("there is no such file");
}

static int
set_up(void **state)
{
	buf_init(&report, 65536);
	return place_setup(state);
}

static int
tear_down(void **state)
{
	buf_release(&report);
	return place_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		differences_are_reported_and_mended, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_failing_rule_takes_nothing_away, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
