/* SPDX-License-Identifier: ISC */
/*
 * Every directive and every hole of the page language. The examples of
 * guiju-pages(7) are taken from here.
 */
#include "page_fixture.h"

#include "page/run/site_parts.h"

#define EXPECT(fixture, text, expected) \
	assert_string_equal(page(fixture, text), expected)

static void
one_takes_the_first_row(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% one SELECT title AS name, note FROM book WHERE id = 1\n"
	    "# {name}\n"
	    "{note}\n",
	    "# First\na note\n");
	EXPECT(f, "% one SELECT title FROM book WHERE id = 99\n# {title}\n",
	    "(missing) ");
}

static void
each_repeats_its_lines(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/book/[id].gmi", "# Book {id}\n");
	EXPECT(f,
	    "# Books\n"
	    "% each SELECT id, title FROM book\n"
	    "%      WHERE shelf = 'east' ORDER BY id\n"
	    "=> /book/{id} {title}\n"
	    "% none\n"
	    "No books.\n"
	    "% end\n"
	    "That is all.\n",
	    "# Books\n=> /book/1 First\n=> /book/2 Second\nThat is all.\n");
	EXPECT(f,
	    "% each SELECT id FROM book WHERE shelf = 'north'\n"
	    "* {id}\n% none\nNo books.\n% end\n",
	    "No books.\n");
	/* A loop in a loop; each sees the other's row. */
	EXPECT(f,
	    "% each SELECT DISTINCT shelf FROM book /* scan */ ORDER BY 1\n"
	    "## {shelf}\n"
	    "% each SELECT title FROM book WHERE shelf = :shelf ORDER BY id\n"
	    "* {shelf}: {title}\n"
	    "% end\n"
	    "% end\n",
	    "## east\n* east: First\n* east: Second\n"
	    "## west\n* west: # => *\n");
}

static void
one_may_have_none(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/find/[id].gmi",
	    "% one SELECT title FROM book WHERE id = :id\n"
	    "% none\n"
	    "% fail gone Book {id} was lost\n"
	    "% end\n"
	    "# {title}\n");
	EXPECT(f,
	    "% one SELECT title FROM book WHERE id = 99\n"
	    "% none\n"
	    "There is no such book.\n"
	    "% end\n"
	    "% if :title IS NULL\n"
	    "=> / Home\n"
	    "% end\n",
	    "There is no such book.\n=> / Home\n");
	assert_string_equal(gemini(f, "/find/1"), "# First\n");
	assert_string_equal(gemini(f, "/find/9"), "(gone) Book 9 was lost");
	/* Nothing to say is said by nothing; the row before is forgotten. */
	EXPECT(f,
	    "% each SELECT column1 AS n FROM (VALUES (1), (99), (2))\n"
	    "% one SELECT title FROM book WHERE id = :n\n"
	    "% none\n"
	    "% end\n"
	    "* {n} {title}\n"
	    "% end\n",
	    "* 1 First\n* 99\n* 2 Second\n");
}

/* How many statements of this text are prepared. */
static unsigned
prepared_with(struct fixture *f, const char *sql)
{
	unsigned count = 0;
	sqlite3_stmt *stmt = NULL;

	while ((stmt = sqlite3_next_stmt(store_reader(f->site->store), stmt)) !=
	    NULL)
		count += strcmp(sqlite3_sql(stmt), sql) == 0;
	return count;
}

#define EAST "SELECT id FROM book WHERE shelf = 'east' ORDER BY id"

/* The same SQL on several pages and several times on one is one statement,
 * but for a loop in whose block it stands again. */
static void
same_sql_is_prepared_once(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/other.gmi", "% one " EAST "\n{id}\n");
	EXPECT(f,
	    "% each " EAST "\n"
	    "## {id}\n"
	    "% each " EAST "\n* {id}\n% end\n"
	    "% one " EAST "\n> {id}\n"
	    "% end\n"
	    "% each " EAST "\n{id}\n% end\n",
	    "## 1\n* 1\n* 2\n> 1\n## 2\n* 1\n* 2\n> 1\n1\n2\n");
	assert_int_equal(prepared_with(f, EAST), 2);
}

