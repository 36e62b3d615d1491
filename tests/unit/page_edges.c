/* SPDX-License-Identifier: ISC */
/*
 * Where the parts of a page meet: values at the edges of addresses, writes
 * that fail late, uploads and edits to pages that want none, files beside
 * pages, pages that are many.
 */
#include "page_fixture.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include "store/tally.h"

/* What Titan gives for a path; no body: ";edit". */
static const char *
titan(struct fixture *f, const char *path, const char *body)
{
	struct upload upload = {
	    .body = str_from(body), .mime = STR("text/plain")};
	struct request request = {.protocol = PROTOCOL_GEMINI,
	    .upload = body == NULL ? NULL : &upload,
	    .edit = body == NULL};

	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, str_from(path), &request.path), OK);
	return fixture_request(f, &request);
}

/* The first sealed address on a page: a reference relative to folder. */
static void
take_seal(struct fixture *f, const char *page_path, const char *folder,
    char *out, size_t size)
{
	const char *text = gemini(f, page_path), *at = strstr(text, "=> "),
		   *end;

	assert_non_null(at);
	end = strchr(at + 3, ' ');
	assert_non_null(end);
	assert_true(end - at >= 3 + 32);
	snprintf(out, size, "%s%.32s", folder, end - 32);
}

/* ---- addresses ----------------------------------------------------- */

static void
a_value_is_never_a_scheme(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/[a].gmi", "# {a}\n");
	assert_string_equal(
	    page(f, "% one SELECT url AS x FROM book WHERE id = 2\n=> {x} a\n"),
	    "=> javascript%3Aalert(1) a\n");
	assert_string_equal(
	    page(f, "% one SELECT 'ja' AS a, 'va:b' AS b\n=> {a}{b} a\n"),
	    "=> java%3Ab a\n");
}

static void
a_value_is_never_a_host(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/x/[a]/[b].gmi", "# {a}\n");
	fixture_write(f, "pages/[a]/[b].gmi", "# {a}\n");
	assert_string_equal(page(f,
				"% one SELECT NULL AS a, 'evil.example' AS b\n"
				"=> /{a}/{b} label\n"),
	    "label\n");
	assert_memory_equal(page(f,
				"% one SELECT '' AS a, 'evil.example' AS b\n"
				"% go /{a}/{b}\n"),
	    "(broken)", 8);
}

static void
go_stays_here_and_takes_any_query(void **state)
{
	/* A client takes what begins with two slashes for a host. */
	static const char *const away[] = {"//evil.example/",
	    "///evil.example/", "gemini://evil.example/", "\t//evil.example/"};
	static const char *const here[] = {"/.//evil.example/",
	    "/..//evil.example/", "/a/..//evil.example/",
	    "/a/b/../..///evil.example/", "/.///./..//evil.example/"};
	struct fixture *f = *state;
	char text[200];

	fixture_write(f, "pages/q.gmi", "% ask What?\n% go p?{input}\n");
	fixture_write(f, "pages/r.gmi",
	    "% one SELECT 'mailto:a@example.org' AS x\n% go {x|url}\n");
	assert_string_equal(page(f, "{input}\n"), "\n");
	assert_string_equal(
	    gemini(f, "/q?http%3A%2F%2Fa%20b"), "(go) /p?http://a%20b");
	assert_memory_equal(gemini(f, "/r"), "(broken)", 8);
	for (size_t i = 0; i < sizeof(away) / sizeof(*away); i++) {
		snprintf(text, sizeof(text),
		    "%% one SELECT '%s' AS x\n%% go {x|url}\n", away[i]);
		if (strncmp(page(f, text), "(broken)", 8) != 0)
			fail_msg("%s is gone to", away[i]);
	}
	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++) {
		snprintf(text, sizeof(text),
		    "%% one SELECT '%s' AS x\n%% go {x|url}\n", here[i]);
		assert_string_equal(page(f, text), "(go) /evil.example/");
	}
	fixture_write(f, "pages/[x]/[y].gmi", "{x} {y}\n");
	assert_string_equal(page(f,
				"% one SELECT '' AS a, 'evil.example' AS b\n"
				"% go ./{a}/{b}\n"),
	    "(go) /evil.example");
	fixture_write(f, "pages/s.gmi", "% go //example.org/\n");
	fixture_write(f, "pages/t.gmi", "% moved gemini://example.org/\n");
	assert_string_equal(findings(f, NULL),
	    "pages/s.gmi:1: a redirect leads to a path of this capsule\n"
	    "pages/t.gmi:1: a redirect leads to a path of this capsule\n");
}

