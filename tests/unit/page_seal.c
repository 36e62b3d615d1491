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

#define NONE "Nothing is done yet: please confirm it here."
#define FOREIGN "Nothing was done: a link of another reader or another page."
#define NO_IDENTITY \
	"Nothing is done yet: the link was made without your identity."
#define LATE "Nothing was done: this link is older than 15 minutes."
#define USED "This link has done it already: confirm only to do it again."

/* The address gives a page that says why, and offers the act by a fresh link of
 * this label, whose address goes to out (NULL: nowhere). */
static void
offered(struct fixture *f, const char *address, const char *why,
    const char *label, char *out, size_t size)
{
	const char *text = gemini(f, address), *at = strstr(text, "\n\n=> /");
	const size_t len = at == NULL ? 0 : strcspn(at + 5, " ");
	char head[300];

	assert_int_equal(text[0], '#');
	snprintf(head, sizeof(head), "\n%s\n\n=> ", why);
	if (strstr(text, head) == NULL)
		fail_msg("%s", text);
	assert_non_null(at);
	snprintf(head, sizeof(head), " %s\n", label);
	assert_memory_equal(at + 5 + len, head, strlen(head));
	assert_null(strncmp(at + 5, address, len) == 0 ? at : NULL);
	if (out != NULL)
		snprintf(out, size, "%.*s", (int)len, at + 5);
}

/* The first value of the first row. */
static int
stored(const struct fixture *f, const char *sql)
{
	char database[120];
	sqlite3_stmt *statement;
	sqlite3 *db;
	int n;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return n;
}

static int
used_seals(const struct fixture *f)
{
	return stored(f, "SELECT count(*) FROM guiju_seal");
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
	/* Again, as by a double click: nothing is written. */
	offered(f, answer, USED, "Write: hello", NULL, 0);
	assert_null(strstr(gemini(f, "/contact/"), "* hello\n* hello\n"));
	offered(f, link, USED, "Write", NULL, 0);
}

/* What was typed behind a link that is good no more is not lost: a fresh link
 * stores it. */
static void
a_late_answer_is_offered_anew(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128], fresh[128];

	capsule(f);
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?a%%0Ab%%3F%%C3%%A9", link);
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	offered(f, answer, LATE, "Write: a b?\xc3\xa9", fresh, sizeof(fresh));
	assert_non_null(strstr(fresh, "?a%0Ab%3F%C3%A9"));
	assert_null(strstr(gemini(f, "/contact/"), "* a b"));
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
	offered(f, answer, USED, "Write: fine", NULL, 0);
	assert_null(strstr(gemini(f, "/contact/"), "* fine\n* fine"));
}

static void
a_bad_seal_explains_itself(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	capsule(f);
	/* The whole page: no word of the address stands in it. */
	assert_non_null(strstr(gemini(f, "/contact/nonsense?forged"),
	    "# Write\n" NONE "\n\n=> /contact/"));
	assert_null(strstr(f->answer, "forged"));
	assert_non_null(strstr(f->answer, " Write\n=> /contact/ Back\n"));
	take_seal(f, "/contact/", link, sizeof(link));
	/* One character changed. */
	snprintf(answer, sizeof(answer), "%s?x", link);
	answer[20] = answer[20] == 'A' ? 'B' : 'A';
	offered(f, answer, FOREIGN, "Write", NULL, 0);
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	/* Made before the reader chose an identity. */
	snprintf(answer, sizeof(answer), "%s?x", link);
	f->has_cert = true;
	offered(f, answer, NO_IDENTITY, "Write", NULL, 0);
	f->has_cert = false;
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	/* Too old, by a second. */
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	offered(f, answer, LATE, "Write: x", NULL, 0);
	assert_null(strstr(gemini(f, "/contact/"), "* x"));
	clock_set_now_s(FIXTURE_NOW + 15 * 60);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "* x"));
}

/* The seals of two tabs are two, and both are good. */
static void
two_tabs_act_twice(void **state)
{
	struct fixture *f = *state;
	char link[2][64], answer[128];

	capsule(f);
	for (int i = 0; i < 2; i++)
		take_seal(f, "/contact/", link[i], sizeof(link[i]));
	for (int i = 1; i >= 0; i--) {
		snprintf(answer, sizeof(answer), "%s?tab%d", link[i], i);
		assert_string_equal(gemini(f, answer), "(go) /contact/");
	}
	assert_non_null(strstr(gemini(f, "/contact/"), "* tab1\n* tab0\n"));
}

/* The seal of one device, or of another reader, is not good on the other. Its
 * words are not offered: they may be anybody's. */
