/* SPDX-License-Identifier: ISC */
/*
 * Pages that are files: `% file`, pages with an extension of their own, and
 * calendars and cards. The examples of guiju-pages(7) are taken from here.
 */
#include <dirent.h>

#include "page_fixture.h"

#include <sqlite3.h>

#include "base/limits.h"
#include "base/utf8.h"

#define EXPECT(fixture, text, expected) \
	assert_string_equal(page(fixture, text), expected)

/* A picture, as far as libmagic and these tests look; no NUL. */
#define GIF "GIF89a\1\1\1\1"

enum { LARGE = 300000 }; /* more than LIMIT_PAGE_BYTES */

static void
add_pictures(struct fixture *f)
{
	fixture_write(f, "schema/002_picture.sql",
	    "CREATE TABLE picture (id INTEGER PRIMARY KEY, name TEXT UNIQUE,"
	    " mime TEXT, data BLOB);\n"
	    "INSERT INTO picture VALUES"
	    " (1, 'a.gif', 'image/gif', X'47494638396101010101'),"
	    " (2, 'none', NULL, NULL), (3, 'empty', NULL, X''),"
	    " (4, 'number', NULL, 5), (5, 'large', NULL, zeroblob(300000)),"
	    " (6, 'note', NULL, 'words');\n"
	    "CREATE TABLE tag (name TEXT PRIMARY KEY, data) WITHOUT ROWID;\n"
	    "CREATE VIEW shown AS SELECT * FROM picture;\n");
	fixture_write(f, "pages/picture/[id].gmi",
	    "% one SELECT mime FROM picture WHERE id = :id\n"
	    "% file picture.data id {mime}\n");
}

static void
a_page_gives_the_file_of_a_row(void **state)
{
	struct fixture *f = *state;

	add_pictures(f);
	fixture_write(f, "pages/named/[name].gmi",
	    "% one SELECT id FROM picture WHERE name = :name\n"
	    "% file picture.data :id\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/picture/1"), "(image/gif)\n" GIF);
	/* The address says the type, otherwise the bytes. */
	assert_string_equal(gemini(f, "/named/a.gif"), "(image/gif)\n" GIF);
	assert_string_equal(
	    gemini(f, "/picture/6"), "(text/plain; charset=utf-8)\nwords");
	/* No row, no file in it, an empty file. */
	assert_string_equal(gemini(f, "/picture/99"), "(missing) ");
	assert_string_equal(gemini(f, "/picture/2"), "(missing) ");
	assert_string_equal(
	    gemini(f, "/picture/3"), "(text/plain; charset=utf-8)\n");
	assert_memory_equal(gemini(f, "/picture/4"), "(broken) ", 9);
	/* A file has no twin. */
	assert_string_equal(gemini(f, "/picture/1.txt"), "(missing) ");
	assert_string_equal(gopher(f, "/picture/1"), "(image/gif)\n" GIF);
}

/* The value of a name is a file, too: one that SQL has made. */
static void
a_page_gives_a_value(void **state)
{
	struct fixture *f = *state;

	EXPECT(f,
	    "% one SELECT group_concat(title, ';') AS list FROM\n"
	    "%      (SELECT title FROM book ORDER BY id /* scan */)\n"
	    "% file list text/csv; charset=utf-8\n",
	    "(text/csv; charset=utf-8)\nFirst;Second;# => *");
	EXPECT(f, "% one SELECT note FROM book WHERE id = 2\n% file note\n",
	    "(missing) ");
	EXPECT(f,
	    "% one SELECT id FROM book WHERE id = 2\n% file id text/plain\n",
	    "(text/plain)\n2");
	/* A type from data cannot break the header. */
	EXPECT(f,
	    "% one SELECT 'a/b' || char(13) || 'c' AS mime, X'00ff' AS data\n"
	    "% file data {mime}\n",
	    "(application/octet-stream)\n");
	assert_memory_equal(page(f,
				"% one SELECT hex(zeroblob(600000)) AS data\n"
				"% file data text/plain\n"),
	    "(broken) ", 9);
}

static struct str
read_all(const struct reply *reply, char *out, size_t size)
{
	ssize_t n = pread(reply->file, out, size, 0);

	return (struct str){out, n < 0 ? 0 : (size_t)n};
}