static void
prompts_are_one_line(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(page(f, "% ask One\n%   two?\n"), "(ask) One two?");
	assert_string_equal(
	    page(f, "% fail gone One\n%   two.\n"), "(gone) One two.");
}

/* ---- writing ------------------------------------------------------- */

static void
a_seal_fits_its_folder_however_written(void **state)
{
	struct fixture *f = *state;
	char link[160];

	fixture_write(f, "pages/联系/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n% go /p\n");
	fixture_write(f, "pages/联系/index.gmi", "# x\n");
	page(f, "=> /联系/{seal} x\n");
	take_seal(f, "/p", "/联系/", link, sizeof(link));
	assert_string_equal(gemini(f, link), "(go) /p");
}

/* An immediate foreign key fails when the statement ends, not at its row. */
static void
a_returned_row_may_still_be_refused(void **state)
{
	struct fixture *f = *state;
	char link[160];

	fixture_write(f, "schema/002_loan.sql",
	    "CREATE TABLE loan (id INTEGER PRIMARY KEY, book_id INTEGER NOT "
	    "NULL REFERENCES book (id));\n");
	fixture_write(f, "pages/loan/index.gmi", "=> {seal} Lend\n");
	fixture_write(f, "pages/loan/[seal].gmi",
	    "% do INSERT INTO loan (book_id) VALUES (77) RETURNING id\n"
	    "stored as {id}\n");
	fixture_good(f);
	take_seal(f, "/loan/", "/loan/", link, sizeof(link));
	assert_memory_equal(gemini(f, link), "(bad)", 5);
}

static void
an_edit_changes_nothing(void **state)
{
	struct fixture *f = *state;
	char link[160];

	f->has_cert = true;
	/* An author's slip: the text to edit is named behind the write. */
	fixture_write(f, "pages/slip.gmi",
	    "% cert Who?\n"
	    "% one SELECT id, note FROM book WHERE id = 1\n"
	    "% upload 99 text/plain\n"
	    "% do UPDATE book SET note = :body WHERE id = :id\n"
	    "% edit id\n");
	fixture_write(f, "pages/w/index.gmi", "=> {seal} Write\n");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% one SELECT id, note FROM book WHERE id = 1\n"
	    "% edit note\n"
	    "% ask What?\n"
	    "% upload 99 text/plain\n"
	    "% do UPDATE book SET note = :input WHERE id = :id\n"
	    "% go /w/\n");
	page(f, "% one SELECT note FROM book WHERE id = 1\n{note}\n");
	/* Here a number is asked for: it is text for who edits. */
	titan(f, "/slip", NULL);
	assert_string_equal(gemini(f, "/p"), "a note\n");
	/* The seal is good for the upload that follows. */
	take_seal(f, "/w/", "/w/", link, sizeof(link));
	assert_string_equal(
	    titan(f, link, NULL), "(text/plain; charset=utf-8)\na note");
	assert_string_equal(titan(f, link, "new"), "(go) /w/");
	assert_string_equal(gemini(f, "/p"), "new\n");
}

