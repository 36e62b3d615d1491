/* SPDX-License-Identifier: ISC */
/*
 * Steps: statements with names. Who provides a value, when a statement runs,
 * how often, what its rows answer and which line is blamed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/import/script/steps.h"

enum { NAME_OWN, NAME_ITEM, NAME_COUNT };

static const char *const provided[NAME_COUNT] = {"own", "item"};

enum { ANSWER_SHOW, ANSWER_STOP, ANSWER_COUNT };

static const struct steps_answer answers[ANSWER_COUNT] = {
    [ANSWER_SHOW] = {"show", true},
    [ANSWER_STOP] = {"stop", false},
};

static const struct steps_form form = {
    answers, ANSWER_COUNT, NAME_ITEM, NAME_COUNT};

static sqlite3 *db;
static struct names *names;
static struct steps *first, *second;
static struct buf why, said;
static char path[] = "/tmp/guiju-steps-XXXXXX";

static int
setup(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/guiju-steps-XXXXXX");
	fd = mkstemp(path);
	buf_init(&why, 4096);
	buf_init(&said, 4096);
	return fd < 0 || close(fd) != 0 ||
		sqlite3_open(":memory:", &db) != SQLITE_OK
	    ? -1
	    : 0;
}

static int
teardown(void **state)
{
	(void)state;
	steps_close(first);
	steps_close(second);
	first = second = NULL;
	names_free(names);
	names = NULL;
	buf_release(&why);
	buf_release(&said);
	/* Fails if a statement is left. */
	return sqlite3_close(db) == SQLITE_OK ? unlink(path) : -1;
}

static void
begin(enum names_rule rule)
{
	steps_close(first);
	steps_close(second);
	first = second = NULL;
	names_free(names);
	names = NULL;
	assert_int_equal(names_new(provided, NAME_COUNT, rule, &names), OK);
}

static enum err
compile(const char *sql, struct steps **out)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(sql, file) >= 0);
	assert_int_equal(fclose(file), 0);
	buf_clear(&why);
	return steps_open(db, names, path, &form, out, &why);
}

static void
assert_compiles(const char *sql, struct steps **out)
{
	if (compile(sql, out) != OK)
		fail_msg("%s: %.*s", sql, STR_ARG(buf_view(&why)));
}

static bool
answer(struct steps_run *run, size_t which, struct str text)
{
	if (which == ANSWER_STOP)
		run->done = true;
	buf_str(&said, text);
	buf_char(&said, which == ANSWER_STOP ? '!' : ' ');
	return true;
}

static void
item(struct steps_run *run, size_t i)
{
	(void)run;
	names_set_int(names, NAME_ITEM, (int64_t)i + 1);
}

static enum err
run(struct steps *steps, size_t items)
{
	struct steps_run how = {.answer = answer, .item = item, .items = items};

	buf_clear(&why);
	buf_clear(&said);
	return steps_run(steps, &how, &why);
}

