/* SPDX-License-Identifier: ISC */
/*
 * What is said of a statement's speed, and that it is so: without advice a
 * statement costs the same in a small table and in a large one.
 */
#include "page_fixture.h"

#include "page/compile/prepared.h"

enum { FEW = 100, MANY = 10000, GROWTH = 8 };

static const char schema[] =
    "CREATE TABLE book (id INTEGER PRIMARY KEY, shelf TEXT, title TEXT,"
    "    at INTEGER, state TEXT, note TEXT);"
    "CREATE INDEX book_shelf ON book (shelf, id);"
    "CREATE INDEX book_at ON book (at) WHERE state = 'live';"
    "CREATE TABLE kind (slug TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;"
    "CREATE TABLE loan (book INTEGER, who TEXT, due TEXT);"
    "CREATE INDEX loan_book ON loan (book);"
    "CREATE VIRTUAL TABLE book_fts USING fts5(title, content='');"
    "CREATE VIEW queue AS SELECT book, who, row_number() OVER"
    "    (PARTITION BY book ORDER BY rowid) AS place FROM loan;"
    "CREATE VIEW shown AS SELECT id, title FROM book WHERE shelf = 's7'"
    "    UNION ALL SELECT column1, column2 FROM (VALUES (1, 'a'), (2, 'b'));";

#define BOOK "reads a whole table (book); "
#define BY_AT "reads a whole table (book by book_at); "
#define BY_SHELF "reads a whole table (book by book_shelf); "
#define LOAN "reads a whole table (loan); "
#define MARK ", or say /* scan */ in the statement\n"