static void
a_seal_of_another_certificate_is_offered_anew(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128], fresh[128];

	capsule(f);
	f->has_cert = true;
	take_seal(f, "/contact/", link, sizeof(link));
	f->identity.fingerprint = STR("decaf");
	snprintf(answer, sizeof(answer), "%s?forged", link);
	offered(f, answer, FOREIGN, "Write", fresh, sizeof(fresh));
	assert_null(strstr(gemini(f, "/contact/"), "* forged"));
	assert_string_equal(gemini(f, fresh), "(ask) Your message?");
	f->has_cert = false;
	offered(f, answer, FOREIGN, "Write", NULL, 0);
	f->identity.fingerprint = STR("c0ffee");
	f->has_cert = true;
	assert_string_equal(gemini(f, answer), "(go) /contact/");
}

/* A link of a public page to a page for a certificate: the identity, one
 * confirmation, the prompt. */
static void
a_public_link_leads_to_a_page_for_a_certificate(void **state)
{
	struct fixture *f = *state;
	char link[64], prompt[64], fresh[128], answer[160];

	fixture_write(f, "pages/my/lend/[id]/[seal].gmi",
	    "% cert Who?\n"
	    "% one SELECT id AS book_id, title FROM book WHERE id = :id\n"
	    "% ask Borrow {title}, {cert_name}? Write yes\n"
	    "% do UPDATE book SET note = :input WHERE id = :book_id\n"
	    "% go /book/{book_id}\n");
	fixture_write(f, "pages/book/[id].gmi",
	    "% one SELECT id AS book_id, note FROM book WHERE id = :id\n"
	    "=> /my/lend/{book_id}/{seal} Borrow it\n"
	    "{note}\n");
	fixture_good(f);
	gemini(f, "/book/1");
	snprintf(link, sizeof(link), "%.43s", f->answer + 3);
	/* What the link leads to, until an identity is asked for. */
	gemini(f, link);
	assert_memory_equal(f->answer, "(go) /my/lend/1/", 16);
	snprintf(prompt, sizeof(prompt), "%s", f->answer + 5);
	assert_string_equal(gemini(f, prompt), "(needs-cert) Who?");
	/* The client asks again, with it. */
	f->has_cert = true;
	offered(f, prompt, NO_IDENTITY, "Borrow it", fresh, sizeof(fresh));
	/* So does the link itself; what stands behind it is nobody's. */
	snprintf(answer, sizeof(answer), "%s?forged", link);
	offered(f, answer, NO_IDENTITY, "Borrow it", NULL, 0);
	gemini(f, fresh);
	assert_memory_equal(f->answer, "(go) /my/lend/1/", 16);
	snprintf(prompt, sizeof(prompt), "%s", f->answer + 5);
	assert_string_equal(
	    gemini(f, prompt), "(ask) Borrow First, Mei? Write yes");
	snprintf(answer, sizeof(answer), "%s?yes", prompt);
	assert_string_equal(gemini(f, answer), "(go) /book/1");
	assert_non_null(strstr(gemini(f, "/book/1"), "\nyes\n"));
	/* What a guard refuses, it refuses behind a bad seal, too. */
	assert_string_equal(gemini(f, "/my/lend/99/x"), "(missing) ");
}

/* A page whose links have several labels is named by its prompt, and one
 * without either by the engine. What a seal guards is not run. */
static void
an_act_has_a_name(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/index.gmi",
	    "% each SELECT id, title FROM book ORDER BY id LIMIT 2\n"
	    "=> a/{id}/{seal} Lend {title}\n"
	    "% end\n"
	    "=> b/1/{seal} One\n=> b/2/{seal} Two\n"
	    "=> c/1/{seal} One\n=> c/2/{seal} Two\n");
	fixture_write(f, "pages/a/[id]/[seal].gmi",
	    "before\n"
	    "% do UPDATE book SET note = 'x' WHERE id = :id\n% go /\n");
	fixture_write(f, "pages/b/[id]/[seal].gmi",
	    "% ask Lend {id}?\n"
	    "% do UPDATE book SET note = 'x' WHERE id = :id\n% go /\n");
	fixture_write(f, "pages/c/[id]/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = :id\n% go /\n");
	fixture_good(f);
	assert_memory_equal(
	    gemini(f, "/a/1/x"), "# Lend ...\n" NONE "\n\n=> /a/1/", 20);
	assert_null(strstr(f->answer, "before"));
	assert_memory_equal(gemini(f, "/b/1/x"), "# Lend 1?\n", 10);
	assert_memory_equal(gemini(f, "/c/1/x"), "# Confirm\n", 10);
	assert_int_equal(used_seals(f), 0);
	assert_non_null(strstr(f->answer, "\n=> / Back\n"));
}