static void
any_value_can_be_edited(void **state)
{
	struct fixture *f = *state;

	f->has_cert = true;
	fixture_write(f, "pages/p.gmi",
	    "% cert Who?\n"
	    "% one SELECT id FROM book WHERE id = 1\n"
	    "% edit id\n"
	    "% upload 99 text/plain\n"
	    "% do UPDATE book SET note = :body WHERE id = :id\n"
	    "% go /p\n");
	fixture_good(f);
	assert_string_equal(
	    titan(f, "/p", NULL), "(text/plain; charset=utf-8)\n1");
}

static void
an_upload_wants_a_page_that_takes_it(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "static/x.txt", "words");
	page(f, "# Reads\n");
	assert_memory_equal(titan(f, "/p", "text"), "(bad)", 5);
	assert_memory_equal(titan(f, "/x.txt", "text"), "(bad)", 5);
	assert_memory_equal(titan(f, "/x.txt", NULL), "(bad)", 5);
}

/* Without a seal only an upload under a certificate writes, wherever the
 * directives stand. */
static void
nothing_writes_unasked(void **state)
{
	struct fixture *f = *state;

	f->has_cert = true;
	fixture_write(f, "pages/w.gmi",
	    "% if 1 = 2\n% cert Who?\n% upload 99 text/plain\n% end\n"
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n");
	page(f, "% one SELECT note FROM book WHERE id = 1\n{note}\n");
	gemini(f, "/w");
	f->has_cert = false;
	titan(f, "/w", "text");
	assert_string_equal(gemini(f, "/p"), "a note\n");
}

/* ---- time ---------------------------------------------------------- */

static void
a_deadline_ends_with_its_request(void **state)
{
	struct fixture *f = *state;
	char link[160], database[120];
	struct timespec pause = {1, 100000000};
	sqlite3 *other;

	fixture_write(f, "pages/w/index.gmi",
	    "% one SELECT tally_add('w', 1) AS n\n=> {seal} {n}\n");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n% go /w/\n");
	fixture_write(f, "pages/n.gmi",
	    "% each SELECT n FROM guiju_tally WHERE name = 'w'\n{n}\n% end\n");
	fixture_good(f);
	take_seal(f, "/w/", "/w/", link, sizeof(link));
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_memory_equal(gemini(f, link), "(busy)", 6);
	sqlite3_close(other);
	nanosleep(&pause, NULL);
	site_fold(f->site);
	assert_string_equal(gemini(f, "/n"), "1\n");
}

static void
a_fold_leaves_the_wait_short(void **state)
{
	struct fixture *f = *state;
	char link[160], database[120];
	int64_t before_ms, took_ms = INT64_MAX;
	sqlite3 *other;

	fixture_write(f, "pages/w/index.gmi",
	    "% one SELECT tally_add('w', 1) AS n\n=> {seal} {n}\n");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n% go /w/\n");
	fixture_good(f);
	take_seal(f, "/w/", "/w/", link, sizeof(link));
	site_fold(f->site);
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	/* Of several tries, since a machine may stand still in one. */
	for (int tries = 0; took_ms >= 2000 && tries < 10; tries++) {
		before_ms = clock_ms();
		assert_memory_equal(gemini(f, link), "(busy)", 6);
		took_ms = clock_ms() - before_ms;
	}
	assert_true(took_ms < 2000);
	sqlite3_close(other);
}

/* ---- files --------------------------------------------------------- */

static void
a_file_of_that_name_wins_over_the_twin(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "static/p.txt", "words");
	page(f, "# P\n");
	assert_string_equal(
	    gemini(f, "/p.txt"), "(file text/plain; charset=utf-8 5)");
}

/* /p is the page's address, /p.gmi the file's. */
static void
a_file_is_hidden_by_its_address(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "static/p.gmi", "words");
	page(f, "# P\n");
	assert_string_equal(
	    gemini(f, "/p.gmi"), "(file text/gemini; charset=utf-8 5)");
	fixture_write(f, "static/p", "hidden");
	assert_string_equal(findings(f, NULL),
	    "pages/p.gmi:0: answers the same address as static/p\n");
}

