/* SPDX-License-Identifier: ISC */
/* Which file answers which address: pages, folders, twins, static files. */
#include "page_fixture.h"

static void
each_page_answers_its_address(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/a.gmi", "a\n");
	fixture_write(f, "pages/n/[section]/index.gmi", "index {section}\n");
	fixture_write(f, "pages/n/[section]/[id].gmi", "{section} {id}\n");
	fixture_write(f, "pages/n/[section]/[id].xml", "<{section} {id}>\n");
	fixture_write(f, "pages/n/fixed/index.gmi", "fixed\n");
	fixture_write(f, "pages/n/[section]/feed.gmi", "feed {section}\n");
	fixture_write(f, "pages/.well-known/x.txt", "known\n");
	fixture_good(f);
	assert_string_equal(gemini(f, ""), "# Home\n");
	assert_string_equal(gemini(f, "/"), "# Home\n");
	assert_string_equal(gemini(f, "/a"), "a\n");
	assert_string_equal(gemini(f, "/a.gmi"), "(missing) ");
	assert_string_equal(gemini(f, "/a/"), "(moved) /a");
	assert_string_equal(gemini(f, "/a.txt/"), "(moved) /a.txt");
	assert_string_equal(gemini(f, "/index"), "(missing) ");
	assert_string_equal(gemini(f, "/n/x/"), "index x\n");
	assert_string_equal(gemini(f, "/n/x"), "(moved) /n/x/");
	assert_string_equal(gemini(f, "/n/x?q"), "(moved) /n/x/");
	assert_string_equal(gemini(f, "/n/x/7"), "x 7\n");
	assert_string_equal(gemini(f, "/n/x/7.xml"),
	    "(application/xml; charset=utf-8)\n<x 7>\n");
	assert_string_equal(gemini(f, "/n/x/feed"), "feed x\n");
	/* A fixed segment wins; what it has not, the parameter may have. */
	assert_string_equal(gemini(f, "/n/fixed/"), "fixed\n");
	assert_string_equal(gemini(f, "/n/fixed/7"), "fixed 7\n");
	assert_string_equal(gemini(f, "/n//7"), "(missing) ");
	assert_string_equal(gemini(f, "/n/"), "(missing) ");
	assert_string_equal(gemini(f, "/n/x/7/"), "(moved) /n/x/7");
	/* A slash inside a segment: a parameter may take it. */
	assert_string_equal(gemini(f, "/n/x/GB%2FT"), "x GB/T\n");
	assert_string_equal(gemini(f, "/a%2Fb"), "(bad) ");
	assert_string_equal(gemini(f, "/.well-known/x.txt"),
	    "(text/plain; charset=utf-8)\nknown\n");
}

static void
only_regular_files_are_given_out(void **state)
{
	struct fixture *f = *state;
	char path[200];

	fixture_write(f, "static/note.txt", "words\n");
	fixture_write(f, "static/.secret", "no\n");
	fixture_write(f, "static/.git/config", "no\n");
	fixture_write(f, "static/d/index.gmi", "# D\n");
	fixture_write(f, "static/odd/index.gmi/x", "x\n");
	fixture_write(f, "static/linked/x", "x\n");
	snprintf(path, sizeof(path), "%s/static/linked/index.gmi", f->capsule);
	assert_int_equal(symlink("../note.txt", path), 0);
	fixture_write(f, "static/d/gif", "GIF89a123456789012345678");
	fixture_write(f, "static/d/prose", "just some words\n");
	snprintf(path, sizeof(path), "%s/static/link", f->capsule);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof(path), "%s/static/dirlink", f->capsule);
	assert_int_equal(symlink("/etc", path), 0);
	snprintf(path, sizeof(path), "%s/static/fifo", f->capsule);
	assert_int_equal(mkfifo(path, 0644), 0);
	fixture_good(f);
	assert_string_equal(
	    gemini(f, "/note.txt"), "(file text/plain; charset=utf-8 6)");
	assert_string_equal(gemini(f, "/d/gif"), "(file image/gif 24)");
	assert_string_equal(
	    gemini(f, "/d/prose"), "(file text/plain; charset=utf-8 16)");
	assert_string_equal(
	    gemini(f, "/d/"), "(file text/gemini; charset=utf-8 4)");
	assert_string_equal(gemini(f, "/d"), "(moved) /d/");
	assert_string_equal(gemini(f, "/.secret"), "(missing) ");
	assert_string_equal(gemini(f, "/.git/config"), "(missing) ");
	assert_string_equal(gemini(f, "/link"), "(missing) ");
	assert_string_equal(gemini(f, "/dirlink/passwd"), "(missing) ");
	assert_string_equal(gemini(f, "/fifo"), "(missing) ");
	assert_string_equal(gemini(f, "/note.txt/"), "(moved) /note.txt");
	assert_string_equal(gemini(f, "/d/prose/"), "(moved) /d/prose");
	assert_string_equal(gemini(f, "/link/"), "(missing) ");
	/* A folder whose index is none: a folder, a link. */
	assert_string_equal(gemini(f, "/odd"), "(missing) ");
	assert_string_equal(gemini(f, "/linked"), "(missing) ");
	assert_string_equal(gemini(f, "/d%2Fprose"), "(bad) ");
	assert_string_equal(gemini(f, "/d%5Cprose"), "(bad) ");
}