static void
if_chooses(void **state)
{
	struct fixture *f = *state;
	const char *text = "% one SELECT id FROM book WHERE id = 2\n"
			   "% if :id > 1 AND :input IS NULL\n"
			   "yes\n"
			   "% else\n"
			   "no\n"
			   "% end\n";

	EXPECT(f, text, "yes\n");
	assert_string_equal(gemini(f, "/p?x"), "no\n");
	EXPECT(f, "% if NULL\nyes\n% end\nend\n", "end\n");
	EXPECT(f,
	    "% each SELECT id, shelf FROM book ORDER BY id LIMIT 3\n"
	    "% if :id = 1\n"
	    "* the first\n"
	    "% elif :shelf = 'east'\n"
	    "* in the east\n"
	    "% elif :id = 2\n"
	    "* never\n"
	    "% else\n"
	    "* elsewhere\n"
	    "% end\n"
	    "% end\n",
	    "* the first\n* in the east\n* elsewhere\n");
	EXPECT(f, "% if 0\na\n% elif 1 = 1\nb\n% end\nend\n", "b\nend\n");
}

static void
ask_prompts_once(void **state)
{
	struct fixture *f = *state;
	const char *text =
	    "% ask Which shelf?\n"
	    "% each SELECT title FROM book WHERE shelf = :input\n"
	    "* {title}\n"
	    "% none\n"
	    "Nothing on {input}.\n"
	    "% end\n";

	EXPECT(f, text, "(ask) Which shelf?");
	assert_string_equal(gemini(f, "/p?west"), "* # => *\n");
	assert_string_equal(gemini(f, "/p?a%20b"), "Nothing on a b.\n");
	assert_string_equal(gemini(f, "/p?"), "Nothing on .\n");
	EXPECT(f, "% ask-secret Code?\n# {input}\n", "(ask-secret) Code?");
	EXPECT(f,
	    "% one SELECT title FROM book WHERE id = 1\n"
	    "% ask A word on {title}?\n",
	    "(ask) A word on First?");
}

/* Before anything else of a page, the outermost folder's first. */
static void
a_folder_is_guarded(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/in/_guard.gmi",
	    "% gives :who\n% cert Who?\n% one SELECT 'Mei' AS who\n");
	fixture_write(f, "pages/in/deep/[key]/_guard.gmi",
	    "% needs :key :who\n% if :key = 'no'\n% fail gone {who}\n% end\n");
	fixture_write(f, "pages/in/page.gmi", "# In, {who}\n");
	fixture_write(
	    f, "pages/in/deep/[key]/p.gmi", "% fail bad {who}: page\n");
	fixture_write(f, "pages/out.gmi", "# Out\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/out"), "# Out\n");
	assert_string_equal(gemini(f, "/in/page"), "(needs-cert) Who?");
	assert_string_equal(gemini(f, "/in/page.txt"), "(needs-cert) Who?");
	assert_string_equal(gemini(f, "/in/deep/no/p"), "(needs-cert) Who?");
	f->has_cert = true;
	assert_string_equal(gemini(f, "/in/page"), "# In, Mei\n");
	assert_string_equal(gemini(f, "/in/deep/no/p"), "(gone) Mei");
	assert_string_equal(gemini(f, "/in/deep/yes/p"), "(bad) Mei: page");
	f->has_cert = false;
	/* A page cannot include it a second time, and one without a page below
	 * guards nothing. */
	fixture_write(f, "pages/in/page.gmi", "% include _guard.gmi\n# In\n");
	fixture_write(f, "pages/empty/_guard.gmi", "% cert Who?\n");
	assert_int_equal(fixture_open(f), ERR_INPUT);
	assert_non_null(strstr(f->findings->message, "runs by itself"));
	assert_non_null(
	    strstr(f->findings->next->message, "no page includes it"));
}

/* What has the guard's name and cannot be read is not a missing guard: pages
 * that need nothing from it would be open to everybody. */
static void
a_guard_that_cannot_be_read_is_a_finding(void **state)
{
	struct fixture *f = *state;
	char guard[200];

	snprintf(guard, sizeof(guard), "%s/pages/in/_guard.gmi", f->capsule);
	fixture_write(f, "pages/in/page.gmi", "# In\n");
	fixture_good(f);
	for (int kind = 0; kind < 5; kind++) {
		switch (kind) {
		case 0:
			assert_int_equal(mkdir(guard, 0755), 0);
			break;
		case 1:
			assert_int_equal(symlink("nothing", guard), 0);
			break;
		case 2:
			assert_int_equal(symlink("_guard.gmi", guard), 0);
			break;
		case 3:
			assert_int_equal(mkfifo(guard, 0644), 0);
			break;
		case 4:
			fixture_write(
			    f, "pages/in/_guard.gmi", "% cert Who?\n");
			assert_int_equal(chmod(guard, 0), 0);
			break;
		}
		/* Root reads a file of mode 0; then the guard works. */
		if (access(guard, R_OK) != 0 || kind < 4) {
			assert_int_equal(fixture_open(f), ERR_INPUT);
			assert_string_equal(
			    f->findings->file, "pages/in/_guard.gmi");
			assert_non_null(
			    strstr(f->findings->message, "cannot be read: "));
		}
		assert_int_equal(remove(guard), 0);
	}
	fixture_good(f);
	assert_string_equal(gemini(f, "/in/page"), "# In\n");
}