static const struct {
	const char *sql, *said;
} cases[] = {
    /* By an index, by the rowid, to a limit. */
    {"SELECT title FROM book WHERE id = 7", ""},
    {"SELECT title FROM book WHERE shelf = 's7' ORDER BY id", ""},
    {"SELECT title FROM book WHERE id IN (SELECT book FROM loan "
     "WHERE book = 3)",
	""},
    {"SELECT title FROM book ORDER BY id DESC LIMIT 5", ""},
    {"SELECT title FROM book LIMIT 5 OFFSET 3", ""},
    {"SELECT title FROM book LIMIT :n", ""},
    {"SELECT id FROM book WHERE state = 'live' ORDER BY at DESC LIMIT 4", ""},
    {"SELECT id FROM book WHERE title <> '' ORDER BY id DESC LIMIT 4", ""},
    {"SELECT DISTINCT shelf FROM book ORDER BY shelf LIMIT 3", ""},
    {"SELECT shelf, count(*) FROM book GROUP BY shelf LIMIT 3", ""},
    {"SELECT book, place FROM queue LIMIT 3", ""},
    {"SELECT b.title, l.who FROM book b LEFT JOIN loan l ON l.book = b.id "
     "ORDER BY b.id LIMIT 3",
	""},
    {"SELECT max(id), 1 FROM book", ""},
    {"SELECT min(shelf) FROM book", ""},
    {"SELECT name FROM kind WHERE slug = 'k7'", ""},
    {"SELECT (SELECT id FROM book ORDER BY id DESC LIMIT 1) AS newest", ""},
    {"SELECT EXISTS (SELECT 1 FROM book WHERE shelf = 's7') AS any", ""},
    {"SELECT EXISTS (SELECT 1 FROM book) AS any", ""},
    {"SELECT count(*) FROM book WHERE shelf = 's7'", ""},
    {"SELECT count(*) FROM (SELECT 1 FROM book LIMIT 50)", ""},
    {"SELECT count(*) FROM (SELECT 1 FROM book WHERE state = 'live' LIMIT 50)",
	""},
    {"SELECT id FROM (SELECT id, title FROM book ORDER BY id LIMIT 5) "
     "ORDER BY title",
	""},
    {"SELECT id FROM book WHERE shelf = 's7' UNION ALL "
     "SELECT book FROM loan WHERE book = 3 ORDER BY 1 LIMIT 9",
	""},
    {"UPDATE book SET title = 'x' WHERE id = 7", ""},
    {"INSERT INTO loan SELECT id, 'w', '' FROM book WHERE shelf = 's7'", ""},
    {"DELETE FROM loan WHERE book = 3 AND who = 'w'", ""},
    /* What a statement makes for itself is no table. */
    {"SELECT 1 AS one", ""},
    {"VALUES (1), (2), (3)", ""},
    {"SELECT column1 FROM (VALUES (1), (2), (3)) WHERE column1 > 1", ""},
    {"SELECT b.title FROM (VALUES (1, 'x'), (2, 'y'), (3, 'z')) v "
     "JOIN book b ON b.id = v.column1 ORDER BY v.column2",
	""},
    {"WITH v (i, s) AS (VALUES (1, 'x'), (2, 'y')) "
     "SELECT a.i FROM v a JOIN v b ON a.i = b.i ORDER BY a.s",
	""},
    {"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
     "WHERE i < 20) SELECT sum(i) FROM n",
	""},
    {"WITH s AS MATERIALIZED (SELECT id, title FROM book WHERE shelf = 's7') "
     "SELECT a.id FROM s a JOIN s b ON a.title = b.title ORDER BY a.title",
	""},
    {"SELECT value FROM json_each('[1,2,3]') ORDER BY value DESC", ""},
    {"SELECT b.id FROM json_each('[1,2,3]') j JOIN book b ON b.id = j.value",
	""},
    {"SELECT rowid FROM book_fts WHERE book_fts MATCH 'title7'", ""},
    {"SELECT place FROM queue WHERE book = 3", ""},
    {"SELECT who, place FROM queue WHERE book = 3 AND place < 3 "
     "ORDER BY place",
	""},
    {"SELECT sum(n) OVER (ORDER BY id) FROM (SELECT id, at AS n FROM book "
     "WHERE shelf = 's7')",
	""},
    {"SELECT id, title FROM shown ORDER BY title", ""},
    {"SELECT count(*) FROM shown WHERE id > 1", ""},
    {"SELECT json_group_array(title) FROM (SELECT title FROM book "
     "WHERE shelf = 's7' ORDER BY title)",
	""},
    {"SELECT shelf, count(*) FROM book WHERE shelf IN ('s7', 's8') "
     "GROUP BY shelf",
	""},
    /* Whole tables, and what would help. */
    {"SELECT id FROM book", BY_SHELF "give the statement a LIMIT" MARK},
    {"SELECT DISTINCT shelf FROM book ORDER BY shelf",
	BY_SHELF "give the statement a LIMIT" MARK},
    {"SELECT shelf, max(at) FROM book GROUP BY shelf",
	BY_SHELF "give the statement a LIMIT" MARK},
    {"SELECT id, title FROM book ORDER BY id",
	BOOK "give the statement a LIMIT" MARK},
    {"SELECT id FROM book WHERE state = 'live' ORDER BY at DESC",
	BY_AT "give the statement a LIMIT" MARK},
    {"SELECT id FROM book WHERE title = 'title7'",
	BOOK "give it an index, or the statement a LIMIT" MARK},
    {"SELECT id FROM book b WHERE title LIKE '%7%'",
	BOOK "give it an index, or the statement a LIMIT" MARK},
    {"SELECT id FROM book ORDER BY title LIMIT 5",
	BOOK "give it an index in that order" MARK},
    {"SELECT id, note FROM book ORDER BY title",
	BOOK "give it an index in that order, and the statement a "
	     "LIMIT" MARK},
    {"SELECT title, count(*) FROM book GROUP BY title",
	BOOK "give it an index in that order" MARK},
    {"SELECT name FROM kind",
	"reads a whole table (kind); give the statement a LIMIT" MARK},
    {"SELECT count(*) FROM book",
	BY_SHELF "count up to a LIMIT, or keep the number in a row of its "
		 "own" MARK},
    {"SELECT count(*) FROM book WHERE state = 'live'",
	BY_AT "keep the result in a row of its own" MARK},
    {"SELECT sum(at) FROM book",
	BOOK "keep the result in a row of its "
	     "own" MARK},
    {"SELECT sum(at) FROM book WHERE note = 'n'", BOOK "give it an index" MARK},
    /* They stop at the first row that fits, which may be none. */
    {"SELECT EXISTS (SELECT 1 FROM book WHERE note = 'none') AS any",
	BOOK "give it an index" MARK},
    {"SELECT (SELECT id FROM book WHERE note = 'none') AS first",
	BOOK "give it an index" MARK},
    {"SELECT id FROM book WHERE note = 'none' ORDER BY id DESC LIMIT 1",
	BOOK "give it an index" MARK},
    {"SELECT book FROM loan WHERE EXISTS (SELECT 1 FROM book "
     "WHERE note = loan.due) AND loan.book = 3",
	BOOK "give it an index" MARK},
    /* An index made for this once is made of all rows. */
    {"SELECT b.id, l.who FROM loan l CROSS JOIN book b ON b.note = l.who",
	BOOK "give it an index" MARK LOAN
	     "give it an index, or the statement a LIMIT" MARK},
    {"SELECT l.who, b.title FROM loan l JOIN book b ON b.id = l.book",
	LOAN "give the statement a LIMIT" MARK},
    {"SELECT id FROM book WHERE id IN (SELECT book FROM loan WHERE who = 'w')",
	LOAN "give it an index" MARK},
    {"SELECT book, place FROM queue ORDER BY book, place LIMIT 3",
	"reads a whole table (loan by loan_book); give it an index" MARK},
    {"SELECT book, place FROM queue",
	"reads a whole table (loan by loan_book); give the statement a "
	"LIMIT" MARK},
    {"SELECT rowid FROM loan WHERE due < 'x' UNION ALL "
     "SELECT id FROM book WHERE id = 3",
	LOAN "give it an index, or the statement a LIMIT" MARK},
    {"UPDATE book SET note = '' WHERE title = 'x'",
	BOOK "give it an index" MARK},
    {"DELETE FROM loan WHERE who = 'nobody'", LOAN "give it an index" MARK},
    {"INSERT INTO loan SELECT id, 'w', '' FROM book WHERE note = 'x'",
	BOOK "give it an index" MARK},
    /* Who says so may. */
    {"SELECT count(*) FROM book /* scan */", ""},
};