static void
an_item_has_the_type_of_its_page(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "static/p.png", "x");
	fixture_write(f, "static/p.gif", "x");
	fixture_write(f, "static/p.pdf", "x");
	fixture_write(f, "static/p.txt", "x");
	fixture_write(f, "pages/ask.gmi", "% ask What?\n# {input}\n");
	fixture_write(f, "pages/doc.gmi", "% document\n# Doc\n");
	fixture_write(f, "pages/me/index.gmi", "% cert Who?\n# Me\n");
	fixture_write(f, "pages/f.xml", "<f/>\n");
	fixture_write(f, "pages/w/[x].gmi", "# {x}\n");
	page(f,
	    "# T\n"
	    "=> ask Ask\n=> ask?x%20y Asked\n=> doc Doc\n=> me/ Me\n"
	    "=> f.xml Feed\n=> w/a%2Fb W\n=> p.png Png\n=> p.gif Gif\n"
	    "=> p.pdf Pdf\n=> p.txt Txt\n=> / Home\n=> doc.txt Twin\n"
	    "=> https://example.org/ Web\n"
	    "=> gopher://example.org:7070/0/x Hole\n"
	    "=> gopher://example.org Bare\n"
	    "=> mailto:a@example.org Post\n");
	assert_string_equal(gopher(f, "/p"),
	    "iT\tTITLE\terror.host\t1\r\n"
	    "7Ask\t/ask\tportal.example\t70\r\n"
	    "1Asked\t/ask?x y\tportal.example\t70\r\n"
	    "0Doc\t/doc\tportal.example\t70\r\n"
	    "hMe\tURL:gemini://portal.example/me/\tportal.example\t70\r\n"
	    "0Feed\t/f.xml\tportal.example\t70\r\n"
	    "1W\t/w/a%2Fb\tportal.example\t70\r\n"
	    "IPng\t/p.png\tportal.example\t70\r\n"
	    "gGif\t/p.gif\tportal.example\t70\r\n"
	    "9Pdf\t/p.pdf\tportal.example\t70\r\n"
	    "0Txt\t/p.txt\tportal.example\t70\r\n"
	    "1Home\t/\tportal.example\t70\r\n"
	    "0Twin\t/doc.txt\tportal.example\t70\r\n"
	    "hWeb\tURL:https://example.org/\tportal.example\t70\r\n"
	    "0Hole\t/x\texample.org\t7070\r\n"
	    "1Bare\t\texample.org\t70\r\n"
	    "hPost\tURL:mailto:a@example.org\tportal.example\t70\r\n"
	    ".\r\n");
	assert_true(strncmp(gopher(f, "/me/"), "(missing)", 9) == 0);
}