static void
cert_asks_for_an_identity(void **state)
{
	struct fixture *f = *state;
	const char *text = "% cert Choose an identity\n"
			   "# {cert_name} {cert}\n";

	EXPECT(f, text, "(needs-cert) Choose an identity");
	f->has_cert = true;
	assert_string_equal(gemini(f, "/p"), "# Mei c0ffee\n");
	f->identity.valid = false;
	f->identity.fault = WORD_CERT_EXPIRED;
	f->identity.fault_date = STR("2026-11-30 12:00:00 UTC");
	assert_string_equal(gemini(f, "/p"),
	    "(bad-cert) Certificate expired at 2026-11-30 12:00:00 UTC");
}

static void
go_and_moved_redirect(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/shelf/[name]/index.gmi", "# {name}\n");
	EXPECT(f, "% ask Shelf?\n% go shelf/{input}/\n", "(ask) Shelf?");
	assert_string_equal(
	    gemini(f, "/p?a%2Fb%20c"), "(go) /shelf/a%2Fb%20c/");
	assert_string_equal(gemini(f, "/p?.."), "(go) /shelf/%2E%2E/");
	/* What was pasted may have TABs; an address of ours has none. */
	assert_string_equal(
	    gemini(f, "/p?a%09b%0Ac"), "(go) /shelf/a%20b%20c/");
	assert_string_equal(gemini(f, "/p?%09.."), "(go) /shelf/%2E%2E/");
	EXPECT(f, "% moved /shelf/west/\n", "(moved) /shelf/west/");
	/* A path of ours from data may be gone to, another host's may not. */
	fixture_write(f, "pages/local.gmi", "# Local\n");
	EXPECT(f,
	    "% one SELECT url FROM book WHERE id = 3\n% moved {url|url}\n",
	    "(moved) /local");
	assert_true(strncmp(page(f,
				"% one SELECT url FROM book WHERE id = 1\n"
				"% go {url|url}\n"),
			"(broken)", 8) == 0);
}

static void
fail_stops(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% one SELECT title FROM book WHERE id = 1\n"
	    "% fail gone {title} was withdrawn\n",
	    "(gone) First was withdrawn");
	EXPECT(f, "% fail missing x\n", "(missing) x");
	EXPECT(f, "% fail bad x\n", "(bad) x");
	EXPECT(f, "% fail forbidden x\n", "(forbidden) x");
	EXPECT(f, "% fail busy 3 are waiting\n", "(busy) 3 are waiting");
	EXPECT(f, "% fail busy 45\n", "(busy) ");
	assert_int_equal(f->wait_s, 45);
	EXPECT(f, "% one SELECT 7 AS s\n% fail busy {s}\n", "(busy) ");
	assert_int_equal(f->wait_s, 7);
	EXPECT(f, "% fail busy -1\n", "(busy) -1");
	EXPECT(f, "% fail busy 99999999999\n", "(busy) 99999999999");
	EXPECT(f, "% fail broken x\n", "(broken) x");
}

static void
fail_asks_again(void **state)
{
	struct fixture *f = *state;
	const char *text =
	    "% ask Which shelf?\n"
	    "% if NOT EXISTS (SELECT 1 FROM book WHERE shelf = :input)\n"
	    "% fail ask No shelf {input}. Which shelf?\n"
	    "% end\n"
	    "# {input}\n";

	EXPECT(f, text, "(ask) Which shelf?");
	assert_string_equal(gemini(f, "/p?east"), "# east\n");
	assert_string_equal(
	    gemini(f, "/p?up"), "(ask) No shelf up. Which shelf?");
	/* One clean line, whatever was typed. */
	assert_string_equal(
	    gemini(f, "/p?a%0A10%20b"), "(ask) No shelf a 10 b. Which shelf?");
	assert_string_equal(gemini(f, "/p?"), "(ask) No shelf . Which shelf?");
	/* A secret is not shown when it is asked for again. */
	EXPECT(f,
	    "% ask-secret Code?\n"
	    "% if :input <> 'abc'\n% fail ask Wrong. Code?\n% end\nyes\n",
	    "(ask-secret) Code?");
	assert_string_equal(gemini(f, "/p?x"), "(ask-secret) Wrong. Code?");
	assert_string_equal(gemini(f, "/p?abc"), "yes\n");
}