static void
run_sql(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s in: %s", message, sql);
}

static sqlite3 *
make_library(int rows)
{
	char text[400];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	run_sql(db, schema);
	snprintf(text, sizeof(text),
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < %d) INSERT INTO book SELECT i, "
	    "'s' || iif(i < 40, i %% 13, i), 'title' || i, i, 'live', "
	    "'n' FROM n",
	    rows);
	run_sql(db, text);
	run_sql(db,
	    "INSERT INTO loan SELECT id, 'w', '2026' FROM book;"
	    "INSERT INTO kind SELECT 'k' || id, title FROM book;"
	    "INSERT INTO book_fts (rowid, title) SELECT id, title FROM book;");
	return db;
}

static const char *
said_of(struct arena *arena, sqlite3 *db, const char *sql)
{
	static char text[2048];
	size_t n = 0;

	text[0] = '\0';
	for (struct advice *a = advice_find(arena, db, str_from(sql));
	     a != NULL; a = a->next)
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "%.*s\n", STR_ARG(a->text));
	return text;
}

/* Instructions, and pages of the database that were looked at. */
static int
cost_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int hits, high, steps;

	run_sql(db, "SAVEPOINT before");
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_int(stmt, 1, 5);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_HIT, &hits, &high, 1);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		continue;
	steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_HIT, &hits, &high, 0);
	run_sql(db, "ROLLBACK TO before; RELEASE before");
	return steps > hits * GROWTH ? steps : hits * GROWTH;
}