static void
names_that_are_not_addresses_are_found(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/[Id].gmi", "x\n");
	fixture_write(f, "pages/x[id].gmi", "x\n");
	fixture_write(f, "pages/a\nb.gmi", "x\n");
	fixture_write(f, "pages/a\xff.gmi", "x\n");
	fixture_write(f, "pages/[a-b]/index.gmi", "x\n");
	fixture_write(f, "pages/w/[seal].csv", "x\n");
	assert_string_equal(findings(f, "x\n"),
	    "pages/[Id].gmi:0: a parameter is [name] with a-z, 0-9 and _\n"
	    "pages/[a-b]:0: a parameter is [name] with a-z, 0-9 and _\n"
	    "pages/a b.gmi:0: a name that cannot stand in an address\n"
	    "pages/a\xEF\xBF\xBD.gmi:0: a name that cannot stand in an "
	    "address\n"
	    "pages/w/[seal].csv:0: a page that writes is named [seal].gmi\n"
	    "pages/x[id].gmi:0: a parameter is [name] with a-z, 0-9 and _\n");
}

static void
there_may_be_many_pages(void **state)
{
	struct fixture *f = *state;
	char name[64];

	fixture_write(f, "pages/_foot.gmi", "=> / Home\n");
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "pages/n/p%d.gmi", i);
		fixture_write(f, name, "# P\n% include _foot.gmi\n");
	}
	fixture_good(f);
	assert_string_equal(gemini(f, "/n/p299"), "# P\n=> / Home\n");
}

static void
a_partial_does_not_include_itself(void **state)
{
	struct fixture *f = *state;
	static const char twice[] =
	    "% include _a.gmi\n% include _a.gmi\n% include _a.gmi\n"
	    "% include _a.gmi\n% include _a.gmi\n% include _a.gmi\n"
	    "% include _a.gmi\n% include _a.gmi\n% include _a.gmi\n";
	struct str text;

	fixture_write(f, "pages/_a.gmi", twice);
	text = str_from(findings(f, "% include _a.gmi\n"));
	assert_true(str_starts(
	    text, STR("pages/_a.gmi:1: pages/_a.gmi includes itself\n")));
}

/* ---- the check ----------------------------------------------------- */

static void
misplaced_seals_and_wrong_sql_are_found(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/w/index.gmi", "# W\n=> {seal} Do it\n");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% one COMMIT\n"
	    "% do DELETE FROM book WHERE id = 1\n% go ../w/\n");
	assert_string_equal(findings(f,
				"=> /w/x{seal} x\n"
				"=> a<b x\n"
				"% one PRAGMA query_only = OFF\n"),
	    "pages/p.gmi:1: {seal} must be the last segment of a link's "
	    "address\n"
	    "pages/p.gmi:3: a page's SQL is SELECT, VALUES, WITH, INSERT, "
	    "REPLACE, UPDATE or DELETE\n"
	    "pages/w/[seal].gmi:1: a page's SQL is SELECT, VALUES, WITH, "
	    "INSERT, REPLACE, UPDATE or DELETE\n"
	    "pages/p.gmi:2: `a<b` is not an address\n");
}

static void
a_link_may_be_written_encoded(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/联 系/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n% go /p\n");
	fixture_write(f, "pages/联 系/index.gmi", "=> {seal} x\n");
	assert_string_equal(page(f, "=> /%e8%81%94%20%E7%B3%BB/ x\n"),
	    "=> /%e8%81%94%20%E7%B3%BB/ x\n");
}

static void
a_byte_order_mark_hides_nothing(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(page(f, "\xEF\xBB\xBF# Title\n"), "# Title\n");
}