static sqlite3 *
other_connection(const struct fixture *f)
{
	char path[120];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

/* A reader who takes an hour holds nothing up, and gets the file as it was. */
static void
a_large_file_holds_no_transaction(void **state)
{
	static char bytes[LARGE + 1];
	struct fixture *f = *state;
	struct request request = {.protocol = PROTOCOL_GEMINI};
	struct reply reply;
	struct str all;
	sqlite3 *db;

	add_pictures(f);
	fixture_good(f);
	assert_true((int)LARGE > (int)LIMIT_PAGE_BYTES);
	request.arena = f->arena;
	assert_int_equal(
	    path_parse(f->arena, STR("/picture/5"), &request.path), OK);
	site_answer(f->site, &request, &reply);
	assert_int_equal(reply.type, REPLY_FILE);
	assert_int_equal(reply.size, LARGE);
	assert_true(arena_used(f->arena) < LIMIT_FILE_PIECE_BYTES);
	db = other_connection(f);
	assert_int_equal(
	    sqlite3_exec(db, "UPDATE picture SET data = 'new' WHERE id = 5",
		NULL, NULL, NULL),
	    SQLITE_OK);
	/* TRUNCATE is SQLITE_BUSY while anybody reads the log. */
	assert_int_equal(sqlite3_wal_checkpoint_v2(
			     db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
	    SQLITE_OK);
	all = read_all(&reply, bytes, sizeof(bytes));
	assert_int_equal(all.len, LARGE);
	assert_int_equal(str_count(all, '\0'), LARGE);
	close(reply.file);
	sqlite3_close(db);
}

/* Each copy is on the disk until its reader has it. */
static void
a_crowd_of_large_files_waits(void **state)
{
	struct fixture *f = *state;
	struct request request = {.protocol = PROTOCOL_GEMINI};
	struct reply replies[LIMIT_BLOB_COPIES], more;

	add_pictures(f);
	fixture_good(f);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i <= LIMIT_BLOB_COPIES; i++) {
			struct reply *reply =
			    i < LIMIT_BLOB_COPIES ? &replies[i] : &more;

			arena_clear(f->arena);
			request.arena = f->arena;
			assert_int_equal(path_parse(f->arena, STR("/picture/5"),
					     &request.path),
			    OK);
			site_answer(f->site, &request, reply);
			assert_int_equal(reply->type,
			    i < LIMIT_BLOB_COPIES ? REPLY_FILE : REPLY_REFUSAL);
		}
		assert_int_equal(more.refusal, REFUSAL_BUSY);
		for (int i = 0; i < LIMIT_BLOB_COPIES; i++)
			close(replies[i].file);
	}
}

