/* SPDX-License-Identifier: ISC */
/* Migrations: order, gaps, versions, failing scripts, files that are none. */
#include "store/store.h"

#include <fcntl.h>

#include "base/fault.h"
#include "tests/unit/store_place.h"

static char first[128];

/* A folder of first content beside the schema. */
static void
make_first(void)
{
	snprintf(first, sizeof(first), "%s/first", dir);
	assert_int_equal(mkdir(first, 0700), 0);
}

static enum err
migrate(void)
{
	buf_clear(&why);
	return store_migrate(database, schema, first, &why);
}

static void
assert_only_database(void)
{
	static const char *const tails[] = {
	    ".new", ".new-wal", ".new-shm", ".new-journal", "-wal"};
	char path[256];

	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "%s%s", database, tails[i]);
		assert_int_not_equal(access(path, F_OK), 0);
	}
}

static void
each_script_runs_once(void **state)
{
	struct stat st;

	(void)state;
	make_first();
	umask(022);
	script("001_a.sql", "CREATE TABLE a(x);\n-- end; of; it\n");
	script("002_b.sql", "/* b; */ ALTER TABLE a ADD COLUMN y;");
	script("notes.txt", "not SQL");
	script(".hidden.sql", "not SQL");
	put(first, "b.sql", "UPDATE a SET y = x + 1;", 23);
	put(first, "a.sql", "INSERT INTO a(x) VALUES (41);", 29);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("PRAGMA user_version"), 2);
	assert_int_equal(ask("PRAGMA application_id"), STORE_APPLICATION_ID);
	assert_int_equal(ask("SELECT y FROM a"), 42);
	assert_int_equal(ask("SELECT 1 FROM pragma_journal_mode "
			     "WHERE journal_mode = 'wal'"),
	    1);
	assert_int_equal(stat(database, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_only_database();
	/* Again: nothing to do, and no first content a second time. */
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM a"), 1);
	script("003_c.sql", "INSERT INTO a(x) SELECT x FROM a");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("PRAGMA user_version"), 3);
	assert_int_equal(ask("SELECT count(*) FROM a"), 2);
}

/* Databases once held the seals' key: it goes at the next start. */
static void
a_key_in_an_older_database_is_dropped(void **state)
{
	(void)state;
	script("001_a.sql", "CREATE TABLE a(x);");
	assert_int_equal(migrate(), OK);
	assert_int_equal(
	    ask("CREATE TABLE guiju_secret(id INTEGER PRIMARY KEY, secret)"),
	    -1);
	assert_int_equal(
	    ask("INSERT INTO guiju_secret VALUES (1, zeroblob(32))"), -1);
	assert_int_equal(ask("SELECT count(*) FROM guiju_secret"), 1);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"
			     " WHERE name = 'guiju_secret'"),
	    0);
	assert_int_equal(ask("SELECT count(*) FROM guiju_seal"), 0);
}

static void
scripts_are_numbered_without_gaps(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	script("003_c.sql", "CREATE TABLE c(x);");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("003_c.sql: ");
	assert_why("002_ is missing");
	assert_int_not_equal(access(database, F_OK), 0);
	script("002_b.sql", "CREATE TABLE b(x);");
	assert_int_equal(migrate(), OK);
	script("003_other.sql", "CREATE TABLE d(x);");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("003_other.sql");
}

static void
a_missing_schema_folder_is_named(void **state)
{
	(void)state;
	make_first();
	assert_int_equal(rmdir(schema), 0);
	assert_int_equal(migrate(), ERR_MISSING);
	assert_why("/schema: ");
	mkdir(schema, 0700);
	buf_clear(&why);
	assert_int_equal(
	    store_migrate("/nowhere/x.db", schema, NULL, &why), ERR_IO);
	assert_why("/nowhere/x.db: ");
	/* No schema at all is a schema; no first content is fine. */
	assert_int_equal(rmdir(first), 0);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("PRAGMA user_version"), 0);
}

static void
unlink_script(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", schema, name);
	assert_int_equal(unlink(path), 0);
}

