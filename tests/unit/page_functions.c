/* SPDX-License-Identifier: ISC */
/*
 * The functions that a capsule defines in SQL: what a call gives, what is said
 * of one that is wrong. The function titled() and the page that calls it stand
 * in guiju-pages(7).
 */
#include "page_fixture.h"

#include "base/stats.h"
#include "base/metrics.h"
#include "base/zone.h"
#include "store/defined.h"

static void
function(struct fixture *f, const char *name, const char *text)
{
	char path[100];

	snprintf(path, sizeof(path), "functions/%s.sql", name);
	fixture_write(f, path, text);
}

static void
a_call_gives_the_first_row(void **state)
{
	struct fixture *f = *state;

	function(f, "titled",
	    "-- titled(id, otherwise)\n"
	    "SELECT coalesce(note, :otherwise) || ': ' || title\n"
	    "FROM book WHERE id = :id\n");
	assert_string_equal(page(f,
				"% each SELECT titled(id, 'no note') AS line\n"
				"%      FROM book ORDER BY id\n"
				"* {line}\n"
				"% end\n"),
	    "* a note: First\n* no note: Second\n* <&>\": # => *\n");
	assert_string_equal(
	    page(f,
		"% one SELECT titled(9, '') IS NULL AS none,\n"
		"%     typeof(titled(1, x'00')) AS type\n{none} {type}\n"),
	    "1 text\n");
}

/* A value keeps its type on its way in and out; a function calls another, and
 * a view and a condition call it. */
static void
values_keep_their_types(void **state)
{
	struct fixture *f = *state;

	/* The first on its connection that reads a list. */
	function(f, "a_first",
	    "-- a_first(list)\n"
	    "SELECT group_concat(value, '') FROM json_each(:list)\n");
	function(f, "same", "-- same(value)\nSELECT :value\n");
	function(f, "twice", "-- twice(n)\nSELECT same(:n) + same(:n)\n");
	function(f, "most", "-- most()\nSELECT id FROM counted\n");
	fixture_write(f, "schema/002_view.sql",
	    "CREATE VIEW counted AS SELECT max(twice(id)) AS id FROM book;");
	assert_string_equal(
	    page(f,
		"% one SELECT a_first('[1,2]') || typeof(same(1)) ||\n"
		"%     typeof(same(1.5)) ||\n"
		"%     typeof(same('')) || typeof(same(x'')) ||\n"
		"%     typeof(same(NULL)) AS types, most() AS most\n"
		"% if twice(:most) = 12\n{types} {most}\n% end\n"),
	    "12integerrealtextblobnull 6\n");
}

/* A page that writes has them, too, and sees what it has written. */
static void
a_page_that_writes_calls_them(void **state)
{
	struct fixture *f = *state;
	char link[64];

	function(f, "books",
	    "-- books(shelf)\nSELECT count(*) FROM book WHERE shelf = :shelf");
	fixture_write(f, "pages/in/index.gmi", "=> {seal} in\n");
	fixture_write(f, "pages/in/[seal].gmi",
	    "% do INSERT INTO book (shelf, title) VALUES ('east', 'x')\n"
	    "%    RETURNING books('east') AS before\n"
	    "% one SELECT books('east') AS after\n{after}\n");
	fixture_good(f);
	snprintf(link, sizeof(link), "/in/%.32s", gemini(f, "/in/") + 3);
	assert_string_equal(gemini(f, link), "3\n");
}