static void
gopher_follows_to_menus(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/old.gmi", "% moved /new/\n");
	fixture_write(f, "pages/new/index.gmi", "# New\n=> x X\n");
	fixture_write(f, "pages/new/x.gmi", "% document\n# X\n");
	fixture_write(f, "pages/text.gmi", "% go /new/x\n");
	fixture_write(f, "pages/round.gmi", "% go /round\n");
	fixture_write(
	    f, "pages/find.gmi", "% ask What?\n% go /found/{input}\n");
	fixture_write(f, "pages/found/[x].gmi", "# Found {x}\n");
	fixture_write(f, "pages/control.gmi", "% go /said?%01\n");
	fixture_write(f, "pages/said.gmi", "# Said {input}\n");
	fixture_write(f, "pages/tell.gmi",
	    "% one SELECT 'a b?&' || char(19968) AS words\n% go "
	    "/said?{words}\n");
	fixture_good(f);
	assert_string_equal(
	    gopher(f, "/tell"), "iSaid a b?&一\tTITLE\terror.host\t1\r\n.\r\n");
	assert_string_equal(gopher(f, "/control"), "(go) /said?%01");
	assert_string_equal(gopher(f, "/old"),
	    "iNew\tTITLE\terror.host\t1\r\n"
	    "0X\t/new/x\tportal.example\t70\r\n.\r\n");
	assert_string_equal(gopher(f, "/new"), gopher(f, "/old"));
	/* A menu was asked for: a text is not given for it. */
	assert_string_equal(gopher(f, "/text"), "(go) /new/x");
	assert_string_equal(gopher(f, "/round"), "(go) /round");
	assert_string_equal(gopher(f, "/find"), "(ask) What?");
	assert_string_equal(gemini(f, "/old"), "(moved) /new/");
}

/* What Gemini says a file is, a menu says, too. */
static void
files_have_one_type(void **state)
{
	static const struct {
		const char *name, *content;
		char item;
	} files[] = {{"LICENSE", "Some words.\n", '0'},
	    {"README", "# Title\nwords\n", '0'},
	    {"Makefile", "all:\n\tcc -o x x.c\n", '0'}, {"empty", "", '0'},
	    {"picture", "GIF89a123456789012345678", 'g'},
	    {"noise", "\x01\x02\xff\xfe\x03", '9'},
	    {"paper", "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", '9'},
	    {"day.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", '0'},
	    {"me.vcf", "BEGIN:VCARD\nEND:VCARD\n", '0'},
	    {"a.json", "{}\n", '0'}, {"a.csv", "a,b\n", '0'},
	    {"a.md", "# a\n", '0'}, {"a.xml", "<a/>\n", '0'},
	    {"a.atom", "<feed/>\n", '0'}, {"a.gmi", "# a\n", '0'},
	    {"a.html", "<p>a\n", '0'}, {"a.log", "2026 words\n", '0'},
	    {"a.conf", "key = value\n", '0'}, {"a.svg", "<svg/>\n", 'I'},
	    {"a.png", "x", 'I'}, {"a.gif", "x", 'g'}, {"a.mp3", "x", 's'},
	    {"a.pdf", "x", '9'}, {"a.zip", "x", '9'}};
	enum { FILES = sizeof(files) / sizeof(*files) };
	struct fixture *f = *state;
	char text[4096] = "# T\n", items[8192], line[256];
	size_t n = strlen(text), m;

	m = (size_t)snprintf(
	    items, sizeof(items), "iT\tTITLE\terror.host\t1\r\n");
	for (size_t i = 0; i < FILES; i++) {
		snprintf(line, sizeof(line), "static/%s", files[i].name);
		fixture_write(f, line, files[i].content);
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "=> %s F\n", files[i].name);
		m += (size_t)snprintf(items + m, sizeof(items) - m,
		    "%cF\t/%s\tportal.example\t70\r\n", files[i].item,
		    files[i].name);
	}
	snprintf(items + m, sizeof(items) - m, ".\r\n");
	page(f, text);
	assert_string_equal(gopher(f, "/p"), items);
	for (size_t i = 0; i < FILES; i++) {
		const char *said;
		bool readable;

		snprintf(line, sizeof(line), "/%s", files[i].name);
		said = gemini(f, line);
		readable = strstr(said, "file text/") != NULL ||
		    strstr(said, "json") != NULL ||
		    (strstr(said, "xml") != NULL &&
			strstr(said, "image/") == NULL);
		if (readable != (files[i].item == '0'))
			fail_msg("%s: %s, but an item of type %c",
			    files[i].name, said, files[i].item);
	}
}