/* The address below the link or redirect that an answer begins with. */
static void
take_address(const char *answer, char *out, size_t size)
{
	const char *at = strchr(answer, ' ');

	assert_non_null(at);
	at++;
	snprintf(out, size, "%.*s", (int)strcspn(at, " \n"), at);
}

static const char join[] = "% ask Your name?\n"
			   "% return /\n";

static void
a_reader_comes_back(void **state)
{
	struct fixture *f = *state;
	char away[512], on[600];

	fixture_write(f, "pages/join/[from]/index.gmi",
	    "# Join\n=> name Give a name\n=> /rules/{from}/ Rules\n");
	fixture_write(f, "pages/join/[from]/name.gmi", join);
	fixture_write(
	    f, "pages/rules/[from]/index.gmi", "% return /rules/-/\n");
	fixture_write(f, "pages/course/[id].gmi",
	    "% if :id = 7\n"
	    "% go /join/{from}/\n"
	    "% end\n"
	    "=> /join/{from}/ Join first\n");
	fixture_good(f);
	/* By a link and by a redirect, with what was typed. */
	take_address(gemini(f, "/course/8?a%20b"), away, sizeof(away));
	assert_memory_equal(away, "/join/", 6);
	snprintf(on, sizeof(on), "%sname", away);
	assert_string_equal(gemini(f, on), "(ask) Your name?");
	snprintf(on, sizeof(on), "%sname?Mei", away);
	assert_string_equal(gemini(f, on), "(go) /course/8?a%20b");
	take_address(gemini(f, "/course/7"), away, sizeof(away));
	snprintf(on, sizeof(on), "%sname?Mei", away);
	assert_string_equal(gemini(f, on), "(go) /course/7");
	/* A page on the way hands it on. */
	take_address(strstr(gemini(f, away), "name Give a name\n=>") + 17, on,
	    sizeof(on));
	assert_string_equal(gemini(f, on), "(go) /course/7");
	/* One that we have not made leads nowhere. */
	assert_string_equal(gemini(f, "/join/-/name?Mei"), "(go) /");
	assert_string_equal(gemini(f, "/join/L2NvdXJzZS83/name?x"), "(go) /");
	snprintf(on, sizeof(on), "%sname?x", away);
	on[10] = on[10] == 'A' ? 'B' : 'A';
	assert_string_equal(gemini(f, on), "(go) /");
}

/* An address that leaves no room for an answer is not kept. */
static void
a_long_way_back_is_shortened(void **state)
{
	struct fixture *f = *state;
	char asked[700], away[512];

	fixture_write(f, "pages/join/[from]/index.gmi", "% return /none\n");
	fixture_write(f, "pages/none.gmi", "# None\n");
	fixture_write(f, "pages/course/[id].gmi", "% go /join/{from}/\n");
	fixture_good(f);
	snprintf(asked, sizeof(asked), "/course/%0*d?x", 267, 1);
	take_address(gemini(f, asked), away, sizeof(away));
	asked[strlen(asked) - 2] = '\0';
	assert_string_equal(gemini(f, away) + 5, asked);
	snprintf(asked, sizeof(asked), "/course/%0*d", 269, 1);
	assert_string_equal(gemini(f, asked), "(go) /join/-/");
	assert_string_equal(gemini(f, "/join/-/"), "(go) /none");
}