static void
a_newer_database_is_refused(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	script("002_b.sql", "CREATE TABLE b(x);");
	assert_int_equal(migrate(), OK);
	unlink_script("002_b.sql");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("is at schema 2, the capsule knows only 1");
}

static void
a_failing_script_changes_nothing(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	assert_int_equal(migrate(), OK);
	script("002_b.sql",
	    "CREATE TABLE b(x);\n"
	    "INSERT INTO a VALUES (1);\n"
	    "-- a comment\n\n"
	    "SELECT 1; INSERT INTO a\n"
	    "  VALUES (nobody);\n");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("/schema/002_b.sql:6: no such column: nobody");
	assert_int_equal(ask("PRAGMA user_version"), 1);
	assert_int_equal(ask("SELECT count(*) FROM a"), 0);
	assert_int_equal(ask("SELECT count(*) FROM b"), -1);
	script("002_b.sql",
	    "\n\n INSERT INTO a(x) SELECT abs('x'\n"
	    "|| x) FROM a;\nSELECT\n"
	    "abs(-9223372036854775808);");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("002_b.sql:5: integer overflow");
	script("002_b.sql", "CREATE TABLE b(x); COMMIT; BOTCH");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("002_b.sql:1: a script may not begin");
	assert_int_equal(ask("SELECT count(*) FROM b"), -1);
	script("002_b.sql", "ATTACH '/tmp/x' AS x");
	assert_int_equal(migrate(), ERR_INPUT);
	put(schema, "002_b.sql", "SELECT 1;\0SELECT 2", 18);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("NUL");
	script("002_b.sql", "CREATE TABLE b(x); /* open");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM b"), 0);
}

static void
a_row_that_refers_to_nothing_is_refused(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql",
	    "CREATE TABLE a(id INTEGER PRIMARY KEY);\n"
	    "CREATE TABLE b(a REFERENCES a ON DELETE CASCADE);\n"
	    "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);");
	/* Rebuilding a table takes its children with it if they bite. */
	script("002_rebuild.sql",
	    "CREATE TABLE c(id INTEGER PRIMARY KEY, more);\n"
	    "INSERT INTO c(id) SELECT id FROM a;\n"
	    "DROP TABLE a; ALTER TABLE c RENAME TO a;");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM b"), 1);
	script("003_bad.sql", "INSERT INTO b VALUES (7)");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("003_bad.sql: leaves a row of b that refers to no row of a");
	assert_int_equal(ask("SELECT count(*) FROM b"), 1);
}

static void
failing_first_content_leaves_no_database(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x UNIQUE);");
	put(first, "1.sql", "INSERT INTO a VALUES (1);\n", 26);
	put(first, "2.sql", "\nINSERT INTO a VALUES (1);\n", 27);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("/first/2.sql:2: UNIQUE");
	assert_int_not_equal(access(database, F_OK), 0);
	assert_only_database();
	put(first, "2.sql", "INSERT INTO a VALUES (2);\n", 26);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM a"), 2);
}

static void
a_file_that_is_not_a_database_is_refused(void **state)
{
	char garbage[8192];
	sqlite3 *db;

	(void)state;
	make_first();
	memset(garbage, 'x', sizeof(garbage));
	put(dir, "portal.db", garbage, sizeof(garbage));
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("portal.db: does not open: file is not a database");
	put(dir, "portal.db", "", 0);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("is empty");
	unlink(database);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("is not a database of guiju");
	unlink(database);
	mkdir(database, 0700);
	assert_int_not_equal(migrate(), OK);
	assert_true(why.len > 0);
}

static void
a_damaged_database_is_refused(void **state)
{
	char page[512];
	int fd;

	(void)state;
	make_first();
	script("001_a.sql",
	    "CREATE TABLE a(x);"
	    "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
	    "SELECT i + 1 FROM n WHERE i < 2000) SELECT hex(i)||'text' "
	    "FROM n;");
	assert_int_equal(migrate(), OK);
	fd = open(database, O_RDWR);
	assert_true(fd >= 0);
	memset(page, 0x5A, sizeof(page));
	assert_int_equal(pwrite(fd, page, 512, 4096L * 9), 512);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("is damaged: ");
	assert_int_equal(ftruncate(fd, 4096L * 3), 0);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("malformed");
	close(fd);
}