/* A body begins without one; other files are given out as they are. */
static void
a_gemtext_file_loses_its_byte_order_mark(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "static/a.gmi", "\xEF\xBB\xBF# A\n");
	fixture_write(f, "static/b.csv",
	    "\xEF\xBB\xBF"
	    "a,b\n");
	fixture_write(f, "static/c.gmi", "\xEF\xBB");
	fixture_good(f);
	assert_string_equal(
	    gemini(f, "/a.gmi"), "(file text/gemini; charset=utf-8 4)");
	assert_string_equal(
	    gopher(f, "/a.gmi"), "(file text/gemini; charset=utf-8 4)");
	assert_string_equal(
	    gemini(f, "/b.csv"), "(file text/csv; charset=utf-8 7)");
	assert_string_equal(
	    gemini(f, "/c.gmi"), "(file text/gemini; charset=utf-8 2)");
	/* Who has no name for it does not say that it is UTF-8. */
	fixture_write(f, "static/gbk", "\xb1\xea\xd7\xbc\n");
	assert_null(strstr(gemini(f, "/gbk"), "utf-8"));
}

/* A slash too many or too few; what is there wins over what is nearly there,
 * and nobody is sent for good to what is not there. */
static void
a_wrong_slash_leads_to_what_is_there(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/a.gmi", "a\n");
	fixture_write(f, "pages/a.xml", "<a/>\n");
	fixture_write(f, "pages/doc.gmi", "% document\n# Doc\n");
	fixture_write(f, "pages/ask.gmi", "% ask What?\n# Said {input}\n");
	fixture_write(f, "pages/me/index.gmi", "% cert Who?\n# Me\n");
	fixture_write(f, "pages/n/fixed/[id].gmi", "fixed {id}\n");
	fixture_write(f, "pages/n/[x]/[y]/index.gmi", "index {x} {y}\n");
	fixture_write(f, "pages/b/x.gmi", "x\n");
	fixture_write(f, "pages/b/[y]/index.gmi", "y {y}\n");
	/* A code in the first segment, as of a language. */
	fixture_write(f, "pages/[lang]/index.gmi",
	    "% one SELECT 1 AS n WHERE :lang = 'en'\n# {lang}\n");
	fixture_write(f, "pages/[lang]/book/[id].gmi",
	    "% one SELECT title FROM book WHERE id = :id\n# {title}\n");
	fixture_write(f, "static/LICENSE", "words\n");
	fixture_write(f, "static/doc/index.gmi", "# Doc's folder\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/a/"), "(moved) /a");
	assert_string_equal(gemini(f, "/a/?q"), "(moved) /a");
	assert_string_equal(gemini(f, "/a.xml/"), "(moved) /a.xml");
	assert_string_equal(gemini(f, "/ask/"), "(moved) /ask");
	assert_string_equal(gemini(f, "/me"), "(moved) /me/");
	assert_string_equal(
	    gemini(f, "/LICENSE"), "(file text/plain; charset=utf-8 6)");
	assert_string_equal(gemini(f, "/n/fixed/7/"), "index fixed 7\n");
	assert_string_equal(gemini(f, "/n/fixed/7"), "fixed 7\n");
	assert_string_equal(gemini(f, "/b/x/"), "(moved) /b/x");
	assert_string_equal(gemini(f, "/b/z/"), "y z\n");
	assert_string_equal(gemini(f, "/b/z"), "(moved) /b/z/");
	assert_string_equal(
	    gemini(f, "/doc/"), "(file text/gemini; charset=utf-8 15)");
	assert_string_equal(gemini(f, "/en"), "(moved) /en/");
	assert_string_equal(gemini(f, "/rules"), "(missing) ");
	assert_string_equal(gemini(f, "/rules/"), "(missing) ");
	assert_string_equal(gemini(f, "/en/book/1/"), "(moved) /en/book/1");
	assert_string_equal(gemini(f, "/en/book/9/"), "(missing) ");
	assert_string_equal(gemini(f, "/en/book/9.txt/"), "(missing) ");
	assert_string_equal(gemini(f, "/en/book"), "(missing) ");
	assert_string_equal(gemini(f, "/LICENSE/x/"), "(missing) ");
	assert_string_equal(gemini(f, "//"), "(missing) ");
	assert_string_equal(gemini(f, "/a//"), "(missing) ");
	/* Over Gopher a menu is there at once, words and all. */
	assert_string_equal(gopher(f, "/b/x/"), gopher(f, "/b/x"));
	assert_string_equal(gopher(f, "/en"), gopher(f, "/en/"));
	assert_string_equal(gopher(f, "/rules"), "(missing) ");
	assert_string_equal(gopher(f, "/en/book/9/"), "(missing) ");
}