/* A secret is typed again. */
static void
a_secret_is_not_offered(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi",
	    "% ask-secret Code?\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('post', :input)\n"
	    "% go ../contact/\n");
	fixture_good(f);
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?1234", link);
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	offered(f, answer, USED, "Write", NULL, 0);
	assert_null(strstr(f->answer, "1234"));
}

/* Each act forgets the used seals that have expired, and no others. */
static void
used_seals_are_kept_until_they_expire(void **state)
{
	static const int ages[] = {0, 20 * 60, 20 * 60 + 1};
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
	assert_non_null(
	    strstr(gemini(f, "/letter/new/x"), "\n=> /letter/ Back\n"));
	assert_non_null(strstr(gemini(f, "/box/a/b/x"), "\n=> / Back\n"));
	assert_non_null(strstr(gemini(f, "/c/7/do/x"), "\n=> /c/7/ Back\n"));
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
	offered(f, link, FOREIGN, "Mark", NULL, 0);
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
	char link[64], prompt[64], other[64], answer[128], fresh[128];

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
	/* Another's prompt takes no words along. */
	snprintf(answer, sizeof(answer), "%s?typed", prompt);
	f->identity.fingerprint = STR("decaf");
	offered(f, answer, FOREIGN, "Write", NULL, 0);
	f->identity.fingerprint = STR("c0ffee");
	/* What is typed behind the prompt acts once. */
	assert_string_equal(gemini(f, answer), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "\n* typed\n"));
	offered(f, answer, USED, "Write: typed", NULL, 0);
	assert_null(strstr(gemini(f, "/contact/"), "* typed\n* typed"));
	/* A link that is too old has no words either; a prompt has. */
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	snprintf(answer, sizeof(answer), "%s?forged", link);
	offered(f, answer, LATE, "Write", NULL, 0);
	snprintf(answer, sizeof(answer), "%s?late", other);
	offered(f, answer, LATE, "Write: late", fresh, sizeof(fresh));
	/* They were typed behind our prompt, and need not be typed twice. */
	assert_string_equal(gemini(f, fresh), "(go) /contact/");
	assert_non_null(strstr(gemini(f, "/contact/"), "\n* late\n"));
	clock_set_now_s(FIXTURE_NOW);
}

/* ---- notices -------------------------------------------------------- */

static const char contact_notice[] =
    "% ask Your message?\n"
    "% do INSERT INTO book (shelf, title) VALUES ('post', :input)\n"
    "%    RETURNING id AS number\n"
    "% notice Stored as number {number}: {input}\n"
    "% if :input = 'fail'\n"
    "% fail bad no\n"
    "% end\n"
    "% go ../contact/\n";

/* Write these words; *out gets the address that the act leads to. */
static void
act(struct fixture *f, const char *words, char *out, size_t size)
{
	char link[64], answer[128];

	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?%s", link, words);
	gemini(f, answer);
	assert_memory_equal(f->answer, "(go) /contact/?.", 16);
	snprintf(out, size, "%s", f->answer + 5);
	assert_int_equal(strlen(out), 11 + 32 + 16);
}

static void
a_notice_is_shown_once(void **state)
{
	struct fixture *f = *state;
	char to[80];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_notice);
	fixture_good(f);
	act(f, "a%0A=>%20b", to, sizeof(to));
	assert_memory_equal(
	    gemini(f, to), "Stored as number 4: a => b\n\n# Write to us\n", 42);
	/* Not by a reload, nor by the plain address. */
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	assert_memory_equal(gemini(f, "/contact/"), "# Write to us\n", 14);
}

/* Whose act it was, at its address, in its time, and with a token of ours. */
static void
a_notice_is_for_its_reader(void **state)
{
	struct fixture *f = *state;
	char to[80], other[80];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_notice);
	fixture_write(f, "pages/said.gmi", "> {input} {query}\n");
	fixture_good(f);
	f->has_cert = true;
	act(f, "mine", to, sizeof(to));
	f->identity.fingerprint = STR("decaf");
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	f->has_cert = false;
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	f->identity.fingerprint = STR("c0ffee");
	f->has_cert = true;
	clock_set_now_s(FIXTURE_NOW + 15 * 60 + 1);
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	clock_set_now_s(FIXTURE_NOW);
	assert_memory_equal(gemini(f, to), "Stored as number 4: mine\n", 25);
	/* A token is no input, and shows nothing on another page; what we have
	 * not made is. */
	f->has_cert = false;
	act(f, "x", to, sizeof(to));
	snprintf(other, sizeof(other), "/said?hi%s", to + 10);
	assert_string_equal(gemini(f, other), "> hi hi\n");
	snprintf(other, sizeof(other), "/said?%s", to + 10);
	assert_string_equal(gemini(f, other), ">\n");
	other[20] = other[20] == 'A' ? 'B' : 'A';
	assert_memory_equal(gemini(f, other), "> .", 3);
	assert_null(strstr(f->answer, "Stored"));
}

