/* SPDX-License-Identifier: ISC */
/*
 * What a page that writes does before it has the write lock, and how it makes
 * sure that this is still true when it has the lock.
 *
 * SQL functions of this test look into a run: meddle(sql) runs a statement on
 * another connection, once; seen(x) counts its calls and gives x; pause(ms)
 * waits, work(ms) uses the processor.
 */
#include "page_fixture.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/compile/value.h"
#include "store/modules.h"

static char database[120];
static bool meddled;
static int calls;

static sqlite3 *
other_connection(void)
{
	sqlite3 *other;

	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	return other;
}

static void
on_other(const char *sql)
{
	sqlite3 *other = other_connection();

	if (sqlite3_exec(other, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(other));
	sqlite3_close(other);
}

static void
meddle(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	if (!meddled)
		on_other((const char *)sqlite3_value_text(values[0]));
	meddled = true;
	sqlite3_result_int(context, 1);
}

static void
seen(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	calls++;
	sqlite3_result_value(context, values[0]);
}

static void
wait_ms(sqlite3_context *context, int n, sqlite3_value **values)
{
	const int ms = sqlite3_value_int(values[0]);

	(void)n;
	nanosleep(&(struct timespec){0, ms * 1000000L}, NULL);
	sqlite3_result_int(context, ms);
}

static void
work_ms(sqlite3_context *context, int n, sqlite3_value **values)
{
	const int ms = sqlite3_value_int(values[0]);
	const int64_t end_us = clock_cpu_us() + (int64_t)ms * 1000;

	(void)n;
	while (clock_cpu_us() < end_us)
		continue;
	sqlite3_result_int(context, ms);
}

static int
add_functions(
    sqlite3 *db, const char **message, const struct sqlite3_api_routines *api)
{
	(void)message;
	(void)api;
	return sqlite3_create_function(
		   db, "meddle", 1, SQLITE_UTF8, NULL, meddle, NULL, NULL) |
	    sqlite3_create_function(
		db, "seen", 1, SQLITE_UTF8, NULL, seen, NULL, NULL) |
	    sqlite3_create_function(
		db, "pause", 1, SQLITE_UTF8, NULL, wait_ms, NULL, NULL) |
	    sqlite3_create_function(
		db, "work", 1, SQLITE_UTF8, NULL, work_ms, NULL, NULL);
}

/* The capsule: /w/ with a page that writes. Gives the address with a seal. */
static const char *
sealed(struct fixture *f, const char *text)
{
	static char link[64];
	const char *at;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	fixture_write(f, "pages/w/index.gmi",
	    "=> {seal} Write\n"
	    "% each SELECT title FROM book WHERE shelf = 'new' ORDER BY id\n"
	    "* {title}\n"
	    "% end\n");
	fixture_write(f, "pages/w/[seal].gmi", text);
	fixture_good(f);
	meddled = false;
	calls = 0;
	at = strstr(gemini(f, "/w/"), "=> ");
	assert_non_null(at);
	snprintf(link, sizeof(link), "/w/%.32s", at + 3);
	return link;
}

/* The titles on the new shelf, each after a blank. */
static const char *
titles(struct fixture *f)
{
	static char out[256];
	const char *at = gemini(f, "/w/");

	out[0] = '\0';
	while ((at = strstr(at, "\n* ")) != NULL) {
		at += 3;
		snprintf(out + strlen(out), sizeof(out) - strlen(out), " %.*s",
		    (int)strcspn(at, "\n"), at);
	}
	return out;
}

/* ---- without the lock ---------------------------------------------- */

/* A prompt, with what it needs of the database; a refusal; a redirect; a seal
 * that is not good: another process writes meanwhile for as long as it likes.
 */
static void
what_writes_nothing_needs_no_lock(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[80];
	sqlite3 *other;

	snprintf(link, sizeof(link), "%s",
	    sealed(f,
		"% one SELECT title FROM book WHERE id = 1\n"
		"% ask What of {title}?\n"
		"% if :input = 'bad'\n"
		"% fail bad no {title}\n"
		"% end\n"
		"% if :input = 'go'\n"
		"% go /w/\n"
		"% end\n"
		"% if :input <> 'page'\n"
		"% do INSERT INTO book (shelf, title) VALUES ('new', :input)\n"
		"% end\n"
		"# {title}\n"));
	other = other_connection();
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_string_equal(gemini(f, link), "(ask) What of First?");
	snprintf(answer, sizeof(answer), "%s?bad", link);
	assert_string_equal(gemini(f, answer), "(bad) no First");
	snprintf(answer, sizeof(answer), "%s?go", link);
	assert_string_equal(gemini(f, answer), "(go) /w/");
	snprintf(answer, sizeof(answer), "%s?page", link);
	assert_string_equal(gemini(f, answer), "# First\n");
	assert_non_null(
	    strstr(gemini(f, "/w/nonsense"), "Nothing is done yet"));
	snprintf(answer, sizeof(answer), "%s?x", link);
	assert_memory_equal(gemini(f, answer), "(busy)", 6);
	sqlite3_close(other);
	/* None of these has used the seal up. */
	assert_string_equal(gemini(f, answer), "# First\n");
	assert_string_equal(titles(f), " x");
	other = other_connection();
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_non_null(strstr(gemini(f, answer), "has done it already"));
	sqlite3_close(other);
}

/* ---- what was read before the lock --------------------------------- */

static void
what_has_not_changed_is_read_once(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    gemini(f,
		sealed(f,
		    "% one SELECT seen(title) AS title FROM book WHERE id = 1\n"
		    "% do INSERT INTO book (shelf, title)\n"
		    "%    VALUES ('new', :title)\n"
		    "# {title}\n")),
	    "# First\n");
	assert_int_equal(calls, 1);
	assert_string_equal(titles(f), " First");
}

