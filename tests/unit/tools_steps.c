/* SPDX-License-Identifier: ISC */
/*
 * Scripts of imports: who provides a value, what passes from one script to the
 * next, how a script ends and which line is blamed. What they have in common
 * with pages is tested in page_language.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/import/script/steps.h"

enum { NAME_OWN, NAME_COUNT };

static const char *const provided[NAME_COUNT] = {"own"};

enum { FAIL_STOP, FAIL_REFUSED, FAIL_COUNT };

static const char *const fails[FAIL_COUNT] = {"stop", "refused"};

static const struct steps_form form = {.fails = fails, .count = FAIL_COUNT};

static sqlite3 *db;
static struct names *names;
static struct steps *first, *second;
static struct buf why, said;
static char path[] = "/tmp/guiju-steps-XXXXXX";

static int
set_up(void **state)
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
tear_down(void **state)
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
begin(void)
{
	steps_close(first);
	steps_close(second);
	first = second = NULL;
	names_free(names);
	names = NULL;
	assert_int_equal(names_new(provided, NAME_COUNT, &names), OK);
}

static enum err
compile(const char *text, struct steps **out)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	buf_clear(&why);
	return steps_open(db, names, path, &form, out, &why);
}

static void
assert_compiles(const char *text, struct steps **out)
{
	if (compile(text, out) != OK)
		fail_msg("%s: %.*s", text, STR_ARG(buf_view(&why)));
}

static void
say(struct steps_run *run, struct str text)
{
	assert_false(run->failed);
	buf_printf(&said, "%.*s\n", STR_ARG(text));
}

static void
take_fail(struct steps_run *run, size_t kind, struct str text)
{
	assert_true(run->failed);
	buf_printf(&said, "%s: %.*s", fails[kind], STR_ARG(text));
}

static enum err
run(struct steps *steps)
{
	struct steps_run how = {.say = say, .fail = take_fail};

	buf_clear(&why);
	buf_clear(&said);
	return steps_run(steps, &how, &why);
}

static void
assert_says(struct steps *steps, const char *expected)
{
	if (run(steps) != OK)
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
assert_faulty(const char *text, const char *line, const char *part)
{
	struct steps *steps = NULL;

	assert_int_equal(compile(text, &steps), ERR_INPUT);
	assert_why(line, part);
}

static void
a_name_is_provided_or_needed(void **state)
{
	(void)state;
	/* What nobody provides is NULL, until somebody does. */
	begin();
	assert_compiles(
	    "% needs :none\n% if :none IS NULL\nnull\n% end\n{own}{none}\n",
	    &first);
	names_set_text(names, NAME_OWN, STR("text"));
	assert_says(first, "null\ntext\n");
	names_set_int(names, names_needed(names, STR("none")), 7);
	assert_says(first, "text7\n");
	assert_int_equal(names_needed(names, STR("own")), SIZE_MAX);
	assert_int_equal(names_needed(names, STR("nobody")), SIZE_MAX);
	assert_faulty("{none}\n", ":1: ", "nothing provides `{none}`");
	assert_faulty(
	    "% needs :more\nx\n", ":1: ", "needs `:more`, but does not use it");
	assert_faulty("% one SELECT :own AS a\n\n% one SELECT\n%  :none AS b\n",
	    ":3: ", "nothing provides `:none`");
	assert_faulty("{late}\n% one SELECT 1 AS late\n", ":1: ", "`{late}`");
	assert_faulty("% do SELECT ?\n", ":1: ", "only reads");
	assert_faulty(
	    "% one SELECT ? AS a\n", ":1: ", "a value is written :name");
}

static void
scripts_share_what_they_give(void **state)
{
	(void)state;
	begin();
	assert_compiles("% gives :n :own\n"
			"% one SELECT :own || '!' AS n, 5 AS own, 9 AS k\n",
	    &first);
	assert_compiles("% needs :n :own :k\n"
			"% if :k IS NULL\n{n} {own}\n% end\n",
	    &second);
	names_set_text(names, NAME_OWN, STR("x"));
	assert_says(first, "");
	assert_says(second, "x! 5\n");
	/* Each run is a new one, and the other's values stay. */
	assert_says(second, "x! 5\n");
	names_set_text(names, NAME_OWN, STR("y"));
	assert_says(first, "");
	assert_says(second, "y! 5\n");
	/* What one script gives is no column of a file for another. */
	assert_int_equal(names_needed(names, STR("n")), SIZE_MAX);
	assert_int_not_equal(names_needed(names, STR("k")), SIZE_MAX);
	/* The tool's name is hidden: whose it is has to be said. */
	steps_close(second);
	second = NULL;
	assert_faulty("{own}\n", ":1: ", "nothing provides `{own}`");
	assert_int_equal(steps_given(first, "own")->integer, 5);
	assert_null(steps_given(first, "k"));
}