static void
advice_is_given_for_slow_statements_alone(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db = make_library(3);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *said = said_of(f->arena, db, cases[i].sql);
		if (strcmp(said, cases[i].said) != 0)
			fail_msg("%s\n  says %s\n  not %s", cases[i].sql, said,
			    cases[i].said);
	}
	sqlite3_close(db);
}

/* A LIMIT that runs over rows which do not fit is the one that may. */
static void
advised_statements_grow_with_their_table(void **state)
{
	sqlite3 *few = make_library(FEW), *many = make_library(MANY);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *sql = cases[i].sql;
		int small = cost_of(few, sql), large = cost_of(many, sql);
		bool grows = large > GROWTH * small;
		bool marked = strstr(sql, "/* scan */") != NULL;
		if (grows != (marked || cases[i].said[0] != '\0'))
			fail_msg("%d, then %d: %s", small, large, sql);
	}
	sqlite3_close(few);
	sqlite3_close(many);
}

/* Findings and advice of the capsule as one text; it must be as `err` says. */
static const char *
all_told(struct fixture *f, enum err expected)
{
	size_t n = 0;

	assert_int_equal(fixture_open(f), expected);
	f->answer[0] = '\0';
	for (struct finding *x = f->findings; x != NULL; x = x->next)
		n += (size_t)snprintf(f->answer + n, sizeof(f->answer) - n,
		    "%s%s:%u\n", x->kind == FINDING_SLOW ? "slow " : "",
		    x->file, x->line);
	return f->answer;
}

static void
each_place_of_a_slow_statement_is_told(void **state)
{
	static const char slow[] =
	    "# Slow\n% each SELECT id FROM book WHERE title = 'x'\n% end\n";
	struct fixture *f = *state;

	fixture_write(f, "pages/a.gmi", slow);
	fixture_write(f, "pages/b.gmi", slow);
	/* Twice in a file, and a partial of two pages. */
	fixture_write(f, "pages/c.gmi",
	    "% if EXISTS (SELECT 1 FROM book WHERE title = 'x')\n1\n% end\n"
	    "% if EXISTS (SELECT 1 FROM book WHERE title = 'x')\n2\n% end\n"
	    "% include _part.gmi\n");
	fixture_write(f, "pages/d.csv", "% include _part.gmi\n");
	fixture_write(
	    f, "pages/_part.gmi", "% one SELECT count(*) AS n FROM book\n{n}");
	assert_string_equal(all_told(f, OK),
	    "slow pages/a.gmi:2\nslow pages/b.gmi:2\nslow pages/c.gmi:1\n"
	    "slow pages/c.gmi:4\nslow pages/_part.gmi:1\n");
	assert_string_equal(gemini(f, "/a"), "# Slow\n");
	/* What is wrong comes first, wherever it stands. */
	fixture_write(f, "pages/e.gmi", "% eech SELECT 1\n");
	assert_string_equal(all_told(f, ERR_INPUT),
	    "pages/e.gmi:1\nslow pages/a.gmi:2\nslow pages/b.gmi:2\n"
	    "slow pages/c.gmi:1\nslow pages/c.gmi:4\n"
	    "slow pages/_part.gmi:1\n");
}

/* A trigger's loops are not the statement's. */
static void
loops_of_a_trigger_are_not_advised_on(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db = make_library(3);

	run_sql(db,
	    "CREATE TRIGGER t AFTER UPDATE ON kind BEGIN "
	    "UPDATE book SET note = new.name WHERE title = old.name; END");
	assert_string_equal(said_of(f->arena, db,
				"UPDATE kind SET name = 'x' WHERE slug = 'k1'"),
	    "");
	sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(advice_is_given_for_slow_statements_alone),
	    PAGE_TEST(advised_statements_grow_with_their_table),
	    PAGE_TEST(each_place_of_a_slow_statement_is_told),
	    PAGE_TEST(loops_of_a_trigger_are_not_advised_on)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