/* Each thing that the page has made of it is made anew: names, lines, a % lang,
 * what is written. */
static void
what_has_changed_is_read_again(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    gemini(f,
		sealed(f,
		    "% one SELECT seen(title) AS title FROM book WHERE id = 1\n"
		    "# {title}\n"
		    "% one SELECT meddle('UPDATE book SET title = ''Other'''"
		    " || ' WHERE id = 1') AS done\n"
		    "% do INSERT INTO book (shelf, title)\n"
		    "%    VALUES ('new', :title)\n"
		    "* {title}\n")),
	    "# Other\n* Other\n");
	assert_int_equal(calls, 2);
	assert_string_equal(titles(f), " Other");
}

/* An upload that the second run does not take is not stored, and the client
 * must not take a redirect for success. */
static void
an_upload_is_taken_by_the_run_that_stores_it(void **state)
{
	struct fixture *f = *state;
	const struct upload upload = {
	    .body = STR("some words"), .mime = STR("text/plain")};
	struct request request = {
	    .protocol = PROTOCOL_GEMINI, .upload = &upload};
	const char *address;

	fixture_write(f, "pages/closed.gmi", "closed\n");
	address = sealed(f,
	    "% if (SELECT title FROM book WHERE id = 1) = 'Closed'\n"
	    "% go /closed\n% end\n"
	    "% upload 99 text/plain\n"
	    "% one SELECT meddle('UPDATE book SET title = ''Closed'''"
	    " || ' WHERE id = 1') AS done\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('new', :body)\n"
	    "stored\n");
	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, str_from(address), &request.path), OK);
	assert_string_equal(fixture_request(f, &request),
	    "(bad) Not stored; see gemini://portal.example/closed");
	assert_string_equal(titles(f), "");
}

/* What another has decided in the meantime, this page obeys. */
static void
a_condition_holds_under_the_lock(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    gemini(f,
		sealed(f,
		    "% if EXISTS (SELECT 1 FROM book WHERE shelf = 'new')\n"
		    "% fail bad taken\n"
		    "% end\n"
		    "% one SELECT meddle('INSERT INTO book (shelf, title)"
		    " VALUES (''new'', ''theirs'')') AS done\n"
		    "% do INSERT INTO book (shelf, title)\n"
		    "%    VALUES ('new', 'mine')\n"
		    "% go /w/\n")),
	    "(bad) taken");
	assert_string_equal(titles(f), " theirs");
}

/* The twelve bytes of time and nonce in hex, as guiju_seal has them. */
static void
nonce_of(const char *seal, char out[25])
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_";
	uint32_t word = 0;

	for (int i = 0; i < 16; i++) {
		word = word << 6 |
		    (uint32_t)(strchr(alphabet, seal[i]) - alphabet);
		if (i % 4 == 3)
			snprintf(out + i / 4 * 6, 7, "%06x", word & 0xFFFFFF);
	}
}

static void
a_seal_that_is_used_meanwhile_does_nothing(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[80], nonce[25], insert[200];

	snprintf(link, sizeof(link), "%s",
	    sealed(f,
		"% ask Title?\n"
		"% one SELECT meddle(sql) AS done FROM (SELECT\n"
		"%     body AS sql FROM book WHERE id = 3)\n"
		"% do INSERT INTO book (shelf, title)\n"
		"%    VALUES ('new', :input)\n"
		"% go /w/\n"));
	nonce_of(link + 3, nonce);
	snprintf(insert, sizeof(insert),
	    "UPDATE book SET body = 'INSERT INTO guiju_seal (nonce, used_at)"
	    " VALUES (''%s'', %d)' WHERE id = 3",
	    nonce, FIXTURE_NOW);
	on_other(insert);
	snprintf(answer, sizeof(answer), "%s?x", link);
	assert_non_null(strstr(gemini(f, answer), "has done it already"));
	assert_true(meddled);
	assert_string_equal(titles(f), "");
}

/* A write inside an % each goes on with the rows that were being read. */
static void
a_loop_goes_on_under_the_lock(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(gemini(f,
				sealed(f,
				    "% each SELECT id, title FROM book\n"
				    "%      WHERE shelf = 'east' ORDER BY id\n"
				    "% do INSERT INTO book (shelf, title)\n"
				    "%    VALUES ('new', :title)\n"
				    "% one SELECT count(*) AS n FROM book\n"
				    "* {title} {n}\n"
				    "% end\n")),
	    "* First 4\n* Second 5\n");
	assert_string_equal(titles(f), " First Second");
}