/* A line that nobody has come for leaves with the next, once its token is too
 * old. */
static void
notices_are_kept_until_they_expire(void **state)
{
	static const int ages[] = {0, 15 * 60, 15 * 60 + 1};
	static const int kept[] = {1, 2, 2};
	struct fixture *f = *state;
	char to[80];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_notice);
	fixture_good(f);
	for (int i = 0; i < 3; i++) {
		clock_set_now_s(FIXTURE_NOW + ages[i]);
		act(f, "x", to, sizeof(to));
		assert_int_equal(
		    stored(f, "SELECT count(*) FROM guiju_notice"), kept[i]);
	}
	clock_set_now_s(FIXTURE_NOW);
}

/* A link that an unknown reader hands on shows his line to nobody who comes
 * from elsewhere, on no page. */
static void
a_notice_stays_with_its_address(void **state)
{
	struct fixture *f = *state;
	struct ip mine, other;
	char to[80];

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_notice);
	fixture_good(f);
	assert_int_equal(ip_read_v4(STR("192.0.2.1"), &mine), OK);
	assert_int_equal(ip_read_v4(STR("192.0.2.2"), &other), OK);
	f->peer = &mine;
	act(f, "first", to, sizeof(to));
	f->peer = &other;
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	f->has_cert = true;
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	f->peer = NULL;
	assert_memory_equal(gemini(f, to), "# Write to us\n", 14);
	f->peer = &mine;
	assert_memory_equal(gemini(f, to), "Stored as number 4: first\n", 26);
	/* That of a certificate goes with it. */
	act(f, "second", to, sizeof(to));
	f->peer = &other;
	assert_memory_equal(gemini(f, to), "Stored as number 5: second\n", 27);
}

/* By way of a page that leads on, to the twin, and not with what was rolled
 * back. */
static void
a_notice_goes_along(void **state)
{
	struct fixture *f = *state;
	char link[64], answer[128], to[96];
	struct ip mine;

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi", contact_notice);
	fixture_write(f, "pages/by/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n"
	    "% notice Stored as number 4: first\n% go ../on\n");
	fixture_write(f, "pages/by/index.gmi", "=> {seal} Do it\n");
	fixture_write(f, "pages/on.gmi", "% go contact/?x\n");
	fixture_good(f);
	assert_int_equal(ip_read_v4(STR("192.0.2.1"), &mine), OK);
	f->peer = &mine;
	snprintf(link, sizeof(link), "/by/%.32s",
	    strstr(gemini(f, "/by/"), "=> ") + 3);
	gemini(f, link);
	assert_memory_equal(f->answer, "(go) /on?.", 10);
	snprintf(answer, sizeof(answer), "%s", f->answer + 5);
	gemini(f, answer);
	snprintf(to, sizeof(to), "%s", f->answer + 5);
	assert_memory_equal(to, "/contact/?x.", 12);
	assert_memory_equal(gemini(f, to), "Stored as number 4: first\n", 26);
	act(f, "second", to, sizeof(to));
	snprintf(answer, sizeof(answer), "/contact/.txt%s", to + 9);
	assert_non_null(strstr(gemini(f, answer), ")\nStored as number 4"));
	take_seal(f, "/contact/", link, sizeof(link));
	snprintf(answer, sizeof(answer), "%s?fail", link);
	assert_string_equal(gemini(f, answer), "(bad) no");
	assert_int_equal(used_seals(f), 2);
}

static void
a_notice_is_checked(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/contact/index.gmi", contact);
	fixture_write(f, "pages/contact/[seal].gmi",
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n"
	    "% notice Done\n");
	assert_string_equal(findings(f, "% notice Done\n"),
	    "pages/contact/[seal].gmi:0: a notice is shown by the page that % "
	    "go or % return leads to; this page leads nowhere\n"
	    "pages/p.gmi:1: % notice stands in a page that writes, named "
	    "[seal].gmi\n");
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
	    PAGE_TEST(a_bad_seal_explains_itself),
	    PAGE_TEST(two_tabs_act_twice),
	    PAGE_TEST(a_seal_of_another_certificate_is_offered_anew),
	    PAGE_TEST(a_public_link_leads_to_a_page_for_a_certificate),
	    PAGE_TEST(an_act_has_a_name),
	    PAGE_TEST(a_secret_is_not_offered),
	    PAGE_TEST(a_notice_is_shown_once),
	    PAGE_TEST(a_notice_is_for_its_reader),
	    PAGE_TEST(notices_are_kept_until_they_expire),
	    PAGE_TEST(a_notice_stays_with_its_address),
	    PAGE_TEST(a_notice_goes_along),
	    PAGE_TEST(a_notice_is_checked),
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
