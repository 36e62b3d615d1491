/* SPDX-License-Identifier: ISC */
/*
 * Pages that write: the seal in their address, its single use inside the
 * page's transaction, and what becomes of everything else.
 */
#include "page_fixture.h"

static const char contact[] =
    "# Write to us\n"
    "=> {seal} Write\n"
    "% each SELECT title FROM book WHERE shelf = 'post' ORDER BY id\n"
    "* {title}\n"
    "% end\n";

static const char contact_seal[] =
    "% ask Your message?\n"
    "% do INSERT INTO book (shelf, title) VALUES ('post', :input)\n"
    "%    RETURNING id AS number\n"
    "% if :input = 'fail'\n"
    "% fail bad no\n"
    "% end\n"
    "% if :input = 'again'\n"
    "% fail ask {number} is too many. Your message?\n"
    "% end\n"
    "% go ../contact/\n";

static void
capsule(struct fixture *f)
{
	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_seal);
	fixture_good(f);
}

/* The first sealed address on a page. */
static void
take_seal(struct fixture *f, const char *path, char *out, size_t size)
{
	const char *text = gemini(f, path), *at = strstr(text, "=> ");

	assert_non_null(at);
	snprintf(out, size, "/contact/%.32s", at + 3);
	assert_int_equal(strlen(out), 9 + 32);
}

static void
a_seal_writes_once(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	take_seal(f, "/contact/", link, sizeof(link));
	/* The prompt does not use it up. */
	assert_string_equal(gemini(f, link), "(ask) Your message?");
	assert_string_equal(gemini(f, link), "(ask) Your message?");
	snprintf(answer, sizeof(answer), "%s?hello", link);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "\n* hello\n"));
	/* Again: back to the folder, and nothing is written. */
	assert_string_equal(gemini(f, answer), "(go) /contact/?hello");
	assert_null(strstr(gemini(f, "/contact/"), "* hello\n* hello\n"));
	assert_string_equal(gemini(f, link), "(go) /contact/");
}

/* What was typed behind a link that is good no more is not lost: the folder's
 * page has it, and a fresh link stores it. */
static void
a_late_answer_is_offered_anew(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128], fresh[128];
	const char *text, *at;

	fixture_write(f, "pages/contact/[seal].gmi", contact_seal);
	fixture_write(f, "pages/contact/index.gmi",
	    "=> {seal} Write\n"
	    "% if length(:input) > 0\n"
	    "=> {seal}?{input} Store: {input}\n"
	    "% end\n"
	    "% each SELECT title FROM book WHERE shelf = 'post' ORDER BY id\n"
	    "* {title}\n"
	    "% end\n");
	fixture_good(f);
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?a%%0Ab%%3F%%C3%%A9", link);
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	assert_string_equal(gemini(f, answer), "(go) /contact/?a%0Ab%3F%C3%A9");
	text = gemini(f, "/contact/?a%0Ab%3F%C3%A9");
	assert_non_null(strstr(text, " Store: a b?\xc3\xa9\n"));
	at = strstr(strstr(text, "Write\n"), "=> ");
	assert_non_null(at);
	snprintf(fresh, sizeof(fresh), "/contact/%.*s",
	    (int)strcspn(at + 3, " "), at + 3);
	assert_non_null(strstr(fresh, "?a%0Ab%3F%C3%A9"));
	assert_string_equal(gemini(f, fresh), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* a b?\xc3\xa9\n"));
	clock_set_now_s(FIXTURE_NOW);
}

static void
a_refusal_rolls_back(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?fail", link);
	assert_string_equal(gemini(f, answer), "(bad) no");
	assert_null(strstr(gemini(f, "/contact/"), "* fail"));
	/* The seal was rolled back with it. */
	snprintf(answer, sizeof(answer), "%s?fine", link);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* fine"));
}

/* The same seal serves the next answer, and nothing of the first stays. */
static void
asking_again_rolls_back(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	take_seal(f, "/contact/", link, sizeof(link));
	for (int i = 0; i < 3; i++) {
		snprintf(answer, sizeof(answer), "%s?again", link);
		assert_string_equal(
		    gemini(f, answer), "(ask) 4 is too many. Your message?");
	}
	assert_null(strstr(gemini(f, "/contact/"), "* again"));
	snprintf(answer, sizeof(answer), "%s?fine", link);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* fine"));
	assert_string_equal(gemini(f, answer), "(go) /contact/?fine");
	assert_null(strstr(gemini(f, "/contact/"), "* fine\n* fine"));
}