static void
a_file_has_a_limit(void **state)
{
	struct fixture *f = *state;
	char sql[100];
	sqlite3 *db;

	add_pictures(f);
	fixture_good(f);
	db = other_connection(f);
	for (int more = 0; more < 2; more++) {
		snprintf(sql, sizeof(sql),
		    "UPDATE picture SET data = zeroblob(%d) WHERE id = 5",
		    LIMIT_BLOB_BYTES + more);
		assert_int_equal(
		    sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		(void)gemini(f, "/picture/5");
		/* A slow disk may be busy with the longest file. */
		if (more == 0 && str_starts(str_from(f->answer), STR("(busy)")))
			continue;
		assert_memory_equal(f->answer,
		    more == 0 ? "(file application/octet-stream" : "(broken) ",
		    more == 0 ? 30 : 9);
	}
	sqlite3_close(db);
}

/* What stands above `% file` holds for the file. */
static void
a_file_may_be_for_members(void **state)
{
	struct fixture *f = *state;

	add_pictures(f);
	fixture_write(f, "pages/my/_guard.gmi",
	    "% cert Who are you?\n"
	    "% if :cert_name <> 'Mei'\n% fail forbidden Members only\n% end\n");
	fixture_write(f, "pages/my/[id].gif", "% file picture.data id\n");
	fixture_good(f);
	assert_string_equal(
	    gemini(f, "/my/1.gif"), "(needs-cert) Who are you?");
	f->has_cert = true;
	assert_string_equal(gemini(f, "/my/1.gif"), "(image/gif)\n" GIF);
	f->identity.name = STR("Bo");
	assert_string_equal(gemini(f, "/my/1.gif"), "(forbidden) Members only");
}

/* An upload that a page has stored comes back byte for byte. */
static void
an_upload_comes_back(void **state)
{
	struct fixture *f = *state;
	const struct upload upload = {
	    .body = STR(GIF), .mime = STR("image/gif")};
	struct request request = {
	    .protocol = PROTOCOL_GEMINI, .upload = &upload};

	add_pictures(f);
	f->has_cert = true;
	fixture_write(f, "pages/up.gmi",
	    "% cert Who are you?\n"
	    "% upload 65536 image/gif\n"
	    "% do INSERT INTO picture (id, mime, data)\n"
	    "%     VALUES (20, :mime, :body)\n"
	    "stored\n");
	fixture_good(f);
	arena_clear(f->arena);
	assert_int_equal(path_parse(f->arena, STR("/up"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request), "stored\n");
	assert_string_equal(gemini(f, "/picture/20"), "(image/gif)\n" GIF);
}

static int
open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		n++;
	closedir(folder);
	return n;
}

/* The client would take the file for success; the file is closed. */
static void
a_file_is_no_answer_to_an_upload(void **state)
{
	struct fixture *f = *state;
	const struct upload upload = {
	    .body = STR("some words"), .mime = STR("text/plain")};
	struct request request = {
	    .protocol = PROTOCOL_GEMINI, .upload = &upload};
	int before;

	add_pictures(f);
	f->has_cert = true;
	fixture_write(f, "pages/up/[id].gmi",
	    "% if :id = 5\n% file picture.data id\n% end\n"
	    "% cert Who are you?\n"
	    "% upload 99 text/plain\nstored\n");
	fixture_good(f);
	before = open_files();
	arena_clear(f->arena);
	assert_int_equal(path_parse(f->arena, STR("/up/5"), &request.path), OK);
	assert_string_equal(
	    fixture_request(f, &request), "(bad) No upload here");
	assert_int_equal(open_files(), before);
}

/* A page that acts may answer with a file; then it has acted. */
static void
a_page_that_acts_may_give_a_file(void **state)
{
	struct fixture *f = *state;
	const struct upload upload = {
	    .body = STR("some words"), .mime = STR("text/plain")};
	struct request request = {
	    .protocol = PROTOCOL_GEMINI, .upload = &upload};

	add_pictures(f);
	f->has_cert = true;
	fixture_write(f, "pages/up.gmi",
	    "% cert Who are you?\n"
	    "% upload 65536 text/plain\n"
	    "% do UPDATE picture SET data = :body WHERE id = 3\n"
	    "% one SELECT 5 AS large\n"
	    "% file picture.data large image/gif\n");
	fixture_good(f);
	arena_clear(f->arena);
	assert_int_equal(path_parse(f->arena, STR("/up"), &request.path), OK);
	assert_string_equal(
	    fixture_request(f, &request), "(file image/gif 300000)");
	assert_string_equal(
	    gemini(f, "/picture/3"), "(text/plain; charset=utf-8)\nsome words");
}

static void
menus_know_what_a_file_is(void **state)
{
	struct fixture *f = *state;

	add_pictures(f);
	fixture_write(f, "pages/pic/[id].png", "% file picture.data id\n");
	fixture_write(f, "pages/doc/[name].gmi",
	    "% one SELECT id FROM picture WHERE name = :name\n"
	    "% file picture.data id\n");
	fixture_write(f, "pages/day.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
	fixture_write(f, "pages/list.zip",
	    "% one SELECT 'x' AS all_of_it\n% file all_of_it\n");
	fixture_write(f, "pages/menu.gmi",
	    "=> /pic/1.png a\n=> /doc/x.pdf b\n=> /doc/x.gif c\n"
	    "=> /doc/x.txt d\n=> /day.ics e\n=> /list.zip f\n");
	fixture_good(f);
	assert_string_equal(gopher(f, "/menu"),
	    "Ia\t/pic/1.png\tportal.example\t70\r\n"
	    "9b\t/doc/x.pdf\tportal.example\t70\r\n"
	    "gc\t/doc/x.gif\tportal.example\t70\r\n"
	    "0d\t/doc/x.txt\tportal.example\t70\r\n"
	    "0e\t/day.ics\tportal.example\t70\r\n"
	    "9f\t/list.zip\tportal.example\t70\r\n.\r\n");
	assert_string_equal(gemini(f, "/pic/1.png"), "(image/png)\n" GIF);
	assert_string_equal(gemini(f, "/list.zip"), "(application/zip)\nx");
}

static void
a_page_may_have_any_extension(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/[id].feed.opml",
	    "% type text/x-opml+xml; charset=utf-8\n"
	    "% one SELECT note FROM book WHERE id = :id\n"
	    "<opml>{note}</opml>\n");
	fixture_write(f, "pages/list.tsv",
	    "% type text/tab-separated-values\n"
	    "% each SELECT id, title FROM book ORDER BY id /* scan */\n"
	    "{id}\t{title}\n"
	    "% end\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/3.feed.opml"),
	    "(text/x-opml+xml; charset=utf-8)\n"
	    "<opml>&lt;&amp;&gt;&quot;</opml>\n");
	assert_string_equal(gemini(f, "/list.tsv"),
	    "(text/tab-separated-values)\n"
	    "1\tFirst\n2\tSecond\n3\t# => *\n");
	fixture_write(f, "pages/old.bak", "words\n");
	fixture_write(f, "pages/bare", "words\n");
	assert_string_equal(findings(f, NULL),
	    "pages/bare:0: a page ends in .gmi, .txt, .xml, .csv, .json, .ics "
	    "or .vcf; one with another ending says its type: % type, or gives "
	    "a file: % file\n"
	    "pages/old.bak:0: a page ends in .gmi, .txt, .xml, .csv, .json, "
	    ".ics or .vcf; one with another ending says its type: % type, or "
	    "gives a file: % file\n");
}