static void
a_finding_names_file_and_line(void **state)
{
	static const struct {
		const char *name, *text, *said;
	} cases[] = {
	    {"f", "SELECT 1\n",
		"1: the first line is `-- f(first, second)`: the name, and the "
		"arguments in their order, at most 16"},
	    {"f", "-- g()\nSELECT 1\n", "1: the first line is `-- f("},
	    {"f", "-- f(a,b)\nSELECT :a\n", "1: the first line is `-- f("},
	    {"f", "", "1: the first line is `-- f("},
	    {"F", "-- F()\nSELECT 1\n", "0: a function's name is small "},
	    {"f-g", "-- f-g()\nSELECT 1\n", "0: a function's name is small "},
	    {"f", "-- f()\n-- no more\n", "3: a function is one SELECT"},
	    {"f", "-- f()\n\nSELECT\n\tnone\nFROM book\n",
		"4: SQL: no such column: none"},
	    {"f", "-- f(day)\nSELECT :dya\n",
		"2: the first line has no argument `dya`; did you mean `day`?"},
	    {"f", "-- f(day)\nSELECT :now\n",
		"2: the first line has no argument `now`"},
	    {"f", "-- f(day)\nSELECT ?1\n", "2: an argument is written :name"},
	    {"f", "-- f(day, key)\nSELECT :day\n",
		"1: the argument `key` is not used"},
	    {"f", "-- f()\nSELECT 1, 2\n",
		"2: a function gives one column, not 2"},
	    {"f", "-- f()\nSELECT 1; SELECT 2\n", "2: more than one statement"},
	    {"f", "-- f()\nDELETE FROM book\n", "2: a function is one SELECT"},
	    {"f", "-- f()\nPRAGMA query_only\n", "2: a function is one SELECT"},
	    {"f", "-- f()\nATTACH 'x' AS y\n", "2: a function is one SELECT"},
	    {"f", "-- f()\nSELECT lenght('')\n",
		"2: SQL: no such function: lenght; did you mean `length`?"},
	    {"f", "-- f()\nSELECT sha256()\n",
		"2: SQL: wrong number of arguments to function sha256(); it "
		"takes 1"},
	    {"f", "-- f()\nSELECT '\xff'\n", "0: is not UTF-8"},
	    {"sha256", "-- sha256(a)\nSELECT :a\n",
		"1: SQL has a function sha256 already"},
	    {"f", "-- f()\nSELECT 1 + f()\n", "2: the function calls itself"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char said[400], path[200];
		const struct finding *x;

		function(f, cases[i].name, cases[i].text);
		assert_int_equal(fixture_open(f), ERR_INPUT);
		x = f->findings;
		snprintf(said, sizeof(said), "%u: %s", x->line, x->message);
		if (strncmp(said, cases[i].said, strlen(cases[i].said)) != 0)
			fail_msg("%s\nnot %s", said, cases[i].said);
		assert_null(x->next);
		snprintf(path, sizeof(path), "%s/%s", f->capsule, x->file);
		assert_int_equal(unlink(path), 0);
	}
}

/* By way of another one, and of a view. */
static void
circles_are_found(void **state)
{
	struct fixture *f = *state;

	function(f, "a", "-- a(x)\nSELECT b(:x)\n");
	function(f, "b", "-- b(x)\nSELECT n + :x FROM round\n");
	function(f, "c", "-- c(x)\nSELECT a(:x)\n");
	fixture_write(f, "schema/002_view.sql",
	    "CREATE VIEW round AS SELECT a(id) AS n FROM book;");
	assert_string_equal(findings(f, "x\n"),
	    "functions/a.sql:2: the function calls itself by way of b\n"
	    "functions/b.sql:2: the function calls itself by way of a\n");
}

/* A schema that becomes another while its capsule is served. */
static void
a_late_circle_fails(void **state)
{
	struct fixture *f = *state;
	char database[120];
	sqlite3 *other;

	function(f, "a", "-- a()\nSELECT n FROM round\n");
	fixture_write(
	    f, "schema/002_view.sql", "CREATE VIEW round AS SELECT 1 AS n;");
	assert_string_equal(page(f, "% one SELECT a() AS a\n{a}\n"), "1\n");
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other,
			     "DROP VIEW round;"
			     "CREATE VIEW round AS SELECT a() AS n",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(other);
	assert_true(strncmp(gemini(f, "/p"), "(broken)", 8) == 0);
}

static void
calls_end_at_the_deadline(void **state)
{
	struct fixture *f = *state;

	function(f, "never",
	    "-- never(n)\n"
	    "WITH RECURSIVE r (n) AS (SELECT :n UNION ALL SELECT n + 1 FROM r)"
	    " SELECT count(*) FROM r\n");
	assert_string_equal(
	    page(f, "% one SELECT never(1) AS n\n{n}\n"), "(busy) ");
	/* Nothing is left of it. */
	fixture_write(f, "pages/q.gmi", "% one SELECT 1 AS n\n{n}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/p"), "(busy) ");
	assert_string_equal(gemini(f, "/q"), "1\n");
}