/* A log that outlived its file is not replayed into the new one. */
static void
a_stale_log_is_not_replayed(void **state)
{
	char path[256];

	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	put(dir, "portal.db-wal", "old", 3);
	snprintf(path, sizeof(path), "%s/portal.db.new", dir);
	put(dir, "portal.db.new", "half", 4);
	assert_int_equal(migrate(), OK);
	assert_only_database();
	assert_int_equal(ask("SELECT count(*) FROM a"), 0);
}

/* Many at once: each script runs once, everybody succeeds. */
static void
migrations_at_once_run_each_script_once(void **state)
{
	pid_t child[6];

	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	script("002_b.sql", "INSERT INTO a VALUES (1);");
	put(first, "1.sql", "INSERT INTO a VALUES (2);", 25);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 6; i++) {
			child[i] = fork();
			if (child[i] == 0)
				_exit(migrate() == OK ? 0 : 1);
		}
		for (size_t i = 0; i < 6; i++) {
			int status = -1;
			waitpid(child[i], &status, 0);
			assert_int_equal(status, 0);
		}
		assert_int_equal(ask("SELECT count(*) FROM a"), 2 + round);
		script("003_c.sql", "INSERT INTO a VALUES (3);");
	}
}

static void
script_in(const char *folder, const char *name, const char *sql)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", schema, folder);
	if (access(path, F_OK) != 0)
		assert_int_equal(mkdir(path, 0700), 0);
	put(path, name, sql, strlen(sql));
}

static void
drop_in(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s/%s", schema, folder, name);
	assert_int_equal(unlink(path), 0);
}

/* A schema whose derived table counts the rows of a kept one. */
static void
make_rules(void)
{
	/* An index may have the name of a trigger. */
	script("001_a.sql",
	    "CREATE TABLE a(x);\nCREATE INDEX a_insert ON a(x);\n");
	script_in("derived", "n.sql",
	    "CREATE TABLE n(all_of_them INTEGER);\n"
	    "INSERT INTO n SELECT count(*) FROM a;\n"
	    "CREATE INDEX a_x ON a(x);\n");
	script_in(
	    "views", "v.sql", "CREATE VIEW v AS SELECT all_of_them FROM n;\n");
	script_in("triggers", "a.sql",
	    "CREATE TRIGGER a_insert AFTER INSERT ON a BEGIN\n"
	    "UPDATE n SET all_of_them = all_of_them + 1; END;\n");
	put(first, "a.sql", "INSERT INTO a VALUES (1), (2)", 29);
}

static void
only_changed_rules_are_made_anew(void **state)
{
	(void)state;
	make_first();
	make_rules();
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT all_of_them FROM v"), 2);
	assert_int_equal(ask("SELECT count(*) FROM guiju_derived"), 3);
	/* Nothing is made anew where nothing is new. */
	assert_int_equal(ask("UPDATE n SET all_of_them = 7 RETURNING 1"), 1);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT all_of_them FROM v"), 7);
	/* Another view, another trigger: the tables stay as they are. */
	script_in("views", "v.sql",
	    "CREATE VIEW v AS SELECT -all_of_them AS minus FROM n;\n");
	script_in("views", "w.sql", "CREATE VIEW w AS SELECT minus FROM v");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT -minus FROM w"), 7);
	drop_in("triggers", "a.sql");
	assert_int_equal(migrate(), OK);
	assert_int_equal(
	    ask("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"),
	    0);
	assert_int_equal(
	    ask("SELECT count(*) FROM sqlite_schema WHERE name = 'a_insert'"),
	    1);
	assert_int_equal(ask("INSERT INTO a VALUES (3) RETURNING 1"), 1);
	assert_int_equal(ask("SELECT all_of_them FROM n"), 7);
	/* Another derived file: they are made anew, and their indexes. */
	script_in("derived", "n.sql",
	    "CREATE TABLE n(all_of_them INTEGER);\n"
	    "INSERT INTO n SELECT count(*) + 100 FROM a;\n");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT all_of_them FROM n"), 103);
	assert_int_equal(
	    ask("SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
		" AND name = 'a_x'"),
	    0);
	/* A numbered script sees what is kept; what it did is counted. */
	script("002_b.sql",
	    "INSERT INTO a SELECT 4 WHERE NOT EXISTS (SELECT 1 FROM"
	    " sqlite_schema WHERE name IN ('n', 'v', 'w'));\n"
	    "ALTER TABLE a RENAME COLUMN x TO y");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT all_of_them FROM n"), 104);
	/* What no file makes any more is gone. */
	drop_in("views", "v.sql");
	drop_in("views", "w.sql");
	drop_in("derived", "n.sql");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("SELECT count(*) FROM sqlite_schema WHERE name IN"
			     " ('n', 'v', 'w')"),
	    0);
	assert_int_equal(ask("SELECT count(*) FROM guiju_derived"), 0);
}