/* A secret is used once, and an act is never repeated. */
static void
what_acts_or_is_secret_does_not_come_back(void **state)
{
	struct fixture *f = *state;
	char away[512];

	fixture_write(f, "pages/join/[from]/index.gmi", "% return /\n");
	fixture_write(
	    f, "pages/code.gmi", "% ask-secret Code?\n% go join/{from}/\n");
	fixture_write(f, "pages/act/index.gmi", "=> {seal} Act\n");
	fixture_write(f, "pages/act/[seal].gmi",
	    "% if :input IS NULL\n"
	    "% go /join/{from}/\n"
	    "% end\n"
	    "% do UPDATE book SET note = 'x' WHERE id = 1\n"
	    "% go /\n");
	fixture_good(f);
	take_address(gemini(f, "/code?abc"), away, sizeof(away));
	assert_string_equal(gemini(f, away), "(go) /code");
	take_address(gemini(f, "/act/"), away, sizeof(away));
	memmove(away + 5, away, strlen(away) + 1);
	memcpy(away, "/act/", 5);
	take_address(gemini(f, away), away, sizeof(away));
	assert_memory_equal(away, "/join/", 6);
	assert_string_equal(gemini(f, away), "(go) /act/-");
}

static void
a_way_back_is_checked(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/join/[from]/index.gmi", "% return /\n");
	assert_string_equal(findings(f,
				"=> join/x/ Join\n"
				"=> join/{from}/ Join\n"
				"=> join/-/ Join\n"
				"=> /{from} Home\n"
				"=> join/a{from}/ Join\n"
				"from {from}\n"
				"% return /\n"),
	    "pages/p.gmi:5: {from} must be a whole segment of an address\n"
	    "pages/p.gmi:6: {from} stands only in the address of a link, of % "
	    "go or of % moved\n"
	    "pages/p.gmi:7: % return stands in a page below a folder [from]\n"
	    "pages/p.gmi:1: leads below a folder [from]; write {from} in its "
	    "place, or - for no way back\n"
	    "pages/p.gmi:4: {from} in the address of a page that is not below "
	    "a folder [from]\n");
}

static void
a_partial_sees_what_it_needs(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_top.gmi", "% needs :title\n# {title}\n");
	fixture_write(
	    f, "pages/a/_top.gmi", "% needs :title\n# nearer: {title}\n");
	fixture_write(f, "pages/a/b/x.gmi",
	    "% one SELECT title FROM book WHERE id = 1\n"
	    "% include _top.gmi\n");
	EXPECT(f,
	    "% one SELECT title FROM book WHERE id = 2\n"
	    "% include _top.gmi\n"
	    "below\n",
	    "# Second\nbelow\n");
	assert_string_equal(gemini(f, "/a/b/x"), "# nearer: First\n");
	assert_string_equal(gemini(f, "/_top"), "(missing) ");
}

/* What it gives hides what was there; what else it sets is its own. */
static void
a_partial_gives_names(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_book.gmi",
	    "% needs :id\n"
	    "% gives :title :shelf\n"
	    "% one SELECT title, shelf, note AS word FROM book WHERE id = :id\n"
	    "* {word}\n");
	EXPECT(f,
	    "% one SELECT 1 AS id, 'mine' AS word, 'no' AS title\n"
	    "% include _book.gmi\n"
	    "# {title} on {shelf}: {word}\n",
	    "* a note\n# First on east: mine\n");
	/* In a loop, and by way of another partial. */
	fixture_write(f, "pages/_both.gmi",
	    "% needs :id\n% gives :shelf\n% include _book.gmi\n");
	EXPECT(f,
	    "% each SELECT id FROM book WHERE id < 3 ORDER BY id\n"
	    "% include _both.gmi\n> {shelf} {id}\n% end\n",
	    "* a note\n> east 1\n* \n> east 2\n");
}

static void
a_page_says_its_document_and_type(void **state)
{
	struct fixture *f = *state;

	page(f, "% document\n# Prose\nwords\n");
	assert_string_equal(gopher(f, "/p"), "Prose\n=====\nwords\n");
	EXPECT(f, "% type text/plain\n# {host}\n",
	    "(text/plain)\n# portal.example\n");
	/* The twin speaks the page's language, not the portal's. */
	page(f, "% type text/gemini; charset=utf-8; lang=zh-Hans\n# 题\n");
	assert_memory_equal(gemini(f, "/p.txt"),
	    "(text/plain; charset=utf-8; lang=zh-Hans)\n", 41);
}

static void
lang_says_the_language(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% one SELECT 'de' AS tag\n"
	    "% lang {tag}\n"
	    "# {lang}\n",
	    "# de\n");
	assert_string_equal(gemini(f, "/p.txt"),
	    "(text/plain; charset=utf-8; lang=de)\nde\n==\n");
}