/* No 31 of a page leads to nothing either, or round in a circle. */
static void
a_permanent_redirect_leads_to_what_is_there(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/w/[id].gmi",
	    "% one SELECT title FROM book WHERE id = :id\n# {title}\n");
	fixture_write(f, "pages/m/[id].gmi", "% moved /w/{id}\n");
	fixture_write(f, "pages/mm/[id].gmi", "% moved /m/{id}\n");
	fixture_write(f, "pages/t/[id].gmi", "% go /w/{id}\n");
	fixture_write(f, "pages/gone.gmi", "% fail gone Sold\n");
	fixture_write(f, "pages/sold.gmi", "% moved /gone\n");
	fixture_write(f, "pages/round.gmi", "% moved /ring\n");
	fixture_write(f, "pages/ring.gmi", "% moved /round\n");
	fixture_write(f, "pages/asks.gmi", "% ask What?\n# {input}\n");
	fixture_write(f, "pages/askm.gmi", "% moved /asks\n");
	fixture_write(f, "pages/file.gmi", "% moved /x.txt\n");
	fixture_write(f, "static/x.txt", "x\n");
	fixture_write(f, "pages/form/index.gmi", "=> {seal} Send\n");
	fixture_write(f, "pages/form/[seal].gmi",
	    "% do UPDATE book SET note = 'done' WHERE id = 1\n% go /form/\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/m/1"), "(moved) /w/1");
	assert_string_equal(gemini(f, "/mm/1"), "(moved) /m/1");
	assert_string_equal(gemini(f, "/m/9"), "(missing) ");
	assert_string_equal(gemini(f, "/mm/9"), "(missing) ");
	assert_string_equal(gemini(f, "/t/9"), "(go) /w/9");
	assert_string_equal(gemini(f, "/sold"), "(gone) Sold");
	assert_string_equal(gemini(f, "/round"), "(go) /ring");
	assert_string_equal(gemini(f, "/askm"), "(moved) /asks");
	assert_string_equal(gemini(f, "/file"), "(moved) /x.txt");
	assert_memory_equal(gopher(f, "/m/9"), "(missing)", 9);
	/* A twin leads to a twin. */
	assert_string_equal(gemini(f, "/m/1.txt"), "(moved) /w/1.txt");
	assert_string_equal(gemini(f, "/file.txt"), "(moved) /x.txt");
}

/* To look ahead is no view. */
static void
a_look_ahead_counts_nothing(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/v/index.gmi",
	    "% one SELECT tally_add('v', 1) AS n, "
	    "term_add('t', 'dam', '2026-01-01') AS t\n{n}\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/v/"), "1\n");
	assert_string_equal(gemini(f, "/v"), "(moved) /v/");
	assert_string_equal(gemini(f, "/v"), "(moved) /v/");
	assert_string_equal(gemini(f, "/v/"), "2\n");
}

/* pages/_missing.gmi knows where things are now. */
static void
the_page_of_the_missing_leads_on(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_missing.gmi",
	    "% each SELECT note AS target FROM book WHERE url = :path "
	    "LIMIT 1 /* scan */\n"
	    "% if :target GLOB '/*'\n% moved {target|url}\n% end\n"
	    "% fail gone {target}\n"
	    "% end\n"
	    "% fail missing No such page: {path}\n");
	fixture_write(f, "pages/w/[id].gmi",
	    "% one SELECT title FROM book WHERE id = :id AND id < 9\n"
	    "% if :id = 3\n% fail gone Withdrawn\n% end\n# {title}\n");
	fixture_write(f, "pages/say.gmi", "% fail missing Own words\n");
	fixture_write(f, "pages/d/index.gmi", "# D\n");
	fixture_write(f, "static/x.txt", "x\n");
	fixture_write(f, "schema/002_old.sql",
	    "INSERT INTO book (id, shelf, title, url, note) VALUES "
	    "(10, 'o', 'o', '/old/2019/x.html', '/w/1'), "
	    "(11, 'o', 'o', '/w/3', '/w/2'), "
	    "(12, 'o', 'o', '/self', '/self'), "
	    "(13, 'o', 'o', '/ping', '/pong'), "
	    "(14, 'o', 'o', '/pong', '/ping'), "
	    "(15, 'o', 'o', '/dead', '/w/99'), "
	    "(16, 'o', 'o', '/folder', '/d'), "
	    "(17, 'o', 'o', '/file', '/x.txt'), "
	    "(18, 'o', 'o', '/away', '//evil.example/'), "
	    "(19, 'o', 'o', '/sold', 'Sold'), "
	    "(20, 'o', 'o', '/say', '/d/'), "
	    "(21, 'o', 'o', '/w/1', '/w/2'), "
	    "(22, 'o', 'o', '/words', 'Said so');\n");
	fixture_good(f);
	assert_string_equal(gemini(f, "/old/2019/x.html"), "(moved) /w/1");
	assert_string_equal(gemini(f, "/w/3"), "(moved) /w/2");
	assert_string_equal(gemini(f, "/w/3.txt"), "(moved) /w/2.txt");
	/* What is there is there. */
	assert_string_equal(gemini(f, "/w/1"), "# First\n");
	assert_string_equal(gemini(f, "/self"), "(missing) ");
	assert_string_equal(gemini(f, "/ping"), "(missing) ");
	assert_string_equal(gemini(f, "/dead"), "(missing) ");
	assert_string_equal(gemini(f, "/folder"), "(moved) /d");
	assert_string_equal(gemini(f, "/file"), "(moved) /x.txt");
	assert_string_equal(gemini(f, "/away"), "(missing) ");
	assert_string_equal(gemini(f, "/sold"), "(gone) Sold");
	assert_string_equal(gemini(f, "/say"), "(moved) /d/");
	assert_string_equal(
	    gemini(f, "/no/where"), "(missing) No such page: /no/where");
	assert_string_equal(
	    gemini(f, "/_missing"), "(missing) No such page: /_missing");
	/* A refusal that says why keeps its words. */
	assert_string_equal(
	    gemini(f, "/w/99"), "(missing) No such page: /w/99");
	assert_string_equal(gopher(f, "/old/2019/x.html"), gopher(f, "/w/1"));
	assert_string_equal(gopher(f, "/ping"), "(missing) ");
}

