/* SPDX-License-Identifier: ISC */
/*
 * Uploads in their two steps, without a network: what a page says to the line
 * alone, what it says to the whole, and which refused texts are kept.
 */
#include "base/limits.h"
#include "page/run/site_parts.h"
#include "page_fixture.h"
#include "store/accounts/accounts.h"

/* What a request for path gives. size: of an upload whose line alone is here;
 * 0: body is here. A reply that awaits the body is "(awaits)". */
static const char *
send_to(struct fixture *f, const char *path, struct str body, uint64_t size,
    const char *token)
{
	const struct upload upload = {.body = body,
	    .size = size,
	    .awaited = size > 0,
	    .mime = STR("text/plain"),
	    .token = str_from(token)};
	struct request request = {.arena = f->arena,
	    .protocol = PROTOCOL_GEMINI,
	    .upload = &upload,
	    .identity = f->has_cert ? &f->identity : NULL};
	struct reply reply;

	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, str_from(path), &request.path), OK);
	if (size == 0)
		return fixture_request(f, &request);
	site_answer(f->site, &request, &reply);
	if (reply.awaits)
		return "(awaits)";
	fixture_show(f, request.protocol, &reply);
	return f->answer;
}

static const char *
announce(struct fixture *f, const char *path, uint64_t size)
{
	return send_to(f, path, STR(""), size, "");
}

static const char *
upload(struct fixture *f, const char *path, const char *body)
{
	return send_to(f, path, str_from(body), 0, "");
}