static void
assert_says(struct steps *steps, size_t items, const char *expected)
{
	if (run(steps, items) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	buf_char(&said, '\0');
	assert_string_equal(said.data, expected);
}

static void
assert_why(const char *line, const char *part)
{
	struct str all = buf_view(&why);

	assert_true(str_starts(all, str_from(path)));
	all = str_slice(all, strlen(path), all.len);
	if (!str_starts(all, str_from(line)) ||
	    str_find(all, str_from(part)) == SIZE_MAX)
		fail_msg(
		    "'%.*s' is not '%s' with '%s'", STR_ARG(all), line, part);
}

static void
who_provides(void **state)
{
	(void)state;
	/* Open: what nobody provides is NULL, until somebody does. */
	begin(NAMES_OPEN);
	assert_compiles(
	    "SELECT coalesce(:none, 'null') || :own AS show", &first);
	names_set_text(names, NAME_OWN, STR("text"));
	assert_says(first, 0, "nulltext ");
	names_set_int(names, names_asked(names, STR("none")), 7);
	assert_says(first, 0, "7text ");
	assert_int_equal(names_asked(names, STR("item")), SIZE_MAX);
	assert_int_equal(names_asked(names, STR("nobody")), SIZE_MAX);
	/* Closed: it is refused, with its line. */
	begin(NAMES_CLOSED);
	assert_int_equal(
	    compile("SELECT :own;\n\nSELECT\n:none", &first), ERR_INPUT);
	assert_why(":3: ", "nothing provides the parameter :none");
	assert_int_equal(
	    compile("SELECT :late;\nSELECT 1 AS late", &first), ERR_INPUT);
	assert_why(":1: ", "nothing provides the parameter :late");
	assert_int_equal(
	    compile("\n-- when :none\nSELECT 1", &first), ERR_INPUT);
	assert_why(":3: ", "nothing provides the parameter :none");
	assert_int_equal(compile("SELECT ?", &first), ERR_INPUT);
	assert_why(":1: ", "a parameter without a name");
}

static void
columns_are_parameters(void **state)
{
	(void)state;
	begin(NAMES_OPEN);
	assert_compiles("SELECT 1 AS n, NULL AS m; SELECT 2 AS n WHERE 0;\n"
			"SELECT 3 AS k UNION ALL SELECT 4;\n"
			"SELECT :n || ifnull(:m, 'no') || :k AS show",
	    &first);
	assert_compiles("SELECT :n + 1 AS show", &second);
	assert_says(first, 0, "1no3 ");
	/* Scripts of one import share them. */
	assert_says(second, 0, "2 ");
	assert_true(steps_gives(first, "m"));
	assert_false(steps_gives(first, "show2"));
	/* They are of one run. */
	begin(NAMES_OPEN);
	assert_compiles("SELECT ifnull(:n, 'none') AS show;\n"
			"SELECT 1 AS n WHERE :own; SELECT :n AS show",
	    &first);
	names_set_int(names, NAME_OWN, 1);
	assert_says(first, 0, "none 1 ");
	names_set_int(names, NAME_OWN, 0);
	assert_says(first, 0, "none ");
}

/* Closed names: a column hides what the tool provides, but only from later
 * statements, and then also if there was no row. */
static void
columns_hide(void **state)
{
	(void)state;
	begin(NAMES_CLOSED);
	assert_compiles("SELECT :own AS show; SELECT 'new' AS own WHERE :own\n"
			"= 'x'; SELECT ifnull(:own, 'null') AS show",
	    &first);
	names_set_text(names, NAME_OWN, STR("x"));
	assert_says(first, 0, "x new ");
	names_set_text(names, NAME_OWN, STR("y"));
	assert_says(first, 0, "y null ");
}

/* A statement that gives what it asks for keeps the old value to its end. */
static void
columns_that_replace(void **state)
{
	char expected[256];

	(void)state;
	begin(NAMES_OPEN);
	assert_compiles("SELECT hex(zeroblob(50)) AS x;\n"
			"SELECT value AS x, :x || value AS show\n"
			"FROM json_each('[10,20]');\n"
			"SELECT :x AS show",
	    &first);
	memset(expected, '0', 100);
	memcpy(expected + 100, "10 ", 3);
	memcpy(expected + 103, expected, 100);
	memcpy(expected + 203, "20 10 ", 7);
	assert_says(first, 0, expected);
	assert_says(first, 0, expected);
}

static void
conditions(void **state)
{
	(void)state;
	begin(NAMES_OPEN);
	assert_compiles("SELECT 'always' AS show, 5 AS n;\n"
			"-- when :own\nSELECT 'own' AS show;\n"
			"-- when :none\nSELECT 'none' AS show;\n"
			"-- when :n \nSELECT 'n' AS show;\n"
			"-- when :none\n-- but the last comment counts\n"
			"SELECT 'last' AS show;\n"
			"-- when :none\n/* as it is */ SELECT 'no' AS show;\n",
	    &first);
	assert_says(first, 0, "always n last ");
	names_set_text(names, NAME_OWN, STR(""));
	assert_says(first, 0, "always own n last ");
}

static void
items(void **state)
{
	(void)state;
	begin(NAMES_CLOSED);
	assert_compiles("SELECT 'one' AS show; SELECT :item AS show;\n"
			"-- when :item\nSELECT 'i' AS show;\n"
			"SELECT 'stop' AS stop WHERE :item = 2;\n"
			"SELECT 'end' AS show",
	    &first);
	assert_says(first, 0, "one end ");
	assert_says(first, 1, "one 1 i end ");
	assert_says(first, 4, "one 1 2 3 4 i i i i stop!");
}

static void
rows_and_answers(void **state)
{
	(void)state;
	begin(NAMES_OPEN);
	/* `show` is heard in each row, `stop` in the first; NULL is none. */
	assert_compiles("SELECT value AS show, 's' || value AS stop\n"
			"FROM json_each('[1,2,null,3]');\nSELECT 4 AS show",
	    &first);
	assert_says(first, 0, "1 s1!2 3 ");
	begin(NAMES_OPEN);
	assert_compiles("SELECT NULL AS stop; SELECT 4 AS show", &first);
	assert_says(first, 0, "4 ");
	assert_int_equal(steps_count(first), 2);
	begin(NAMES_OPEN);
	assert_compiles("-- nothing", &first);
	assert_int_equal(steps_count(first), 0);
	assert_says(first, 0, "");
}

static void
failures_have_a_line(void **state)
{
	char many[4096] = "";

	(void)state;
	begin(NAMES_OPEN);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a CHECK (a > 0))",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_compiles("SELECT 1;\n\nINSERT INTO t\nVALUES (:own)", &first);
	names_set_int(names, NAME_OWN, -1);
	assert_int_equal(run(first, 0), ERR_INPUT);
	assert_why(":3: ", "CHECK");
	/* It can be run again. */
	names_set_int(names, NAME_OWN, 1);
	assert_says(first, 0, "");
	assert_int_equal(compile("SELECT 1;\nCOMMIT", &second), ERR_INPUT);
	assert_why(":2: ", "may not begin or end a transaction");
	assert_int_equal(
	    compile("SELECT 1;\nSELECT\nnowhere", &second), ERR_INPUT);
	assert_why(":3: ", "nowhere");
	for (size_t i = 0; i < 65; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
		    "SELECT %zu;\n", i);
	assert_int_equal(compile(many, &second), ERR_INPUT);
	assert_why(":65: ", "too many statements");
	many[0] = '\0';
	for (size_t i = 0; i < 200; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
		    "%s:n%zu%s", i % 50 == 0 ? "SELECT " : ", ", i,
		    i % 50 == 49 ? ";\n" : "");
	assert_int_equal(compile(many, &second), ERR_INPUT);
	assert_why(":", "too many names");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    steps_open(db, names, path, &form, &second, &why), ERR_MISSING);
	assert_int_equal(compile("", &second), OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_provides),
	    TEST(columns_are_parameters),
	    TEST(columns_hide),
	    TEST(columns_that_replace),
	    TEST(conditions),
	    TEST(items),
	    TEST(rows_and_answers),
	    TEST(failures_have_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