/* RFC 5545, 3.1 and 3.3.11: CR LF, at most 75 bytes, TEXT escaped. */
static void
calendars_have_content_lines(void **state)
{
	struct fixture *f = *state;
	const char *answer, *line;
	struct str rest;
	struct str part;

	fixture_write(f, "pages/course/day.ics",
	    "BEGIN:VCALENDAR\n"
	    "\n"
	    "% each SELECT id, title || '; a, b\\c' || char(10) || 'more'\n"
	    "%      AS title FROM book WHERE id = 1\n"
	    "BEGIN:VEVENT\n"
	    "UID:{id}@{host}\n"
	    "SUMMARY:{title}\n"
	    "END:VEVENT\n"
	    "% end\n"
	    "END:VCALENDAR\n");
	fixture_write(f, "pages/long.vcf",
	    "% one SELECT replace(hex(zeroblob(40)), '0',\n"
	    "%      char(20013)) AS name\n"
	    "FN:{name}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/course/day.ics"),
	    "(text/calendar; charset=utf-8)\n"
	    "BEGIN:VCALENDAR\r\n"
	    "BEGIN:VEVENT\r\n"
	    "UID:1@portal.example\r\n"
	    "SUMMARY:First\\; a\\, b\\\\c\\nmore\r\n"
	    "END:VEVENT\r\n"
	    "END:VCALENDAR\r\n");
	answer = gemini(f, "/long.vcf");
	line = strchr(answer, '\n') + 1;
	assert_memory_equal(answer, "(text/vcard; charset=utf-8)\n", 28);
	rest = str_from(line);
	for (int i = 0; rest.len > 0; i++) {
		const size_t end = str_find(rest, STR("\r\n"));

		assert_true(end <= 75);
		part = str_slice(rest, 0, end);
		assert_true(utf8_valid(part));
		assert_true(i == 0 || part.data[0] == ' ');
		rest = str_slice(rest, end + 2, rest.len);
	}
	/* Nothing is lost by folding. */
	assert_int_equal(str_count(str_from(line), (char)0xB8), 80);
}

static void
mistakes_are_found(void **state)
{
	struct fixture *f = *state;

	add_pictures(f);
	assert_string_equal(
	    findings(f,
		"% if :input = 'a'\n% file\n% end\n"
		"% if :input = 'b'\n% file picture.data\n% end\n"
		"% if :input = 'c'\n% file tag.data :now\n% end\n"
		"% if :input = 'd'\n% file shown.data :now\n% end\n"
		"% if :input = 'e'\n% file inptu\n% end\n"
		"% file input nonsense\n"
		"# never\n"),
	    "pages/p.gmi:2: % file NAME, or % file TABLE.COLUMN ID; a MIME "
	    "type may follow\n"
	    "pages/p.gmi:5: % file TABLE.COLUMN ID: ID is a name that holds "
	    "the row's id\n"
	    "pages/p.gmi:8: a file lies in a table whose rows have a rowid; "
	    "`tag` is not one\n"
	    "pages/p.gmi:11: a file lies in a table whose rows have a rowid; "
	    "`shown` is not one\n"
	    "pages/p.gmi:14: nothing provides `inptu`; did you mean `input`?\n"
	    "pages/p.gmi:16: behind the file stands its MIME type, for example "
	    "`image/png` or `{mime}`\n"
	    "pages/p.gmi:17: these lines are never reached: what stands above "
	    "leads away or fails in every case\n");
	/* The words are SQLite's. */
	assert_memory_equal(findings(f, "% file picture.date :now\n"),
	    "pages/p.gmi:1: SQL: ", 20);
	assert_memory_equal(findings(f, "% file pitcure.data :now\n"),
	    "pages/p.gmi:1: SQL: ", 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_page_gives_the_file_of_a_row),
	    PAGE_TEST(a_page_gives_a_value),
	    PAGE_TEST(a_large_file_holds_no_transaction),
	    PAGE_TEST(a_crowd_of_large_files_waits),
	    PAGE_TEST(a_file_has_a_limit),
	    PAGE_TEST(a_file_may_be_for_members),
	    PAGE_TEST(an_upload_comes_back),
	    PAGE_TEST(a_file_is_no_answer_to_an_upload),
	    PAGE_TEST(a_page_that_acts_may_give_a_file),
	    PAGE_TEST(menus_know_what_a_file_is),
	    PAGE_TEST(a_page_may_have_any_extension),
	    PAGE_TEST(calendars_have_content_lines),
	    PAGE_TEST(mistakes_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