static void
a_script_says_lines_and_fails(void **state)
{
	(void)state;
	begin();
	assert_compiles("%# A note.\n"
			"begin\n"
			"\n"
			"% each SELECT value AS v\n"
			"%      FROM json_each('[1,2,null,3]') -- of SQL\n"
			"% if :v = 3\n"
			"% fail refused no {v}\n"
			"% elif :v IS NULL\n"
			"  {{nothing}}\n"
			"% else\n"
			"  {v}\n"
			"% end\n"
			"% none\n"
			"never\n"
			"% end\n"
			"never\n",
	    &first);
	assert_says(first, "begin\n  1\n  2\n  {nothing}\nrefused: no 3");
	/* It can be run again. */
	assert_says(first, "begin\n  1\n  2\n  {nothing}\nrefused: no 3");
	assert_compiles("% if :own\n% fail stop\n% end\n", &second);
	names_set_int(names, NAME_OWN, 1);
	assert_says(second, "stop: ");
	names_set_int(names, NAME_OWN, 0);
	assert_says(second, "");
	begin();
	assert_compiles("\n%# nothing\n\n", &first);
	assert_true(steps_is_empty(first));
	assert_says(first, "");
	assert_faulty("% fail refuse x\n",
	    ":1: ", "no failure `refuse`; did you mean `refused`?");
	assert_faulty("% fail bad x\n", ":1: ", "KIND is stop or refused");
	assert_faulty("% ask What?\n", ":1: ", "% ask is for pages");
	assert_faulty("% type text/plain\n", ":1: ", "% type is for pages");
}

static void
a_missing_row_runs_its_none(void **state)
{
	(void)state;
	begin();
	assert_compiles("% one SELECT 1 AS a WHERE :own\n% none\nnone\n% end\n"
			"<{a}>\n",
	    &first);
	names_set_int(names, NAME_OWN, 1);
	assert_says(first, "<1>\n");
	names_set_int(names, NAME_OWN, 0);
	assert_says(first, "none\n<>\n");
	assert_compiles("\n% one SELECT 1 AS a WHERE :own\n{a}\n", &second);
	assert_int_equal(run(second), ERR_INPUT);
	assert_why(":2: ", "% one has no row");
}

static void
statements_write_inside_the_transaction(void **state)
{
	(void)state;
	begin();
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TABLE t (a CHECK (a > 0));"
			     "CREATE INDEX t_a ON t (a); BEGIN",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_compiles("% do INSERT INTO t VALUES (:own), (8) RETURNING a\n"
			"{a}\n"
			"% do UPDATE t SET a = 9 WHERE a = 7 RETURNING a AS b\n"
			"% if :b IS NULL\nnone\n% end\n",
	    &first);
	names_set_int(names, NAME_OWN, 3);
	assert_says(first, "3\nnone\n");
	assert_compiles("% do DROP INDEX t_a\n"
			"% do CREATE INDEX IF NOT EXISTS t_a ON t (a)\n",
	    &second);
	assert_says(second, "");
	assert_says(second, "");
	names_set_int(names, NAME_OWN, -1);
	assert_int_equal(run(first), ERR_INPUT);
	assert_why(":1: ", "CHECK");
	names_set_int(names, NAME_OWN, 1);
	assert_says(first, "1\nnone\n");
	assert_faulty("x\n% do COMMIT\n", ":2: ", "a script's SQL is SELECT");
	assert_faulty("% do SAVEPOINT a\n", ":1: ", "a script's SQL is");
	assert_faulty("% do ATTACH ':memory:' AS x\n", ":1: ", "SQL is");
	assert_faulty("% do PRAGMA user_version = 1\n", ":1: ", "SQL is");
	assert_faulty("% one SELECT\n%  nowhere\n", ":1: ", "nowhere");
	assert_faulty("% one DELETE FROM t RETURNING a\n", ":1: ", "writes");
}

static void
a_file_that_cannot_be_read_is_named(void **state)
{
	(void)state;
	begin();
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    steps_open(db, names, path, &form, &second, &why), ERR_MISSING);
	assert_why(": ", "No such file");
	assert_int_equal(compile("", &second), OK);
	assert_true(steps_is_empty(second));
}

static void
too_many_names_are_refused(void **state)
{
	char many[8192] = "% needs";

	(void)state;
	begin();
	for (size_t i = 0; i < 450; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
		    " :n%zu", i);
	assert_int_equal(compile(many, &first), ERR_INPUT);
	assert_why(": ", "needs `:n399`, which nothing provides");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* A script's statements are compiled without triggers, and run with them: into
 * a table, into a view, with RETURNING, and again after a change of the
 * schema. */
static void
triggers_fire_in_scripts(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TABLE t (x); CREATE TABLE log (x);"
			     "CREATE VIEW v (x) AS SELECT x FROM t;"
			     "CREATE TRIGGER t_in AFTER INSERT ON t BEGIN"
			     " INSERT INTO log VALUES (NEW.x); END;"
			     "CREATE TRIGGER v_in INSTEAD OF INSERT ON v BEGIN"
			     " INSERT INTO t VALUES (NEW.x * 10); END",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	begin();
	assert_compiles(
	    "% do INSERT INTO t VALUES (:own) RETURNING x + 1 AS y\n"
	    "% do INSERT INTO v VALUES (:y)\n"
	    "% do CREATE INDEX IF NOT EXISTS t_x ON t (x)\n"
	    "% do UPDATE t SET x = -x WHERE 0\n"
	    "% one SELECT group_concat(x) AS all_of_them FROM\n"
	    "%     (SELECT x FROM log ORDER BY rowid)\n"
	    "{all_of_them}\n",
	    &first);
	names_set_int(names, NAME_OWN, 1);
	assert_says(first, "1,20\n");
	names_set_int(names, NAME_OWN, 2);
	assert_says(first, "1,20,2,30\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_name_is_provided_or_needed),
	    TEST(scripts_share_what_they_give),
	    TEST(a_script_says_lines_and_fails),
	    TEST(a_missing_row_runs_its_none),
	    TEST(statements_write_inside_the_transaction),
	    TEST(a_file_that_cannot_be_read_is_named),
	    TEST(triggers_fire_in_scripts),
	    TEST(too_many_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