static void
a_bad_seal_leads_back(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	assert_string_equal(gemini(f, "/contact/nonsense?x"), "(go) /contact/");
	take_seal(f, "/contact/", link, sizeof(link));
	/* One character changed. */
	snprintf(answer, sizeof(answer), "%s?x", link);
	answer[20] = answer[20] == 'A' ? 'B' : 'A';
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	/* Another reader's. */
	snprintf(answer, sizeof(answer), "%s?x", link);
	f->has_cert = true;
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	f->has_cert = false;
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	/* Too old, by a second. */
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	assert_string_equal(gemini(f, answer), "(go) /contact/?x");
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	clock_set_now_s(FIXTURE_NOW + 15 * 60);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* x"));
}

static int
used_seals(const struct fixture *f)
{
	char database[120];
	sqlite3_stmt *statement;
	sqlite3 *db;
	int n;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(
		db, "SELECT count(*) FROM guiju_seal", -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return n;
}

/* Each act forgets the used seals that have expired, and no others. */
static void
used_seals_are_kept_until_they_expire(void **state)
{
	static const int ages[] = {0, 15 * 60, 15 * 60 + 1};
	static const int kept[] = {1, 2, 2};
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	for (int i = 0; i < 3; i++) {
		clock_set_now_s(FIXTURE_NOW + ages[i]);
		take_seal(f, "/contact/", link, sizeof(link));
		snprintf(answer, sizeof(answer), "%s?x", link);
		assert_string_equal(gemini(f, answer), "(go) /contact/");
		assert_int_equal(used_seals(f), kept[i]);
	}
	clock_set_now_s(FIXTURE_NOW);
}

/* By the page's own folders, not by what its neighbour would take. */
static void
a_bad_seal_leads_back_to_its_own_folder(void **state)
{
	struct fixture *f = *state;
	static const char write[] =
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n% go /\n";

	fixture_write(f, "pages/letter/index.gmi", "=> new/{seal} Write\n");
	fixture_write(f, "pages/letter/new/[seal].gmi", write);
	fixture_write(f, "pages/letter/[words]/index.gmi", "# {words}\n");
	fixture_write(f, "pages/[code]/index.gmi", "# {code}\n");
	fixture_write(f, "pages/box/a/b/[seal].gmi", write);
	fixture_write(f, "pages/c/[id]/index.gmi", "=> do/{seal} {id}\n");
	fixture_write(f, "pages/c/[id]/do/[seal].gmi", write);
	fixture_write(f, "pages/c/[id]/[page]/index.gmi", "# {page}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/letter/new/x"), "(go) /letter/");
	assert_string_equal(gemini(f, "/box/a/b/x"), "(go) /");
	assert_string_equal(gemini(f, "/c/7/do/x"), "(go) /c/7/");
}

static void
a_seal_is_for_one_folder(void **state)
{
	struct fixture *f = *state;
	const char *text, *at;
	char link[64];

	fixture_write(f, "pages/a/[id]/index.gmi", "# {id}\n=> {seal} Mark\n");
	fixture_write(f, "pages/a/[id]/[seal].gmi",
	    "% do UPDATE book SET note = 'marked' WHERE id = :id\n"
	    "% go ../{id}/\n");
	fixture_good(f);
	text = gemini(f, "/a/1/");
	at = strstr(text, "=> ");
	assert_non_null(at);
	snprintf(link, sizeof(link), "/a/2/%.32s", at + 3);
	assert_string_equal(gemini(f, link), "(go) /a/2/");
	/* Two pages, two seals. */
	assert_null(strstr(gemini(f, "/a/1/"), link + 5));
	/* "go" leads to the same place; only the row tells. */
	fixture_write(f, "pages/p.gmi",
	    "% each SELECT id FROM book WHERE note = 'marked' /* scan */\n"
	    "* {id}\n% end\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/p"), "");
	link[3] = '1';
	assert_string_equal(gemini(f, link), "(go) /a/1/");
	assert_string_equal(gemini(f, "/p"), "* 1\n");
}

/* Follow a redirect, to another address of one seal. */
static void
follow(struct fixture *f, const char *asked, char *out, size_t size)
{
	const char *answer = gemini(f, asked);

	assert_true(strncmp(answer, "(go) /contact/", 14) == 0);
	snprintf(out, size, "%s", answer + 5);
	assert_int_equal(strlen(out), 9 + 32);
	assert_int_not_equal(strncmp(out, asked, 9 + 32), 0);
}