static void
a_search_keeps_its_words_without_the_slash(void **state)
{
	struct fixture *f = *state;
	struct request request = {.protocol = PROTOCOL_GOPHER,
	    .has_input = true,
	    .input = STR("words"),
	    .query = STR("words")};

	fixture_write(f, "pages/s/index.gmi", "% ask What?\n{input}\n=> x Y\n");
	fixture_write(f, "pages/s/x.gmi", "x\n");
	fixture_good(f);
	assert_int_equal(path_parse(f->arena, STR("/s"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request),
	    "iwords\t\terror.host\t1\r\n"
	    "1Y\t/s/x\tportal.example\t70\r\n.\r\n");
}

/* What is there is not missing because too many files are open. */
static void
too_many_open_files_are_busy(void **state)
{
	struct fixture *f = *state;
	struct rlimit old, low;
	const char *answer;

	fixture_write(f, "static/d/x.txt", "words");
	fixture_good(f);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = old;
	low.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	answer = gemini(f, "/d/x.txt");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_string_equal(answer, "(busy) ");
}

/* ---- other formats ------------------------------------------------- */

static void
a_cell_is_no_formula(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/x.csv",
	    "% one SELECT char(9) || '=1+1' AS a, char(13) || '@x' AS b, "
	    "char(8203) || '+1' AS c\n"
	    "{a},{b},{c}\n");
	fixture_good(f);
	assert_string_equal(
	    gemini(f, "/x.csv"), "(text/csv; charset=utf-8)\n =1+1, @x, +1\n");
	/* Each of the eight signs; their neighbours begin none. */
	fixture_write(f, "pages/x.csv",
	    "% one SELECT '=a' AS a, '+a' AS b, '-a' AS c, '@a' AS d,"
	    " '\xEF\xBC\x9D' AS e, '\xEF\xBC\x8B' AS f,"
	    " '\xEF\xBC\x8D' AS g, '\xEF\xBC\xA0' AS h,"
	    " '<>*,.?A' AS i, '\xEF\xBC\x9E\xEF\xBC\x9C' AS j,"
	    " '>a' AS k, '\xEF\xBC\x9C' AS l, '*a' AS m, '.a' AS n\n"
	    "{a}{b}{c}{d}{e}{f}{g}{h}|{i}|{j}|{k}|{l}|{m}|{n}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/x.csv"),
	    "(text/csv; charset=utf-8)\n =a +a -a @a"
	    " \xEF\xBC\x9D \xEF\xBC\x8B \xEF\xBC\x8D \xEF\xBC\xA0"
	    "|\"<>*,.?A\"|\xEF\xBC\x9E\xEF\xBC\x9C|>a|\xEF\xBC\x9C"
	    "|*a|.a\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_value_is_never_a_scheme),
	    PAGE_TEST(a_value_is_never_a_host),
	    PAGE_TEST(go_stays_here_and_takes_any_query),
	    PAGE_TEST(prompts_are_one_line),
	    PAGE_TEST(a_seal_fits_its_folder_however_written),
	    PAGE_TEST(a_returned_row_may_still_be_refused),
	    PAGE_TEST(an_edit_changes_nothing),
	    PAGE_TEST(any_value_can_be_edited),
	    PAGE_TEST(an_upload_wants_a_page_that_takes_it),
	    PAGE_TEST(nothing_writes_unasked),
	    PAGE_TEST(a_deadline_ends_with_its_request),
	    PAGE_TEST(a_fold_leaves_the_wait_short),
	    PAGE_TEST(a_file_of_that_name_wins_over_the_twin),
	    PAGE_TEST(a_file_is_hidden_by_its_address),
	    PAGE_TEST(names_that_are_not_addresses_are_found),
	    PAGE_TEST(there_may_be_many_pages),
	    PAGE_TEST(a_partial_does_not_include_itself),
	    PAGE_TEST(misplaced_seals_and_wrong_sql_are_found),
	    PAGE_TEST(a_link_may_be_written_encoded),
	    PAGE_TEST(a_byte_order_mark_hides_nothing),
	    PAGE_TEST(a_search_keeps_its_words_without_the_slash),
	    PAGE_TEST(too_many_open_files_are_busy),
	    PAGE_TEST(a_cell_is_no_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