static void
advice_stands_at_the_function(void **state)
{
	struct fixture *f = *state;

	function(f, "known",
	    "-- known(title)\nSELECT 1 FROM book WHERE title = :title\n");
	fixture_write(f, "pages/p.gmi", "% one SELECT known('x') AS n\n{n}\n");
	assert_int_equal(fixture_open(f), OK);
	assert_non_null(f->findings);
	assert_string_equal(f->findings->file, "functions/known.sql");
	assert_true(f->findings->kind == FINDING_SLOW);
	assert_null(f->findings->next);
}

static void
calls_are_timed(void **state)
{
	struct fixture *f = *state;
	struct stats row;
	bool found = false;

	assert_int_equal(metrics_make(), OK);
	function(f, "one", "-- one()\nSELECT 1\n");
	assert_string_equal(page(f,
				"% each SELECT one() AS n FROM book\n"
				"{n}\n% end\n"),
	    "1\n1\n1\n");
	for (size_t i = 0; !found && i < STATS_STATEMENTS; i++)
		found = stats_read_statement(i, &row) &&
		    str_equal(row.name, STR("functions/one.sql"));
	assert_true(found);
	assert_int_equal(row.count, 3);
}

/* Before and behind midnight there. */
static void
times_are_those_of_the_zone(void **state)
{
	static const char text[] =
	    "% one SELECT local_day(:now) AS day, local_time(:now) AS time,\n"
	    "%     local_stamp(:now) AS stamp, local_start('2026-09') AS "
	    "start,\n"
	    "%     local_day(NULL) IS NULL AND local_start('x') IS NULL AS "
	    "none\n"
	    "{today} {day} {time} {stamp} {start} {none}\n";
	struct fixture *f = *state;

	assert_int_equal(zone_use("Asia/Shanghai"), OK);
	clock_set_now_s(1790006399);
	assert_string_equal(page(f, text),
	    "2026-09-21 2026-09-21 2026-09-21 23:59 2026-09-21T23:59:59+08:00 "
	    "1788192000 1\n");
	clock_set_now_s(1790006400);
	assert_string_equal(gemini(f, "/p"),
	    "2026-09-22 2026-09-22 2026-09-22 00:00 2026-09-22T00:00:00+08:00 "
	    "1788192000 1\n");
	clock_set_now_s(INT64_C(253402300800));
	assert_string_equal(gemini(f, "/p"), "    1788192000 1\n");
	assert_int_equal(zone_use(ZONE_UTC), OK);
}

static void
a_misspelt_call_names_the_nearest(void **state)
{
	struct fixture *f = *state;

	function(f, "titled", "-- titled(id)\nSELECT :id\n");
	assert_string_equal(findings(f,
				"% one SELECT titeld(1) AS a\n"
				"% one SELECT titled() AS b\n"),
	    "pages/p.gmi:1: SQL: no such function: titeld; did you mean "
	    "`titled`?\n"
	    "pages/p.gmi:2: SQL: wrong number of arguments to function "
	    "titled(); it takes 1\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_call_gives_the_first_row),
	    PAGE_TEST(values_keep_their_types),
	    PAGE_TEST(a_page_that_writes_calls_them),
	    PAGE_TEST(a_finding_names_file_and_line),
	    PAGE_TEST(circles_are_found),
	    PAGE_TEST(a_late_circle_fails),
	    PAGE_TEST(calls_end_at_the_deadline),
	    PAGE_TEST(advice_stands_at_the_function),
	    PAGE_TEST(a_misspelt_call_names_the_nearest),
	    PAGE_TEST(calls_are_timed),
	    PAGE_TEST(times_are_those_of_the_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