/* For the owner of a certificate, a link alone never acts: what is typed must
 * come from the address of our prompt. */
static void
a_link_alone_never_acts_for_a_certificate(void **state)
{
	struct fixture *f = *state;
	char link[64], prompt[64], other[64], answer[128];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi",
	    "% cert Who?\n"
	    "% ask Your message?\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('post', :input)\n"
	    "% go ../contact/\n");
	fixture_good(f);
	f->has_cert = true;
	take_seal(f, "/contact/", link, sizeof(link));
	/* With words or without: nothing is kept but the way to the prompt. */
	snprintf(answer, sizeof(answer), "%s?forged", link);
	follow(f, answer, prompt, sizeof(prompt));
	assert_string_equal(gemini(f, prompt), "(ask) Your message?");
	assert_null(strstr(gemini(f, "/contact/"), "* forged"));
	/* Each prompt has its own address. */
	follow(f, link, other, sizeof(other));
	assert_string_not_equal(prompt, other);
	/* Another's prompt leads back, and takes no words along. */
	snprintf(answer, sizeof(answer), "%s?typed", prompt);
	f->identity.fingerprint = STR("decaf");
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	f->identity.fingerprint = STR("c0ffee");
	/* What is typed behind the prompt acts once. */
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "\n* typed\n"));
	assert_string_equal(gemini(f, answer), "(go) /contact/?typed");
	assert_null(strstr(gemini(f, "/contact/"), "* typed\n* typed"));
	/* A link that is too old has no words either; a prompt has. */
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	snprintf(answer, sizeof(answer), "%s?forged", link);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	snprintf(answer, sizeof(answer), "%s?late", other);
	assert_string_equal(gemini(f, answer), "(go) /contact/?late");
	clock_set_now_s(FIXTURE_NOW);
}

/* A prompt that a page can skip is no prompt. */
static void
what_was_not_asked_is_not_written(void **state)
{
	struct fixture *f = *state;
	char link[64], prompt[64];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi",
	    "% cert Who?\n"
	    "% if :path = ''\n"
	    "% ask Your message?\n"
	    "% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('post', 'skipped')\n"
	    "% go ../contact/\n");
	fixture_good(f);
	f->has_cert = true;
	take_seal(f, "/contact/", link, sizeof(link));
	follow(f, link, prompt, sizeof(prompt));
	assert_true(strncmp(gemini(f, prompt), "(broken)", 8) == 0);
	assert_null(strstr(gemini(f, "/contact/"), "* skipped"));
	/* And without any prompt there is no such page. */
	fixture_write(f, "pages/contact/[seal].gmi",
	    "% cert Who?\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('post', 'skipped')\n"
	    "% go ../contact/\n");
	assert_int_equal(fixture_open(f), ERR_INPUT);
	assert_non_null(strstr(f->findings->message, "must ask (% ask)"));
}

static void
gopher_never_writes(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	/* The link is there, to the gemini address. */
	assert_non_null(strstr(gopher(f, "/contact/"),
	    "hWrite\tURL:gemini://portal.example/contact/"));
	assert_true(strncmp(gopher(f, "/contact/x"), "(missing)", 9) == 0);
}

static void
a_locked_database_is_busy(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128], database[120];
	sqlite3 *other;

	capsule(f);
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?late", link);
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_true(strncmp(gemini(f, answer), "(busy)", 6) == 0);
	/* Reading goes on. */
	assert_non_null(strstr(gemini(f, "/contact/"), "# Write to us"));
	assert_int_equal(
	    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* late"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_seal_writes_once),
	    PAGE_TEST(a_refusal_rolls_back),
	    PAGE_TEST(asking_again_rolls_back),
	    PAGE_TEST(a_late_answer_is_offered_anew),
	    PAGE_TEST(a_bad_seal_leads_back),
	    PAGE_TEST(used_seals_are_kept_until_they_expire),
	    PAGE_TEST(a_bad_seal_leads_back_to_its_own_folder),
	    PAGE_TEST(a_seal_is_for_one_folder),
	    PAGE_TEST(a_link_alone_never_acts_for_a_certificate),
	    PAGE_TEST(what_was_not_asked_is_not_written),
	    PAGE_TEST(gopher_never_writes),
	    PAGE_TEST(a_locked_database_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