/* What is wrong with a view or a trigger is found before it is used. */
static void
a_wrong_rule_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *folder, *sql, *why;
	} wrong[] = {
	    {"views", "CREATE VIEW u AS SELECT nobody FROM n",
		"schema/views/wrong.sql:1: no such column: nobody"},
	    {"views", "\nCREATE VEIW u AS SELECT 1", "views/wrong.sql:2: "},
	    {"views", "CREATE VIEW n AS SELECT 1", "views/wrong.sql:1: "},
	    /* A comment, a right one, a view of columns, the second term. */
	    {"views",
		"-- AS\nCREATE VIEW t AS SELECT 1;\n\nCREATE VIEW u\n"
		"(a)\nAS SELECT all_of_them\nFROM n\nUNION ALL\nSELECT nobody\n"
		"FROM n;\nCREATE VIEW x AS SELECT 1;",
		"schema/views/wrong.sql:9: no such column: nobody"},
	    /* The view that uses the wrong one comes first. */
	    {"views",
		"CREATE VIEW b AS SELECT x FROM c;\n\n"
		"CREATE VIEW c AS\nSELECT nobody AS x FROM n",
		"schema/views/wrong.sql:4: no such column: nobody"},
	    {"derived", "INSERT INTO n SELECT minus FROM v", "no such table"},
	    {"triggers",
		"CREATE TRIGGER t AFTER DELETE ON a BEGIN"
		" SELECT twice(1); END",
		"schema/triggers/wrong.sql:1: no such function: twice"},
	    {"triggers",
		"CREATE TRIGGER t INSTEAD OF\nINSERT ON v BEGIN"
		" DELETE FROM n\nWHERE nobody = 1; END",
		"schema/triggers/wrong.sql:3: no such column: nobody"},
	    {"triggers",
		"CREATE TRIGGER t AFTER UPDATE OF x ON a BEGIN"
		" DELETE FROM n\nWHERE NEW.x = 1 AND\nNEW.nobody = 1; END",
		"schema/triggers/wrong.sql:3: no such column: NEW.nobody"},
	    {"triggers",
		"CREATE TRIGGER t AFTER DELETE ON a BEGIN\n"
		" SELECT RAISE(ABORT, 'no') WHERE OLD.x = 'BEGIN';\n"
		" SELECT RAISE(IGNORE) WHERE 0;\n"
		" UPDATE n SET all_of_them = OLD.x;\n"
		" UPDATE n SET nobody = OLD.x; END",
		"schema/triggers/wrong.sql:5: no such column: nobody"},
	    {"triggers",
		"CREATE TRIGGER s AFTER INSERT ON a\nBEGIN\n"
		"SELECT NEW.x;\nEND;\n"
		"CREATE TRIGGER t AFTER DELETE ON a\n"
		"WHEN OLD.x > 0\nAND nobody(OLD.x)\nBEGIN\n"
		"SELECT 1;\nEND",
		"schema/triggers/wrong.sql:7: no such function: nobody"},
	    {"triggers",
		"CREATE TRIGGER t AFTER DELETE ON a BEGIN\n"
		" SELECT 1;\n DELETE FROM nobody; END",
		"schema/triggers/wrong.sql:3: no such table: main.nobody"},
	    /* The trigger that fires the wrong one comes first. */
	    {"triggers",
		"CREATE TRIGGER s AFTER INSERT ON a BEGIN\n"
		" DELETE FROM n; END;\n"
		"CREATE TRIGGER t AFTER DELETE ON n BEGIN\n"
		" SELECT nobody;\nEND",
		"schema/triggers/wrong.sql:4: no such column: nobody"},
	};

	(void)state;
	make_first();
	make_rules();
	assert_int_equal(migrate(), OK);
	/* Views may call a function of the capsule, which triggers may not. */
	script_in("../functions", "twice.sql", "SELECT 2 * :n");
	script_in("views", "w.sql", "CREATE VIEW w AS SELECT twice(1)");
	assert_int_equal(migrate(), OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		script_in(wrong[i].folder, "wrong.sql", wrong[i].sql);
		assert_int_equal(migrate(), ERR_INPUT);
		assert_why(wrong[i].why);
		drop_in(wrong[i].folder, "wrong.sql");
		assert_int_equal(ask("SELECT all_of_them FROM v"), 2);
	}
	assert_int_equal(migrate(), OK);
}