/* Over Gopher an error leads on, where a menu was asked for. */
static void
the_page_of_the_missing_shows_links(void **state)
{
	static const char *const lost[] = {"/no/where", "/d/x/y", "/w/99"};
	struct fixture *f = *state;

	fixture_write(f, "pages/_missing.gmi",
	    "% if :protocol = 'gopher'\n=> / Home\n% else\n"
	    "% fail missing Begin at the home page\n% end\n");
	fixture_write(f, "pages/w/[id].gmi",
	    "# Half a page\n% if :id = 3\n% fail gone Withdrawn\n% end\n"
	    "% one SELECT title FROM book WHERE id = :id AND id < 9\n"
	    "{title}\n");
	fixture_write(
	    f, "pages/prose.gmi", "% document\n% fail missing Lost\n");
	fixture_good(f);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(
		    gemini(f, lost[i]), "(missing) Begin at the home page");
		assert_string_equal(gopher(f, lost[i]),
		    "(missing) \n1Home\t/\tportal.example\t70\r\n.\r\n");
	}
	assert_string_equal(gopher(f, "/w/3"),
	    "(gone) Withdrawn\n1Home\t/\tportal.example\t70\r\n.\r\n");
	/* A text has no items. */
	assert_string_equal(gopher(f, "/w/99.txt"), "(missing) ");
	assert_string_equal(gopher(f, "/prose"), "(missing) Lost");
}

static void
the_page_of_the_missing_may_not_ask(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_missing.gmi", "% ask What?\n% go /\n");
	assert_string_equal(findings(f, NULL),
	    "pages/_missing.gmi:0: this page leads on or refuses, and asks for "
	    "nothing\n");
	fixture_write(f, "pages/_missing.gmi", "% moved /nowhere/\n");
	assert_string_equal(findings(f, NULL),
	    "pages/_missing.gmi:1: no page or file answers `/nowhere/`\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(each_page_answers_its_address),
	    PAGE_TEST(only_regular_files_are_given_out),
	    PAGE_TEST(an_item_has_the_type_of_its_page),
	    PAGE_TEST(gopher_follows_to_menus),
	    PAGE_TEST(files_have_one_type),
	    PAGE_TEST(a_gemtext_file_loses_its_byte_order_mark),
	    PAGE_TEST(a_wrong_slash_leads_to_what_is_there),
	    PAGE_TEST(a_permanent_redirect_leads_to_what_is_there),
	    PAGE_TEST(a_look_ahead_counts_nothing),
	    PAGE_TEST(the_page_of_the_missing_leads_on),
	    PAGE_TEST(the_page_of_the_missing_shows_links),
	    PAGE_TEST(the_page_of_the_missing_may_not_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