static int64_t
count(struct fixture *f, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(store_reader(f->site->store), sql,
			     -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

#define WELCOME "(awaits)"

/* The page of most tests: it refuses some texts for what they say. */
static void
open_page(struct fixture *f)
{
	fixture_write(f, "pages/my/up.gmi",
	    "% cert Who?\n"
	    "% if :cert_name = 'Eve'\n% fail forbidden Not you\n% end\n"
	    "% upload 300000 text/plain image/png\n"
	    "% if :body = 'no'\n% fail bad Not that\n% end\n"
	    "% if :body = 'later'\n% fail busy Not now\n% end\n"
	    "% if :body = 'wait'\n% fail busy 7\n% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
	fixture_good(f);
	f->has_cert = true;
}

static void
the_line_alone_is_judged(void **state)
{
	struct fixture *f = *state;

	open_page(f);
	assert_string_equal(announce(f, "/my/up", 300000), WELCOME);
	assert_string_equal(announce(f, "/my/up", 300001),
	    "(bad) Too large: at most 300000 bytes");
	assert_string_equal(announce(f, "/my/no", 1), "(missing) ");
	assert_string_equal(announce(f, "/", 1), "(bad) No upload here");
	f->identity.name = STR("Eve");
	assert_string_equal(announce(f, "/my/up", 1), "(forbidden) Not you");
	f->has_cert = false;
	assert_string_equal(announce(f, "/my/up", 1), "(needs-cert) Who?");
	assert_int_equal(
	    count(f, "SELECT count(*) FROM book WHERE shelf = 'up'"), 0);
}

/* Where uploads are off no page says that one is expected. */
static void
where_uploads_are_off_a_page_says_so(void **state)
{
	struct fixture *f = *state;

	open_page(f);
	fixture_write(f, "pages/hook.gmi",
	    "% upload 9 text/plain\n"
	    "% if NOT code_equal(:token, 'open')\n% fail bad Token\n% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n");
	fixture_good(f);
	f->has_cert = true;
	assert_string_equal(gemini(f, "/my/up"),
	    "(bad) Upload expected: titan://portal.example/my/up");
	f->site->options.uploads = false;
	assert_string_equal(
	    gemini(f, "/my/up"), "(bad) This server takes no uploads");
	assert_string_equal(
	    gemini(f, "/hook"), "(bad) This server takes no uploads");
	f->has_cert = false;
	assert_string_equal(gemini(f, "/my/up"), "(needs-cert) Who?");
}

/* ---- links that offer an upload -------------------------------------- */

static void
write_offers(struct fixture *f)
{
	fixture_write(f, "pages/up.gmi", "% upload 9 text/plain\n{body}\n");
	fixture_write(f, "pages/plain.gmi", "plain\n");
	fixture_write(f, "pages/box/index.gmi", "=> {seal} Type it\n");
	fixture_write(f, "pages/box/[seal].gmi",
	    "% upload 9 text/plain\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
}

/* The path of a page's one line, a link to portal.example. */
static void
offered_path(const char *page, const char *scheme, char *out, size_t size)
{
	char begin[64];

	snprintf(begin, sizeof(begin), "=> %s://portal.example", scheme);
	assert_memory_equal(page, begin, strlen(begin));
	page += strlen(begin);
	snprintf(out, size, "%.*s", (int)strcspn(page, " \n"), page);
}

static void
an_upload_is_offered_by_a_whole_address(void **state)
{
	static const char offers[] = "=> titan:up U\n"
				     "=> titan://{host}/up H\n"
				     "=> TITAN:./folder/../up D\n"
				     "% one SELECT 'else.example' AS host\n"
				     "=> titan://{host}/up O\n"
				     "=> titan://other.example/up E\n"
				     "=> titan://portal.example:7/up P\n";
	struct fixture *f = *state;

	write_offers(f);
	assert_string_equal(page(f, offers),
	    "=> titan://portal.example/up U\n"
	    "=> titan://portal.example/up H\n"
	    "=> titan://portal.example/up D\n"
	    "=> titan://else.example/up O\n"
	    "=> titan://other.example/up E\n"
	    "=> titan://portal.example:7/up P\n");
	assert_non_null(strstr(gopher(f, "/p"),
	    "hU\tURL:titan://portal.example/up\tportal.example\t70\r\n"));
	assert_non_null(
	    strstr(gemini(f, "/p.txt"), "[1] titan://portal.example/up\n"));
	/* A link that asks for the text first. */
	fixture_write(f, "pages/note/[id].gmi",
	    "% one SELECT note FROM book WHERE id = :id\n"
	    "% edit note\n% upload 9 text/plain\n");
	assert_string_equal(
	    page(f, "% one SELECT 'a;b' AS x\n=> titan:note/{x};edit E\n"),
	    "=> titan://portal.example/note/a%3Bb;edit E\n");
	/* The address of the page itself. */
	assert_string_equal(page(f,
				"% if :token IS NULL\n=> titan: Here\n% else\n"
				"% upload 9 text/plain\n% end\n"),
	    "=> titan://portal.example/p Here\n");
	/* What cannot be done is not offered; others' addresses stay. */
	page(f, offers);
	f->site->options.uploads = false;
	assert_string_equal(gemini(f, "/p"),
	    "=> titan://else.example/up O\n"
	    "=> titan://other.example/up E\n"
	    "=> titan://portal.example:7/up P\n");
}

static void
a_seal_is_good_in_each_form_of_an_offer(void **state)
{
	static const char *const forms[] = {"titan:box/", "titan://{host}/box/",
	    "titan://portal.example/box/", "titan:/box/"};
	struct fixture *f = *state;
	char link[160], path[160];

	write_offers(f);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		snprintf(link, sizeof(link), "=> %s{seal} A\n", forms[i]);
		offered_path(page(f, link), "titan", path, sizeof(path));
		assert_string_equal(upload(f, path, "text"), "stored\n");
		assert_memory_equal(upload(f, path, "text"), "(bad) This", 10);
		/* Whoever only looks is offered another one. */
		assert_memory_equal(gemini(f, path),
		    "# Type it\nThis link has done it already", 39);
	}
	/* As in a whole address of Gemini. */
	offered_path(page(f, "=> gemini://portal.example/box/{seal} A\n"),
	    "gemini", path, sizeof(path));
	assert_memory_equal(gemini(f, path), "(bad) Upload expected", 21);
}

#define UNANSWERED(what) "pages/p.gmi:1: no page or file answers `" what "`\n"
#define NO_UPLOAD "pages/p.gmi:1: leads to a page without % upload\n"
#define NO_SEAL                                                         \
	"pages/p.gmi:1: leads to a page that writes; its address must " \
	"end in {seal}\n"

static void
offers_are_checked_as_links_are(void **state)
{
	static const struct {
		const char *line, *finding;
	} cases[] = {{"=> titan:nothing X\n", UNANSWERED("nothing")},
	    {"=> titan://{host}/nothing X\n", UNANSWERED("/nothing")},
	    {"=> titan://portal.example/nothing X\n",
		UNANSWERED("titan://portal.example/nothing")},
	    {"=> titan:plain X\n", NO_UPLOAD},
	    {"=> titan://{host}/plain X\n", NO_UPLOAD},
	    {"=> titan://portal.example:1965/plain X\n", NO_UPLOAD},
	    {"=> titan: X\n", NO_UPLOAD},
	    {"=> titan:up?a X\n",
		"pages/p.gmi:1: the address of an upload has no query\n"},
	    {"=> titan:up#a X\n",
		"pages/p.gmi:1: the address of an upload has no fragment\n"},
	    {"=> titan://{host}/up#a X\n",
		"pages/p.gmi:1: the address of an upload has no fragment\n"},
	    {"=> titan:///up X\n",
		"pages/p.gmi:1: `titan:///up` names no host\n"},
	    {"=> gemini:///up X\n",
		"pages/p.gmi:1: `gemini:///up` names no host\n"},
	    {"=> titan:up;edit X\n",
		"pages/p.gmi:1: leads to a page without % edit\n"},
	    {"=> titan:up;size=1 X\n",
		"pages/p.gmi:1: of the parameters of an upload only ;edit "
		"stands in a link, at its end\n"},
	    {"=> titan:box/x X\n", NO_SEAL},
	    {"=> titan://portal.example/box/x X\n", NO_SEAL},
	    {"=> titan:box/{seal}x X\n",
		"pages/p.gmi:1: {seal} must be the last segment of a link's "
		"address\n"},
	    {"=> titan://other.example/box/{seal} X\n",
		"pages/p.gmi:1: {seal} is good for this server, and "
		"`titan://other.example/box/{}` is another\n"}};
	struct fixture *f = *state;

	write_offers(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
		    findings(f, cases[i].line), cases[i].finding);
}

/* What stands above % upload cannot ask for the body, and does not write, when
 * only the line is here. */
static void
what_needs_the_body_waits_for_it(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi",
	    "% cert Who?\n"
	    "% if length(:body) < 3\n% fail bad Short\n% end\n"
	    "% upload 99 text/plain\n{body}\n");
	fixture_write(f, "pages/q.gmi",
	    "% cert Who?\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', 'q')\n"
	    "% upload 99 text/plain\n{body}\n");
	fixture_write(f, "pages/r.gmi",
	    "% ask Which?\n"
	    "% if :input = ''\n% fail ask None. Which?\n% end\n"
	    "% upload 99 text/plain\n{input}\n");
	fixture_good(f);
	f->has_cert = true;
	assert_string_equal(announce(f, "/p", 2), WELCOME);
	assert_string_equal(announce(f, "/q", 2), WELCOME);
	assert_string_equal(announce(f, "/r", 2), WELCOME);
	assert_int_equal(
	    count(f, "SELECT count(*) FROM book WHERE shelf = 'up'"), 0);
	assert_memory_equal(upload(f, "/p", "ab"), "(bad) Short", 11);
	assert_string_equal(upload(f, "/p", "abc"), "abc\n");
	assert_string_equal(upload(f, "/q", "abc"), "abc\n");
	assert_string_equal(upload(f, "/r", "abc"), "abc\n");
	assert_int_equal(
	    count(f, "SELECT count(*) FROM book WHERE shelf = 'up'"), 1);
}

/* A client would take any of these for success. */
static void
what_is_no_refusal_becomes_one(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi",
	    "% cert Who?\n"
	    "% if :mime = 'text/plain'\n% go other\n% end\n"
	    "% upload 99 text/plain\n");
	fixture_write(f, "pages/q.gmi",
	    "% cert Who?\n"
	    "% if :mime = 'text/gemini'\n% upload 99 text/plain\n% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', 'q')\n"
	    "stored\n");
	fixture_write(f, "pages/d/index.gmi", "% upload 99 text/plain\n");
	fixture_write(f, "pages/other.gmi", "other\n");
	fixture_good(f);
	f->has_cert = true;
	for (int whole = 0; whole < 2; whole++) {
		assert_string_equal(
		    send_to(f, "/p", STR("abc"), whole ? 0 : 3, ""),
		    "(bad) Not stored; see gemini://portal.example/other");
		assert_string_equal(
		    send_to(f, "/d", STR("abc"), whole ? 0 : 3, ""),
		    "(bad) Not stored; see gemini://portal.example/d/");
	}
	assert_string_equal(announce(f, "/q", 3), WELCOME); /* before % do */
	assert_string_equal(upload(f, "/q", "abc"), "(bad) No upload here");
	assert_int_equal(
	    count(f, "SELECT count(*) FROM book WHERE shelf = 'up'"), 0);
}

/* ---- drafts --------------------------------------------------------- */

#define KEPT " (your text is kept as a draft for 30 days)"

static void
a_refused_text_is_kept(void **state)
{
	struct fixture *f = *state;

	open_page(f);
	assert_string_equal(upload(f, "/my/up", "no"), "(bad) Not that" KEPT);
	assert_string_equal(
	    upload(f, "/my/up", "later"), "(busy) Not now" KEPT);
	/* A client that is told to wait will send it again. */
	assert_string_equal(upload(f, "/my/up", "wait"), "(busy) ");
	assert_int_equal(count(f,
			     "SELECT count(*) FROM guiju_draft WHERE"
			     " cert = 'c0ffee' AND path = '/my/up' AND"
			     " mime = 'text/plain' AND made = 1790000000 AND"
			     " (text, reason) IN"
			     " (VALUES ('no', 'Not that'),"
			     " ('later', 'Not now'))"),
	    2);
	/* What was refused for its form is none, nor what nobody sent. */
	assert_memory_equal(
	    upload(f, "/my/up", "%PDF-1.7\n"), "(bad) Type", 10);
	assert_string_equal(upload(f, "/my/up", "a\xff"),
	    "(bad) Not accepted: the text is not UTF-8");
	f->has_cert = false;
	assert_string_equal(upload(f, "/my/up", "no"), "(needs-cert) Who?");
	assert_int_equal(count(f, "SELECT count(*) FROM guiju_draft"), 2);
}

static void
a_constraint_keeps_the_text(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi",
	    "% cert Who?\n% upload 99 text/plain\n"
	    "% do INSERT INTO book (id, shelf, title) VALUES (1, 'up', :body)\n"
	    "stored\n");
	fixture_good(f);
	f->has_cert = true;
	assert_string_equal(upload(f, "/p", "some"), "(bad) Not accepted" KEPT);
	assert_int_equal(count(f, "SELECT count(*) FROM guiju_draft"), 1);
}