/* Steps that were drawn together: for a new database, or one that has seen
 * them all. */
static void
a_script_may_stand_for_several(void **state)
{
	(void)state;
	make_first();
	script("001_a.sql", "CREATE TABLE a(x);");
	script("002_b.sql", "ALTER TABLE a ADD COLUMN y;");
	assert_int_equal(migrate(), OK);
	unlink_script("001_a.sql");
	unlink_script("002_b.sql");
	script("001-003_a.sql", "CREATE TABLE a(x, y, z);");
	script("001-003_b.sql", "CREATE TABLE b(x);");
	script("004_c.sql", "INSERT INTO a(z) VALUES (4);");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("is at schema 2, from which there is no way on: the "
		   "capsule's 001-003_a.sql is for a new database, or for one "
		   "at 3 or later");
	assert_int_equal(unlink(database), 0);
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("PRAGMA user_version"), 4);
	assert_int_equal(ask("SELECT z FROM a"), 4);
	assert_int_equal(ask("SELECT count(*) FROM b"), 0);
	script("002-003_c.sql", "SELECT 1");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("002-003_c.sql: ");
	unlink_script("002-003_c.sql");
	script("005-004_c.sql", "SELECT 1");
	assert_int_equal(migrate(), ERR_INPUT);
	assert_why("005-004_c.sql: ");
	unlink_script("005-004_c.sql");
	script("005-006_c.sql", "SELECT 1");
	assert_int_equal(migrate(), OK);
	assert_int_equal(ask("PRAGMA user_version"), 6);
}

/* A statement by a connection that has our functions. */
static void
change(const char *sql)
{
	struct store *store = NULL;

	buf_clear(&why);
	assert_int_equal(store_open(database, NULL, &store, &why), OK);
	if (sqlite3_exec(store_writer(store), sql, NULL, NULL, NULL) !=
	    SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(store_writer(store)));
	store_close(store);
}

/* How many rows a search of both indexes finds. */
static int64_t
found(const char *words)
{
	struct store *store = NULL;
	char sql[256];
	int64_t n;

	snprintf(sql, sizeof(sql),
	    "SELECT (SELECT count(*) FROM f WHERE f MATCH fts_query('%s', "
	    "'phrase')) + (SELECT count(*) FROM \"g h\" WHERE \"g h\" MATCH "
	    "fts_query('%s', 'and'))",
	    words, words);
	buf_clear(&why);
	assert_int_equal(store_open(database, NULL, &store, &why), OK);
	n = ask_on(store_reader(store), sql);
	store_close(store);
	return n;
}

