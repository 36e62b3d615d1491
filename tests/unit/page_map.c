/* SPDX-License-Identifier: ISC */
/* Which file answers which address: pages, folders, twins, static files. */
#include "page_fixture.h"

static void
addresses(void **state)
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
	assert_string_equal(gemini(f, "/a/"), "(missing) ");
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
	assert_string_equal(gemini(f, "/n/x/7/"), "(missing) ");
	/* A slash inside a segment: a parameter may take it. */
	assert_string_equal(gemini(f, "/n/x/GB%2FT"), "x GB/T\n");
	assert_string_equal(gemini(f, "/a%2Fb"), "(bad) ");
	assert_string_equal(gemini(f, "/.well-known/x.txt"),
	    "(text/plain; charset=utf-8)\nknown\n");
}

static void
static_files(void **state)
{
	struct fixture *f = *state;
	char path[200];

	fixture_write(f, "static/note.txt", "words\n");
	fixture_write(f, "static/.secret", "no\n");
	fixture_write(f, "static/.git/config", "no\n");
	fixture_write(f, "static/d/index.gmi", "# D\n");
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
	assert_string_equal(gemini(f, "/note.txt/"), "(missing) ");
	assert_string_equal(gemini(f, "/d%2Fprose"), "(bad) ");
	assert_string_equal(gemini(f, "/d%5Cprose"), "(bad) ");
}

static void
gopher_items(void **state)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(addresses),
	    PAGE_TEST(static_files),
	    PAGE_TEST(gopher_items),
	    PAGE_TEST(gopher_follows_to_menus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