static void
drafts_have_limits(void **state)
{
	static char large[LIMIT_DRAFT_BYTES + 2];
	struct fixture *f = *state;
	char text[64];

	open_page(f);
	fixture_write(f, "pages/my/no.gmi",
	    "% cert Who?\n% upload 300000 text/plain\n% fail bad No\n");
	fixture_good(f);
	for (int i = 0; i <= LIMIT_DRAFTS; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		assert_string_equal(upload(f, "/my/no", text), "(bad) No" KEPT);
		/* The same again is the same draft. */
		assert_string_equal(upload(f, "/my/no", text), "(bad) No" KEPT);
	}
	assert_int_equal(
	    count(f, "SELECT count(*) FROM guiju_draft"), LIMIT_DRAFTS);
	assert_int_equal(
	    count(f, "SELECT count(*) FROM guiju_draft WHERE text = 'text 0'"),
	    0);
	memset(large, 'a', LIMIT_DRAFT_BYTES + 1);
	assert_string_equal(upload(f, "/my/no", large), "(bad) No");
	large[LIMIT_DRAFT_BYTES] = '\0';
	assert_string_equal(upload(f, "/my/no", large), "(bad) No" KEPT);
	/* All others together have so much that a byte more is too much. */
	f->identity.fingerprint = STR("decaf");
	assert_int_equal(sqlite3_exec(store_writer(f->site->store),
			     "DELETE FROM guiju_draft;"
			     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			     " SELECT i + 1 FROM n WHERE i < 256)"
			     "INSERT INTO guiju_draft"
			     " (cert, path, mime, text, reason, made, bytes)"
			     " SELECT i, '', '', hex(zeroblob(131072)), '', 0,"
			     " 262144"
			     " FROM n",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(count(f, "SELECT sum(length(text)) FROM guiju_draft"),
	    LIMIT_DRAFTS_BYTES);
	assert_string_equal(upload(f, "/my/no", "a"),
	    "(bad) Type not accepted: "
	    "it looks like application/octet-stream");
	assert_string_equal(upload(f, "/my/no", "some"), "(bad) No");
	assert_int_equal(
	    count(f, "SELECT count(*) FROM guiju_draft WHERE cert = 'decaf'"),
	    0);
}

/* No lane has come for the whole upload: its page does not run. */
static void
an_upload_that_is_sent_back_is_a_draft(void **state)
{
	struct fixture *f = *state;
	const struct upload upload = {
	    .body = STR("long work"), .mime = STR("text/plain")};
	struct request request = {.arena = f->arena,
	    .protocol = PROTOCOL_GEMINI,
	    .upload = &upload,
	    .sent_back = true};

	open_page(f);
	request.identity = &f->identity;
	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, STR("/my/up"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request), "(busy) Busy" KEPT);
	assert_int_equal(count(f,
			     "SELECT count(*) FROM guiju_draft"
			     " WHERE text = 'long work'"),
	    1);
	assert_int_equal(
	    count(f, "SELECT count(*) FROM book WHERE shelf = 'up'"), 0);
	/* Who has no certificate keeps none. */
	f->has_cert = false;
	request.identity = NULL;
	assert_int_equal(
	    path_parse(f->arena, STR("/my/up"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request), "(busy) Busy");
	assert_int_equal(count(f, "SELECT count(*) FROM guiju_draft"), 1);
}

#define SENDER                             \
	"c0ffeec0ffeec0ffeec0ffeec0ffee00" \
	"c0ffeec0ffeec0ffeec0ffeec0ffee00"

/* A page for accounts keeps no text of a stranger, whatever the seal is. */
static void
a_draft_wants_an_account(void **state)
{
	struct fixture *f = *state;

	accounts_use(true);
	fixture_write(f, "pages/my/register/[from]/index.gmi", "Register\n");
	fixture_write(f, "pages/my/in/[seal].gmi",
	    "% account Who?\n% upload 99 text/plain\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
	fixture_good(f);
	f->has_cert = true;
	f->identity.fingerprint = STR(SENDER);
	assert_memory_equal(announce(f, "/my/in/x", 5), "(bad) ", 6);
	assert_null(strstr(upload(f, "/my/in/x", "words"), KEPT));
	assert_int_equal(count(f, "SELECT count(*) FROM guiju_draft"), 0);
	assert_int_equal(
	    sqlite3_exec(store_writer(f->site->store),
		"INSERT INTO account_register"
		" (name, certificate, consent) VALUES ('Mei',"
		" format('%-64s%-64s%012d', '" SENDER "', '', 0), '1')",
		NULL, NULL, NULL),
	    SQLITE_OK);
	assert_string_equal(announce(f, "/my/in/x", 5), WELCOME);
	assert_non_null(strstr(upload(f, "/my/in/x", "words"), KEPT));
	assert_int_equal(count(f, "SELECT count(*) FROM guiju_draft"), 1);
	accounts_use(false);
}

/* A text behind a seal that is used is received, and kept without the seal. */
static void
a_used_seal_loses_no_text(void **state)
{
	struct fixture *f = *state;
	char path[80];

	fixture_write(f, "pages/my/index.gmi", "=> in/{seal} In\n");
	fixture_write(f, "pages/my/in/[seal].gmi",
	    "% cert Who?\n% upload 99 text/plain\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
	fixture_good(f);
	f->has_cert = true;
	snprintf(path, sizeof(path), "/my/%.35s",
	    strstr(gemini(f, "/my/"), "=> ") + 3);
	assert_string_equal(announce(f, path, 5), WELCOME);
	assert_string_equal(upload(f, path, "first"), "stored\n");
	assert_string_equal(announce(f, path, 5), WELCOME);
	assert_string_equal(announce(f, path, 100),
	    "(bad) This link has done it already: confirm only to do it "
	    "again.");
	assert_string_equal(upload(f, path, "second"),
	    "(bad) This link has done it already: confirm only to do it "
	    "again." KEPT);
	assert_int_equal(count(f,
			     "SELECT count(*) FROM guiju_draft WHERE"
			     " path = '/my/in/' AND text = 'second'"),
	    1);
	f->has_cert = false;
	assert_string_equal(announce(f, path, 5), "(needs-cert) Who?");
}

/* ---- two at the same text ------------------------------------------- */

static void
write_notes(struct fixture *f)
{
	fixture_write(f, "schema/002_note.sql",
	    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL,"
	    " revision INTEGER NOT NULL DEFAULT 1);\n"
	    "CREATE TABLE clash (id INTEGER PRIMARY KEY, note_id INTEGER NOT"
	    " NULL REFERENCES note (id), text TEXT NOT NULL);\n"
	    "INSERT INTO note (id, text) VALUES (1, 'old');\n");
	fixture_write(f, "pages/my/note/[id]/[revision].gmi",
	    "% cert Who are you?\n"
	    "% one SELECT text AS now_text, revision AS now_revision\n"
	    "%     FROM note WHERE id = :id\n"
	    "% edit now_text\n"
	    "% upload 65536 text/gemini text/plain\n"
	    "% if :revision <> :now_revision\n"
	    "% do INSERT INTO clash (note_id, text) VALUES (:id, :body)\n"
	    "%    RETURNING id AS clash_id\n"
	    "% go ../../clash/{clash_id}/\n"
	    "% end\n"
	    "% do UPDATE note SET text = :body, revision = revision + 1\n"
	    "%    WHERE id = :id\n"
	    "% go ../../../note/{id}\n");
	fixture_write(f, "pages/my/clash/[id]/index.gmi",
	    "% cert Who are you?\n"
	    "% one SELECT c.text AS yours, n.text AS theirs,\n"
	    "%     n.revision AS now_revision\n"
	    "%     FROM clash AS c JOIN note AS n ON n.id = c.note_id\n"
	    "%     WHERE c.id = :id\n"
	    "# Somebody else was quicker\n"
	    "=> titan:{now_revision} Join the two texts\n"
	    "## The text as it is\n"
	    "{theirs|gemtext}\n"
	    "## Your text\n"
	    "{yours|gemtext}\n");
	fixture_write(f, "pages/my/clash/[id]/[revision].gmi",
	    "% cert Who are you?\n"
	    "% one SELECT c.note_id, n.revision AS now_revision,\n"
	    "%     n.text || char(10) || '----' || char(10) || c.text AS both\n"
	    "%     FROM clash AS c JOIN note AS n ON n.id = c.note_id\n"
	    "%     WHERE c.id = :id\n"
	    "% edit both\n"
	    "% upload 131072 text/gemini text/plain\n"
	    "% if :revision <> :now_revision\n"
	    "% fail bad Changed once more: see /my/clash/{id}/\n"
	    "% end\n"
	    "% do UPDATE note SET text = :body, revision = revision + 1\n"
	    "%    WHERE id = :note_id\n"
	    "% do DELETE FROM clash WHERE id = :id\n"
	    "% go ../../../note/{note_id}\n");
	fixture_write(f, "pages/note/[id].gmi",
	    "% one SELECT text FROM note WHERE id = :id\n{text|gemtext}\n");
}

/* The example of guiju-pages(7). */
static void
a_page_offers_uploads(void **state)
{
	struct fixture *f = *state;
	char *seal;

	write_notes(f);
	write_offers(f);
	page(f,
	    "% one SELECT 1 AS id, 2 AS revision\n"
	    "=> titan:my/note/{id}/{revision};edit Edit the text\n"
	    "=> titan:box/{seal} Put a text in\n"
	    "=> titan: Upload to this very address\n"
	    "% if :mime IS NOT NULL\n% upload 9 text/plain\n% end\n");
	seal = strstr(f->answer, "/box/");
	assert_non_null(seal);
	memset(seal + 5, 'x', strcspn(seal + 5, " "));
	assert_string_equal(f->answer,
	    "=> titan://portal.example/my/note/1/2;edit Edit the text\n"
	    "=> titan://portal.example/box/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
	    "Put a text in\n"
	    "=> titan://portal.example/p Upload to this very address\n");
}

static void
a_stale_revision_overwrites_nothing(void **state)
{
	struct fixture *f = *state;
	struct request edit = {.protocol = PROTOCOL_GEMINI, .edit = true};

	write_notes(f);
	fixture_good(f);
	f->has_cert = true;
	assert_string_equal(
	    upload(f, "/my/note/1/1", "by Ada"), "(go) /note/1");
	assert_string_equal(
	    upload(f, "/my/note/1/1", "by Bob"), "(go) /my/clash/1/");
	assert_string_equal(gemini(f, "/note/1"), "by Ada\n");
	assert_string_equal(gemini(f, "/my/clash/1/"),
	    "# Somebody else was quicker\n"
	    "=> titan://portal.example/my/clash/1/2 Join the two texts\n"
	    "## The text as it is\nby Ada\n## Your text\nby Bob\n");
	assert_int_equal(
	    path_parse(f->arena, STR("/my/clash/1/2"), &edit.path), OK);
	assert_string_equal(fixture_request(f, &edit),
	    "(text/gemini; charset=utf-8)\nby Ada\n----\nby Bob");
	/* A third comes in between. */
	assert_string_equal(
	    upload(f, "/my/note/1/2", "by Eve"), "(go) /note/1");
	assert_string_equal(upload(f, "/my/clash/1/2", "by Ada and Bob"),
	    "(bad) Changed once more: see /my/clash/1/" KEPT);
	assert_string_equal(gemini(f, "/note/1"), "by Eve\n");
	assert_string_equal(
	    upload(f, "/my/clash/1/3", "by all three"), "(go) /note/1");
	assert_string_equal(gemini(f, "/note/1"), "by all three\n");
	assert_string_equal(gemini(f, "/my/clash/1/"), "(missing) ");
}

/* ---- tokens, deletion, types to edit -------------------------------- */

static void
a_token_stands_for_a_certificate(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi",
	    "% upload 99 text/plain\n"
	    "% if NOT code_equal(:token, 'open')\n% fail bad Token\n% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
	fixture_write(f, "pages/q.gmi",
	    "% upload 99 text/plain\n"
	    "% if :token = 'never'\n% fail bad Token\n% end\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n"
	    "stored\n");
	fixture_good(f);
	assert_string_equal(upload(f, "/p", "text"), "(bad) Token");
	assert_string_equal(
	    send_to(f, "/p", STR("text"), 0, "opens"), "(bad) Token");
	assert_string_equal(
	    send_to(f, "/p", STR("text"), 0, "open"), "stored\n");
	/* Nothing is written for one who shows neither. */
	assert_memory_equal(upload(f, "/q", "text"), "(bad) Upload", 12);
	assert_string_equal(
	    findings(f,
		"% upload 99 text/plain\n"
		"% do INSERT INTO book (shelf, title) VALUES ('x', :body)\n"),
	    "pages/p.gmi:0: an upload that writes without a seal asks for a "
	    "certificate or compares :token, and asks for no input\n");
}

static void
secrets_are_compared_as_a_whole(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
	    page(f,
		"% one SELECT code_equal('a', 'a') AS same,\n"
		"%     code_equal('', '') AS empty,\n"
		"%     code_equal('a', 'b') + code_equal('a', 'ab')\n"
		"%     + code_equal(NULL, NULL) + code_equal('', NULL)\n"
		"%     + code_equal(NULL, '') AS other\n"
		"{same} {empty} {other}\n"),
	    "1 1 0\n");
}

static void
an_upload_has_a_limit(void **state)
{
	struct fixture *f = *state;
	char text[80];

	snprintf(text, sizeof(text), "%% upload %d text/plain\n",
	    LIMIT_UPLOAD_BYTES);
	assert_memory_equal(page(f, text), "(bad) Upload expected", 21);
	assert_string_equal(findings(f, "% upload 12582913 text/plain\n"),
	    "pages/p.gmi:1: an upload has at most 12582912 bytes\n");
	assert_string_equal(findings(f, "% upload 0\n"),
	    "pages/p.gmi:1: % upload 0 takes the wish to delete, which needs a "
	    "seal: the page is named [seal].gmi\n");
	assert_string_equal(findings(f, "% upload 0 text/plain\n"),
	    "pages/p.gmi:1: % upload MAX-BYTES TYPE...; for example `% upload "
	    "65536 text/gemini text/plain`\n");
}

static void
a_text_has_a_type_that_comes_back(void **state)
{
	struct fixture *f = *state;
	struct request request = {.protocol = PROTOCOL_GEMINI, .edit = true};

	fixture_write(f, "pages/p.gmi",
	    "% one SELECT note FROM book WHERE id = 1\n% edit note\n"
	    "% upload 99 image/png text/plain\n");
	fixture_good(f);
	assert_int_equal(path_parse(f->arena, STR("/p"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request),
	    "(text/plain; charset=utf-8)\na note");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(the_line_alone_is_judged),
	    PAGE_TEST(where_uploads_are_off_a_page_says_so),
	    PAGE_TEST(an_upload_is_offered_by_a_whole_address),
	    PAGE_TEST(a_seal_is_good_in_each_form_of_an_offer),
	    PAGE_TEST(offers_are_checked_as_links_are),
	    PAGE_TEST(what_needs_the_body_waits_for_it),
	    PAGE_TEST(what_is_no_refusal_becomes_one),
	    PAGE_TEST(a_refused_text_is_kept),
	    PAGE_TEST(a_constraint_keeps_the_text),
	    PAGE_TEST(drafts_have_limits),
	    PAGE_TEST(an_upload_that_is_sent_back_is_a_draft),
	    PAGE_TEST(a_draft_wants_an_account),
	    PAGE_TEST(a_used_seal_loses_no_text),
	    PAGE_TEST(a_page_offers_uploads),
	    PAGE_TEST(a_stale_revision_overwrites_nothing),
	    PAGE_TEST(a_token_stands_for_a_certificate),
	    PAGE_TEST(secrets_are_compared_as_a_whole),
	    PAGE_TEST(an_upload_has_a_limit),
	    PAGE_TEST(a_text_has_a_type_that_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