/* Indexes that were built by another folding are built anew, once. */
static void
indexes_of_another_folding_are_built_anew(void **state)
{
	static const char *const before[] = {
	    "UPDATE guiju_fold SET name = '1 of another guiju'",
	    "DROP TABLE guiju_fold", "DELETE FROM guiju_fold"};

	(void)state;
	make_first();
	script("001_a.sql",
	    "CREATE TABLE a(id INTEGER PRIMARY KEY, x);"
	    "CREATE VIRTUAL TABLE f USING fts5(x, content='a',"
	    " content_rowid='id', tokenize='cjk');"
	    "CREATE VIRTUAL TABLE \"g h\" USING fts5(x, tokenize = \"cjk\","
	    " detail=none);"
	    "CREATE VIRTUAL TABLE bare USING fts5(x, content='',"
	    " tokenize='cjk');"
	    "CREATE VIRTUAL TABLE other USING fts5(x);"
	    "INSERT INTO a VALUES (1, '臺灣Ⅱ型'), (2, '台湾II型');"
	    "INSERT INTO f(f) VALUES ('rebuild');"
	    "INSERT INTO \"g h\"(rowid, x) SELECT id, x FROM a;"
	    "CREATE TABLE refolded(n);");
	script("002_b.sql",
	    "CREATE TRIGGER t AFTER UPDATE ON guiju_fold BEGIN"
	    " INSERT INTO refolded VALUES (1); END;");
	assert_int_equal(migrate(), OK);
	assert_int_equal(found("台湾ii型"), 4);
	assert_int_equal(ask("SELECT count(*) FROM guiju_fold "
			     "WHERE name LIKE '% libunistring %'"),
	    1);
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		change("DELETE FROM refolded;"
		       "INSERT INTO f(f) VALUES ('delete-all')");
		if (i == 1)
			change("DROP TRIGGER t");
		assert_int_equal(migrate(), OK);
		assert_int_equal(found("台湾ii型"), 2);
		change(before[i]);
		assert_int_equal(migrate(), OK);
		assert_int_equal(found("台湾ii型"), 4);
		assert_int_equal(ask("SELECT count(*) FROM refolded"),
		    i == 0 ? 2 : 0); /* by us, and by the folding */
		change("INSERT INTO f(f, rank) VALUES"
		       " ('integrity-check', 1)");
	}
	/* Nothing was said of it again. */
	change("INSERT INTO f(f) VALUES ('delete-all')");
	assert_int_equal(migrate(), OK);
	assert_int_equal(found("台湾ii型"), 2);
}

/* A name that may be gone after a power cut is not called made. */
static void
a_folder_that_does_not_sync_is_told(void **state)
{
	int status = -1;
	pid_t child;

	(void)state;
	if (!FAULT_POINTS)
		skip();
	script("001_a.sql", "CREATE TABLE a (b);");
	child = fork();
	if (child == 0) {
		setenv("GUIJU_FAULT", "sync-folder:1!", 1);
		if (store_migrate(database, schema, NULL, &why) != ERR_IO)
			_exit(1);
		assert_why("its folder does not sync");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(store_migrate(database, schema, NULL, &why), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_script_runs_once),
	    TEST(a_key_in_an_older_database_is_dropped),
	    TEST(scripts_are_numbered_without_gaps),
	    TEST(a_missing_schema_folder_is_named),
	    TEST(a_newer_database_is_refused),
	    TEST(a_failing_script_changes_nothing),
	    TEST(a_row_that_refers_to_nothing_is_refused),
	    TEST(failing_first_content_leaves_no_database),
	    TEST(a_file_that_is_not_a_database_is_refused),
	    TEST(a_damaged_database_is_refused),
	    TEST(a_stale_log_is_not_replayed),
	    TEST(migrations_at_once_run_each_script_once),
	    TEST(only_changed_rules_are_made_anew),
	    TEST(a_wrong_rule_is_refused_with_its_line),
	    TEST(a_script_may_stand_for_several),
	    TEST(indexes_of_another_folding_are_built_anew),
	    TEST(a_folder_that_does_not_sync_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