/* What a Titan request for /note/1 gives: an upload, or ";edit". */
static const char *
titan(struct fixture *f, const struct upload *upload)
{
	struct request request = {.protocol = PROTOCOL_GEMINI,
	    .upload = upload,
	    .edit = upload == NULL};

	assert_int_equal(
	    path_parse(f->arena, STR("/note/1"), &request.path), OK);
	return fixture_request(f, &request);
}

static void
an_upload_is_checked_and_stored(void **state)
{
	struct fixture *f = *state;
	struct upload upload = {
	    .body = STR("some text"), .mime = STR("text/plain")};

	fixture_write(f, "pages/note/[id].gmi",
	    "% cert Who are you?\n"
	    "% one SELECT id AS book_id, note FROM book WHERE id = :id\n"
	    "% edit note\n"
	    "% upload 20 text/plain text/gemini\n"
	    "% do UPDATE book SET note = :body || ' ' || :mime\n"
	    "%    WHERE id = :book_id RETURNING note AS now_noted\n"
	    "noted: {now_noted}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/note/1"), "(needs-cert) Who are you?");
	f->has_cert = true;
	assert_string_equal(titan(f, &upload), "noted: some text text/plain\n");
	assert_memory_equal(gemini(f, "/note/1"), "(bad) Upload expected", 21);
	upload.mime = STR("image/png");
	assert_memory_equal(titan(f, &upload), "(bad) Type not accepted", 23);
	upload.mime = STR("text/plain; charset=utf-8");
	upload.body = STR("exactly twenty bytes");
	assert_string_equal(titan(f, &upload),
	    "noted: exactly twenty bytes text/plain; charset=utf-8\n");
	upload.body = STR("one more than 20 byte");
	assert_memory_equal(titan(f, &upload), "(bad) Too large", 15);
	upload.body = STR("\xff");
	assert_memory_equal(titan(f, &upload), "(bad) Not accepted: the", 23);
	upload.body = STR("");
	assert_memory_equal(titan(f, &upload), "(bad) Empty upload", 18);
	assert_string_equal(titan(f, NULL),
	    "(text/plain; charset=utf-8)\n"
	    "exactly twenty bytes text/plain; charset=utf-8");
}

/* Whoever sends a file, or fetches one to edit, is not asked for a line. */
static void
fail_asks_no_upload(void **state)
{
	struct fixture *f = *state;
	struct upload upload = {.body = STR("up"), .mime = STR("text/plain")};
	struct request gopher = {
	    .protocol = PROTOCOL_GOPHER, .input = STR("up"), .has_input = true};

	fixture_write(f, "pages/note/[id].gmi",
	    "% upload 20 text/plain\n"
	    "% ask Note {id}?\n"
	    "% if :input = 'up'\n% fail ask Not {input}. Note {id}?\n% end\n"
	    "{input}\n");
	fixture_write(
	    f, "pages/p.gmi", "% ask What?\n% fail ask Not {input}. What?\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/note/1?up"), "(ask) Not up. Note 1?");
	assert_string_equal(titan(f, &upload), "(bad) Not up. Note 1?");
	assert_string_equal(titan(f, NULL), "(bad) Nothing to edit here");
	upload.body = STR("fine");
	assert_string_equal(titan(f, &upload), "fine\n");
	/* Gopher has the search item again. */
	assert_int_equal(path_parse(f->arena, STR("/p"), &gopher.path), OK);
	assert_string_equal(fixture_request(f, &gopher), "(ask) Not up. What?");
}

static void
names_hide_each_other(void **state)
{
	struct fixture *f = *state;

	/* A column hides a parameter, a parameter a built-in name; a block's
	 * names end with it. */
	fixture_write(f, "pages/[host]/[title].gmi",
	    "{host} {title}\n"
	    "% each SELECT title FROM book WHERE shelf = 'east' ORDER BY id\n"
	    "{title}\n"
	    "% each SELECT 'inner' AS title\n"
	    "{title}\n"
	    "% end\n"
	    "{title}\n"
	    "% end\n"
	    "{title}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/h/t"),
	    "h t\nFirst\ninner\nFirst\nSecond\ninner\nSecond\nt\n");
}

static void
parameters_bind_as_what_they_look_like(void **state)
{
	struct fixture *f = *state;

	fixture_write(
	    f, "pages/t/[x].gmi", "% one SELECT typeof(:x) AS t\n{t} {x}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/t/0"), "integer 0\n");
	assert_string_equal(gemini(f, "/t/17"), "integer 17\n");
	assert_string_equal(gemini(f, "/t/017"), "text 017\n");
	assert_string_equal(gemini(f, "/t/-1"), "text -1\n");
	assert_string_equal(
	    gemini(f, "/t/123456789012345678"), "integer 123456789012345678\n");
	assert_string_equal(
	    gemini(f, "/t/1234567890123456789"), "text 1234567890123456789\n");
	assert_string_equal(gemini(f, "/t/%E6%A0%87"), "text \u6807\n");
}