/* ---- early rows ----------------------------------------------------- */

static void
an_early_row_is_kept(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    gemini(f,
		sealed(f,
		    "% one SELECT title FROM book WHERE id = 1\n"
		    "% one SELECT seen(note) AS note FROM book WHERE id = 1"
		    " /* early */\n"
		    "% one SELECT 1 AS no FROM book WHERE id = seen(9)"
		    " /* early */\n"
		    "% none\n"
		    "% end\n"
		    "% one SELECT meddle('UPDATE book SET title = ''Other'','"
		    " || ' note = ''new'' WHERE id = 1') AS done\n"
		    "% do INSERT INTO book (shelf, title)\n"
		    "%    VALUES ('new', :title || :note)\n"
		    "# {title} {note}{no}\n")),
	    "# Other a note\n");
	assert_int_equal(calls, 2);
	assert_string_equal(titles(f), " Othera note");
}

static void
an_early_row_of_other_values_is_not(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    gemini(f,
		sealed(f,
		    "% one SELECT title FROM book WHERE id = 1\n"
		    "% one SELECT seen(:title) AS same /* early */\n"
		    "% one SELECT meddle('UPDATE book SET title = ''Other'''"
		    " || ' WHERE id = 1') AS done\n"
		    "% do INSERT INTO book (shelf, title)\n"
		    "%    VALUES ('new', :same)\n"
		    "# {same}\n")),
	    "# Other\n");
	assert_int_equal(calls, 2);
	assert_string_equal(titles(f), " Other");
}

/* ---- the time under the lock ---------------------------------------- */

#define STEPS                                                              \
	"%% one WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1\n" \
	"%%     FROM n WHERE x < 1000) SELECT count(*) AS n FROM n\n"

static void
time_under_the_lock_has_a_limit(void **state)
{
	static const struct {
		const char *what;
		int ms;
	} under[] = {{"work", LIMIT_WRITE_MS}, {"pause", LIMIT_WRITE_HELD_MS}};
	struct fixture *f = *state;
	char text[512];

	for (size_t i = 0; i < sizeof(under) / sizeof(*under); i++) {
		snprintf(text, sizeof(text),
		    "%% do INSERT INTO book (shelf, title)\n"
		    "%%    VALUES ('new', %s(%d))\n" STEPS "# stored\n",
		    under[i].what, under[i].ms);
		print_message("%s(%d)\n", under[i].what, under[i].ms);
		assert_memory_equal(gemini(f, sealed(f, text)), "(busy)", 6);
		assert_string_equal(titles(f), "");
	}
	snprintf(text, sizeof(text),
	    "%% one SELECT work(%d) AS before\n"
	    "%% do INSERT INTO book (shelf, title)\n"
	    "%%    VALUES ('new', :before)\n" STEPS "# stored\n",
	    LIMIT_WRITE_MS + 1);
	assert_string_equal(gemini(f, sealed(f, text)), "# stored\n");
	assert_true(LIMIT_WRITE_MS * 2 < LIMIT_WRITE_WAIT_MS);
	assert_true(LIMIT_WRITE_HELD_MS < LIMIT_WRITE_WAIT_MS);
}

/* By which an early row is known. */
static void
values_are_equal_to_themselves_alone(void **state)
{
	const struct value values[] = {{.type = VALUE_NULL}, value_integer(0),
	    value_integer(1), {.type = VALUE_REAL, .real = 0.0},
	    {.type = VALUE_REAL, .real = 1.0}, value_text(STR("")),
	    value_text(STR("1")), value_text(STR("2"))};
	enum { VALUES = sizeof(values) / sizeof(*values) };

	(void)state;
	for (size_t i = 0; i < VALUES; i++)
		for (size_t j = 0; j < VALUES; j++) {
			const struct value copy = values[j];

			assert_int_equal(
			    value_equal(&values[i], &copy), i == j);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(what_writes_nothing_needs_no_lock),
	    PAGE_TEST(what_has_not_changed_is_read_once),
	    PAGE_TEST(what_has_changed_is_read_again),
	    PAGE_TEST(an_upload_is_taken_by_the_run_that_stores_it),
	    PAGE_TEST(a_condition_holds_under_the_lock),
	    PAGE_TEST(a_seal_that_is_used_meanwhile_does_nothing),
	    PAGE_TEST(a_loop_goes_on_under_the_lock),
	    PAGE_TEST(an_early_row_is_kept),
	    PAGE_TEST(an_early_row_of_other_values_is_not),
	    cmocka_unit_test(values_are_equal_to_themselves_alone),
	    PAGE_TEST(time_under_the_lock_has_a_limit),
	};

	modules_configure(); /* before the first use of SQLite */
	sqlite3_auto_extension((void (*)(void))add_functions);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