static void
built_in_names_have_values(void **state)
{
	struct fixture *f = *state;

	EXPECT(f, "{path} {host} {protocol} {now} {query} {input} {cert}.\n",
	    "/p portal.example gemini 1790000000   .\n");
	assert_string_equal(gemini(f, "/p?a%20b"),
	    "/p portal.example gemini 1790000000 a%20b a b .\n");
}

static void
values_cannot_become_markup(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/b/[x].gmi", "# {x}\n");
	EXPECT(f,
	    "% one SELECT '=> /evil x' AS a, '```' AS b, "
	    "'x' || char(10) || '# y' AS c, char(27, 8238) || 'z' AS d\n"
	    "{a}\n"
	    "{b}\n"
	    "{c}\n"
	    "# {c}\n"
	    "* {c}\n"
	    "> {c}\n"
	    "=> /b/{c} {c}\n"
	    "{d}\n",
	    "\u200b=> /evil x\n\u200b```\nx # y\n# x # y\n* x # y\n> x # y\n"
	    "=> /b/x%20%23%20y x # y\n z\n");
}

static void
data_may_give_whole_addresses(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% each SELECT title, url FROM book ORDER BY id LIMIT 9 /* scan "
	    "*/\n"
	    "=> {url|url} {title}\n"
	    "% end\n",
	    "=> gemini://example.org/ First\n"
	    "Second <javascript:alert(1)>\n=> /local # => *\n");
}

static void
stored_text_stays_below_the_page(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% one SELECT body FROM book WHERE id = 1\n"
	    "# Page\n"
	    "{body|gemtext}\n"
	    "{body|text}\n"
	    "{body|quote}\n",
	    "# Page\n## One\nwords\n\u200b# One\nwords\n> # One\n> words\n");
	EXPECT(f,
	    "% one SELECT body FROM book WHERE id = 2\n"
	    "{body|gemtext}\n"
	    "after\n",
	    "```x\n```\nafter\n");
}

static void
braces_and_percents_can_be_written(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "%# nobody sees this\n"
	    "{{literal}}\n"
	    "%% of books\n",
	    "{literal}\n% of books\n");
}

static void
groups_hold_directives(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "```the books\n"
	    "% each SELECT id, title FROM book WHERE shelf = 'east'\n"
	    "%      ORDER BY id\n"
	    "{id}  {title}\n"
	    "% end\n"
	    "```\n",
	    "```the books\n1  First\n2  Second\n```\n");
	EXPECT(f,
	    "```Books by shelf, as bars\n"
	    "% each SELECT text_pad(shelf, 6) AS name,\n"
	    "%          bar(count(*), 4, 8) AS bar, count(*) AS n\n"
	    "%      FROM book WHERE shelf IS NOT NULL /* scan */\n"
	    "%      GROUP BY shelf ORDER BY shelf\n"
	    "{name} {bar} {n}\n"
	    "% end\n"
	    "```\n",
	    "```Books by shelf, as bars\n"
	    "east   ████ 2\nwest   ██ 1\n"
	    "```\n");
}

static void
other_formats_escape(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/b.xml",
	    "% one SELECT note, title, url FROM book WHERE id = 3\n"
	    "<a b=\"{url}\">{note}</a>\n");
	fixture_write(f, "pages/b.csv",
	    "% one SELECT 'a,\"b' AS x, '=1+1' AS y, -5 AS z\n{x},{y},{z}\n");
	fixture_write(f, "pages/b.json",
	    "% one SELECT 'a\"\\' || char(10) AS x\n{{\"x\": \"{x}\"}}\n");
	fixture_write(f, "pages/b.txt", "# {host}\n=> {path}\n");
	fixture_write(f, "pages/b/atom.xml", "<feed/>\n");
	fixture_write(f, "schema/002_b.sql",
	    "UPDATE book SET note = '<&>\"''' || char(1), url = '\"' "
	    "WHERE id = 3;\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/b.xml"),
	    "(application/xml; charset=utf-8)\n"
	    "<a b=\"&quot;\">&lt;&amp;&gt;&quot;&#39;</a>\n");
	assert_string_equal(gemini(f, "/b.csv"),
	    "(text/csv; charset=utf-8)\n\"a,\"\"b\", =1+1,-5\n");
	assert_string_equal(gemini(f, "/b.json"),
	    "(application/json)\n{\"x\": \"a\\\"\\\\\\u000a\"}\n");
	assert_string_equal(gemini(f, "/b.txt"),
	    "(text/plain; charset=utf-8)\n# portal.example\n=> /b.txt\n");
	assert_string_equal(gemini(f, "/b/atom.xml"),
	    "(application/atom+xml; charset=utf-8)\n<feed/>\n");
}

static void
twins_are_plain_text(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/s/index.gmi", "# Shelf\n=> x Ex\n");
	fixture_write(f, "pages/s/x.gmi", "# Ex\n");
	fixture_write(f, "pages/s/[any].gmi", "# {any}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/s/.txt"),
	    "(text/plain; charset=utf-8; lang=en)\n"
	    "Shelf\n=====\nEx [1]\n\n[1] gemini://portal.example/s/x\n");
	assert_string_equal(gemini(f, "/s/x.txt"),
	    "(text/plain; charset=utf-8; lang=en)\nEx\n==\n");
	assert_string_equal(gemini(f, "/s/y.txt"),
	    "(text/plain; charset=utf-8; lang=en)\ny\n=\n");
}

static void
limits_hold(void **state)
{
	struct fixture *f = *state;

	/* A query without end, and a page without end. */
	assert_true(strncmp(page(f,
				"% each WITH RECURSIVE n(i) AS (SELECT 1 UNION "
				"ALL SELECT i + 1 FROM n)\n"
				"%      SELECT i FROM n WHERE i < 0\n"
				"{i}\n% end\n"),
			"(busy)", 6) == 0);
	assert_true(strncmp(page(f,
				"% each WITH RECURSIVE n(i) AS (SELECT 1 UNION "
				"ALL SELECT i + 1 FROM n)\n"
				"%      SELECT i FROM n\n"
				"a line of some length\n% end\n"),
			"(broken)", 8) == 0);
	/* And the site goes on. */
	assert_string_equal(gemini(f, "/"), "# Home\n");
}

static void
a_private_parameter_is_read_as_any_other(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/find/[words].gmi",
	    "% private words\n"
	    "# {words}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/find/x%20y"), "# x y\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(one_takes_the_first_row),
	    PAGE_TEST(one_may_have_none),
	    PAGE_TEST(each_repeats_its_lines),
	    PAGE_TEST(same_sql_is_prepared_once),
	    PAGE_TEST(if_chooses),
	    PAGE_TEST(ask_prompts_once),
	    PAGE_TEST(a_folder_is_guarded),
	    PAGE_TEST(a_guard_that_cannot_be_read_is_a_finding),
	    PAGE_TEST(cert_asks_for_an_identity),
	    PAGE_TEST(go_and_moved_redirect),
	    PAGE_TEST(fail_stops),
	    PAGE_TEST(fail_asks_again),
	    PAGE_TEST(fail_asks_no_upload),
	    PAGE_TEST(a_reader_comes_back),
	    PAGE_TEST(a_long_way_back_is_shortened),
	    PAGE_TEST(what_acts_or_is_secret_does_not_come_back),
	    PAGE_TEST(a_way_back_is_checked),
	    PAGE_TEST(a_partial_sees_what_it_needs),
	    PAGE_TEST(a_partial_gives_names),
	    PAGE_TEST(a_page_says_its_document_and_type),
	    PAGE_TEST(lang_says_the_language),
	    PAGE_TEST(an_upload_is_checked_and_stored),
	    PAGE_TEST(names_hide_each_other),
	    PAGE_TEST(parameters_bind_as_what_they_look_like),
	    PAGE_TEST(built_in_names_have_values),
	    PAGE_TEST(values_cannot_become_markup),
	    PAGE_TEST(data_may_give_whole_addresses),
	    PAGE_TEST(stored_text_stays_below_the_page),
	    PAGE_TEST(braces_and_percents_can_be_written),
	    PAGE_TEST(groups_hold_directives),
	    PAGE_TEST(other_formats_escape),
	    PAGE_TEST(twins_are_plain_text),
	    PAGE_TEST(limits_hold),
	    PAGE_TEST(a_private_parameter_is_read_as_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
