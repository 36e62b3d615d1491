/* SPDX-License-Identifier: ISC */
/* What a check finds, with its file and line and the nearest name. */
#include "page_fixture.h"

#define FINDS(text, expected) \
	assert_string_equal(findings(*state, text), expected)

/* What is kept from the log: by every page below the folder. */
static void
private_parameters_are_said_on_each_page(void **state)
{
	struct fixture *f = *state;

	FINDS("% private\n",
	    "pages/p.gmi:1: % private names parameters of the address\n");
	FINDS("% private words\n",
	    "pages/p.gmi:1: the address has no parameter `words`\n");
	fixture_write(f, "pages/p.gmi", "# P\n");
	fixture_write(
	    f, "pages/a/[kind]/[words]/index.gmi", "% private kind wrods\n");
	assert_string_equal(findings(f, NULL),
	    "pages/a/[kind]/[words]/index.gmi:1: the address has no parameter "
	    "`wrods`; did you mean `words`?\n");
	fixture_write(
	    f, "pages/a/[kind]/[words]/index.gmi", "% private words\n");
	fixture_write(
	    f, "pages/a/[kind]/[words]/b/[words2].gmi", "% private words2\n");
	assert_string_equal(findings(f, NULL),
	    "pages/a/[kind]/[words]/b/[words2].gmi:0: [words] is private in "
	    "pages/a/[kind]/[words]/index.gmi: say `% private`\n");
	fixture_write(f, "pages/a/[kind]/[words]/b/[words2].gmi",
	    "% private words words2\n");
	fixture_good(f);
}

/* A column that a partial does not give would silently be the upload's. */
static void
a_name_of_an_upload_wants_an_upload(void **state)
{
	struct fixture *f = *state;

	FINDS("# x\n{body}\n% one SELECT :body AS a, :mime AS b\n{a}{b}\n",
	    "pages/p.gmi:2: `:body` is of an upload; this page takes none\n"
	    "pages/p.gmi:3: `:mime` is of an upload; this page takes none\n");
	FINDS("% each SELECT :token AS a\nx\n* {a}\n% end\n",
	    "pages/p.gmi:1: `:token` is of an upload; this page takes none\n");
	FINDS("x\n% if 1\ny\n% elif :mime IS NULL\nz\n% end\n",
	    "pages/p.gmi:4: `:mime` is of an upload; this page takes none\n");
	page(f, "% one SELECT 1 AS body, 2 AS mime\n{body}{mime}\n");
	page(f,
	    "% cert Choose one\n% upload 9 text/plain\n"
	    "{body}{mime}{token}\n");
	fixture_write(f, "pages/_b.gmi",
	    "% gives :title\n% one SELECT 'a' AS title, 'b' AS body\n");
	FINDS("% include _b.gmi\n{title}\n{body}\n",
	    "pages/p.gmi:3: `:body` is of an upload; this page takes none\n");
	fixture_write(f, "pages/_b.gmi", "% needs :mime\n\n{mime}\n{body}\n");
	FINDS("# x\n% include _b.gmi\n",
	    "pages/_b.gmi:4: `:body` is of an upload; this page takes none\n"
	    "pages/p.gmi:2: `:mime` is of an upload; this page takes none\n");
}

static void
each_wrong_directive_is_found(void **state)
{
	FINDS("# x\n% eech SELECT 1\n",
	    "pages/p.gmi:2: no directive `eech`; did you mean `each`?\n");
	FINDS(
	    "% wibblewobble\n", "pages/p.gmi:1: no directive `wibblewobble`\n");
	FINDS("%x\n",
	    "pages/p.gmi:1: neither a directive (`% word`) nor its "
	    "continuation; a text line that begins with % is written %%\n");
	FINDS("%   more\n",
	    "pages/p.gmi:1: neither a directive (`% word`) nor its "
	    "continuation; a text line that begins with % is written %%\n");
	FINDS("\n% if 1\nx\n", "pages/p.gmi:2: % if without its % end\n");
	FINDS("% each SELECT 1 AS a\n% else\n% end\n",
	    "pages/p.gmi:2: % else belongs to % if, once\n"
	    "pages/p.gmi:1: % each without its % end\n"
	    "pages/p.gmi:3: no block is open here\n");
	FINDS("% end\n", "pages/p.gmi:1: no block is open here\n");
	FINDS("```x\nnever closed\n",
	    "pages/p.gmi:1: this preformatted group is not closed in the "
	    "block that opens it\n");
	FINDS("% fail mising x\n",
	    "pages/p.gmi:1: no failure `mising`; did you mean `missing`?\n");
	FINDS("% fail x y\n",
	    "pages/p.gmi:1: % fail KIND TEXT: KIND is missing, gone, bad, "
	    "forbidden, busy, broken or ask, not `x`\n");
	FINDS("% if :now\n% fail ask Which?\n% end\n% ask What?\n",
	    "pages/p.gmi:2: % fail ask stands behind an % ask\n");
	FINDS("% ask What?\n% fail ask\n",
	    "pages/p.gmi:2: say to the reader why\n");
	FINDS("% include _no.gmi\n",
	    "pages/p.gmi:1: no _no.gmi in this folder or above\n");
	FINDS("% include x.gmi\n",
	    "pages/p.gmi:1: % include takes the name of a partial: "
	    "_file.gmi\n");
	FINDS("% upload x\n",
	    "pages/p.gmi:1: % upload MAX-BYTES TYPE...; for example `% upload "
	    "65536 text/gemini text/plain`\n");
	FINDS("=>\n", "pages/p.gmi:1: a link without an address\n");
}

/* Words of other languages, and blocks that belong to another word. */
static void
words_of_other_languages_get_a_hint(void **state)
{
	FINDS("% each SELECT 1 AS a\nx\n% endeach\n% end\n",
	    "pages/p.gmi:3: no directive `endeach`; % end ends a block\n");
	FINDS("% set x = 1\n",
	    "pages/p.gmi:1: no directive `set`; % one SELECT ... AS name "
	    "gives a name\n");
	FINDS("% for x in y\n",
	    "pages/p.gmi:1: no directive `for`; % each SELECT ... repeats "
	    "its lines\n");
	FINDS("% if 1\nx\n% elseif 2\ny\n% end\n",
	    "pages/p.gmi:3: no directive `elseif`; % elif asks once "
	    "more\n");
	FINDS("% one SELECT 1 AS a\n{a}\n% none\nx\n",
	    "pages/p.gmi:3: no block is open here; % none belongs to % each, "
	    "once, or is next to % one\n");
	FINDS("x\n% else\ny\n",
	    "pages/p.gmi:2: no block is open here; % else belongs to % if, "
	    "once\n");
	FINDS("% if 1\nx\n% else\ny\n% elif 2\nz\n% end\n",
	    "pages/p.gmi:5: % elif belongs to % if, before % else\n"
	    "pages/p.gmi:1: % if without its % end\n"
	    "pages/p.gmi:7: no block is open here\n");
	FINDS("% if 1\nx\n% elif 2\ny\n",
	    "pages/p.gmi:3: % elif without its % end\n");
	FINDS("% if 1\nx\n% else if 2\ny\n% end of it\n",
	    "pages/p.gmi:3: % else takes no argument; % elif asks once more\n"
	    "pages/p.gmi:5: % end takes no argument\n");
	FINDS("% if 1\nx\n% elif titel = 2\ny\n% end\n",
	    "pages/p.gmi:3: SQL: no such column: titel\n");
	FINDS("% one SELECT 1 AS a\n% none\n{a}\n",
	    "pages/p.gmi:3: nothing provides `{a}`\n"
	    "pages/p.gmi:2: % none without its % end\n");
	FINDS("% one SELECT count(*) FROM book /* scan */\n{count(*)}\n",
	    "pages/p.gmi:2: `{count(*)}` is not a hole; a brace is written {{ "
	    "or "
	    "}}, what SQL works out gets its name by AS\n");
	FINDS("#### x\n",
	    "pages/p.gmi:1: there are three levels of headings: `###`\n");
	FINDS("- a\n- b\n- c\n",
	    "pages/p.gmi:1: an item of a list begins with `* `\n"
	    "pages/p.gmi:2: an item of a list begins with `* `\n");
	FINDS(
	    "*a\n*b\n", "pages/p.gmi:1: an item of a list begins with `* `\n");
	/* A dash, a note, bold letters: nobody can tell. */
	page(*state, "- a\n\n*a\n**b**\n*c* d\n*e* f\n-1\n-2\n");
}

/* What no request ever meets. */
static void
lines_that_are_never_reached_are_found(void **state)
{
	static const char below[] =
	    ": these lines are never reached: what stands above leads away "
	    "or fails in every case\n";
	static const struct {
		const char *text;
		unsigned line; /* 0: nothing is found */
	} cases[] = {{"% go /\nx\n", 2}, {"% fail bad x\n\n# y\n", 3},
	    {"% moved /\n\n\n", 0}, {"% go /\n%# a note\n", 0},
	    {"% if :now\n% go /\n% end\nx\n", 0},
	    {"% if :now\n% go /\nx\n% end\ny\n", 3},
	    {"% if :now\n% go /\n% else\n% fail bad x\n% end\ny\n", 6},
	    {"% each SELECT 1 AS a\n% go /\n% end\nx\n", 0},
	    {"% each SELECT 1 AS a\n% go /\n% none\n% go /\n% end\nx\n", 6},
	    {"% go /\n% one SELECT 1 AS a\n", 2},
	    {"```x\n% fail bad x\ny\n```\n", 3}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char expected[200];

		if (cases[i].line == 0) {
			page(*state, cases[i].text);
			continue;
		}
		snprintf(expected, sizeof(expected), "pages/p.gmi:%u%s",
		    cases[i].line, below);
		FINDS(cases[i].text, expected);
	}
	FINDS("% if :now\n% else\n% end\nx\n",
	    "pages/p.gmi:1: this % if has no lines\n");
}

static void
a_second_prompt_on_one_way_is_found(void **state)
{
	static const char told[] =
	    "the page has asked already: a page asks once, and this prompt "
	    "is never shown\n";
	char expected[200];

	snprintf(expected, sizeof(expected), "pages/p.gmi:2: %s", told);
	FINDS("% ask A?\n% ask B?\n{input}\n", expected);
	snprintf(expected, sizeof(expected), "pages/p.gmi:3: %s", told);
	FINDS("% ask A?\n% if length(:input) < 3\n% ask Longer?\n% end\nx\n",
	    expected);
	snprintf(expected, sizeof(expected), "pages/p.gmi:4: %s", told);
	FINDS("% if :now\n% ask A?\n% end\n% ask B?\nx\n", expected);
	FINDS("% if :now\n% ask A?\n% end\n% ask-secret B?\nx\n", expected);
	/* Ways apart. */
	page(*state, "% if :now\n% ask A?\n% else\n% ask B?\n% end\nx\n");
	page(*state, "% if :now\n% ask A?\n% go /\n% end\n% ask B?\nx\n");
}

/* A partial that nobody includes is looked at all the same. */
static void
a_partial_that_no_page_includes_is_checked(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_used.gmi", "used\n% include _inner.gmi\n");
	fixture_write(f, "pages/_inner.gmi", "inner\n");
	fixture_write(f, "pages/_README.md", "# {not a page}\n");
	fixture_write(f, "pages/_old.gmi~", "% wrong\n");
	page(f, "% include _used.gmi\n");
	fixture_write(f, "pages/a/_row.gmi",
	    "% one SELECT titel FROM book WHERE id = :id\n{title} {whatever}\n"
	    "% do UPDATE book SET note = :x WHERE id = :id\n% include "
	    "_no.gmi\n");
	fixture_write(f, "pages/_entry.xml", "<a>{x}</a>\n");
	assert_string_equal(findings(f, NULL),
	    "pages/_entry.xml:0: no page includes it\n"
	    "pages/a/_row.gmi:0: no page includes it\n"
	    "pages/a/_row.gmi:1: SQL: no such column: titel\n"
	    "pages/a/_row.gmi:4: no _no.gmi in this folder or above\n");
}

static void
each_wrong_language_is_found(void **state)
{
	FINDS("% lang\n",
	    "pages/p.gmi:1: % lang takes a language tag, for example `% lang "
	    "zh-Hans`\n");
	FINDS("% lang de_DE\n",
	    "pages/p.gmi:1: % lang takes a language tag, for example `% lang "
	    "zh-Hans`\n");
	FINDS("% lang {tag}\n", "pages/p.gmi:1: nothing provides `{tag}`\n");
	FINDS("% type text/gemini; lang=de\n% lang en\n",
	    "pages/p.gmi:2: the type says the language already\n");
	FINDS("% lang en\n% type text/gemini; lang=de\n",
	    "pages/p.gmi:2: % lang says the language already\n");
	FINDS("% language en\n",
	    "pages/p.gmi:1: no directive `language`; % lang says the language "
	    "of a page\n");
}

static void
wrong_types_and_columns_are_found(void **state)
{
	static const char *const no_types[] = {"/plain", "text/plain, text/csv",
	    "text/plain;", "text/plain;;", "text/plain; charset",
	    "text/plain; charset=", "text/plain; =utf-8", "text/a/b",
	    "text/ plain", "text /plain", "text/plain charset=utf-8",
	    "text/plain; charset=utf-8; charset=gbk", "text/pl\x7f",
	    "text/plain; x=\"y", "text/plain; x=\"y\"z", "text/plain; x=标"};
	struct fixture *f = *state;
	char text[400];

	FINDS("% one SELECT 'en' AS tag\n% type text/gemini; lang={tag}\n",
	    "pages/p.gmi:2: % type has no holes: a page has one type\n");
	FINDS("% type text\n",
	    "pages/p.gmi:1: % type takes a MIME type, for example `% type "
	    "text/plain`\n");
	FINDS("% type text/\n",
	    "pages/p.gmi:1: % type takes a MIME type, for example `% type "
	    "text/plain`\n");
	FINDS("% type 文/本\n",
	    "pages/p.gmi:1: % type takes a MIME type, for example `% type "
	    "text/plain`\n");
	for (size_t i = 0; i < sizeof(no_types) / sizeof(*no_types); i++) {
		snprintf(text, sizeof(text), "%% type %s\nx\n", no_types[i]);
		fixture_write(f, "pages/p.gmi", text);
		if (strstr(findings(f, NULL), "% type takes a MIME type") ==
		    NULL)
			fail_msg("taken: %s", no_types[i]);
	}
	FINDS("% type text/plain; charset=gbk\nx\n",
	    "pages/p.gmi:1: what a page says is UTF-8, and so must its type\n");
	FINDS("% type text/plain; x=y; CHARSET=\"GB18030\"\nx\n",
	    "pages/p.gmi:1: what a page says is UTF-8, and so must its type\n");
	FINDS("% type text/plain\n% type text/csv\nx\n",
	    "pages/p.gmi:2: the page has a % type already\n");
	snprintf(text, sizeof(text), "%% type text/%0300d\n", 0);
	assert_non_null(strstr(findings(f, text), "takes a MIME type"));
	page(f, "% type text/gemini; charset=utf-8; lang=\"zh,en\"\nx\n");
	page(f, "% type TEXT/vnd.a+b-c_d; Charset=UTF-8 ;x=\"a \\\" b\"\nx\n");
	page(f, "% type application/atom+xml;charset=\"utf-8\"\nx\n");
	FINDS("% one SELECT 1 AS a, 2 AS b, 3 AS a\n{a}\n",
	    "pages/p.gmi:1: two columns are named `a`\n");
	FINDS("% each SELECT 1 AS a, 2 AS a, 3 AS a\n{a}\n% end\n",
	    "pages/p.gmi:1: two columns are named `a`\n");
	/* Nobody reads the names of a condition. */
	page(*state, "% if EXISTS (SELECT 1 AS a, 2 AS a)\nx\n% end\n");
}

static void
blocks_have_a_depth(void **state)
{
	enum { DEEP = 30000 };
	char *text = calloc(DEEP, 8);
	const char *told;

	assert_non_null(text);
	for (size_t i = 0; i < DEEP; i++)
		memcpy(text + i * 7, "% if 1\n", 7);
	told = findings(*state, text);
	assert_memory_equal(told, "pages/p.gmi:33: blocks more than 32 deep\n",
	    sizeof("pages/p.gmi:33: blocks more than 32 deep\n") - 1);
	free(text);
}

static void
each_mistake_in_sql_is_found(void **state)
{
	FINDS("% one SELEC 1\n",
	    "pages/p.gmi:1: SQL: near \"SELEC\": syntax error\n");
	FINDS("# x\n\n% one SELECT titel FROM book WHERE id = 1\n",
	    "pages/p.gmi:3: SQL: no such column: titel\n");
	FINDS("% one SELECT 1; SELECT 2\n",
	    "pages/p.gmi:1: more than one statement\n");
	FINDS("% one\n", "pages/p.gmi:1: the directive has no SQL\n");
	FINDS("% one SELECT ?1 AS a\n",
	    "pages/p.gmi:1: a value is written :name in SQL\n");
	FINDS("% one SELECT :inptu AS a\n",
	    "pages/p.gmi:1: nothing provides `:inptu`; did you mean "
	    "`:input`?\n");
	FINDS("% one DELETE FROM book WHERE id = 1\n",
	    "pages/p.gmi:1: a statement that writes; only % do may\n");
	FINDS("% do DELETE FROM book WHERE id = 1\n",
	    "pages/p.gmi:1: a page that writes is named [seal].gmi\n");
}

static void
each_wrong_hole_is_found(void **state)
{
	FINDS("{titel}\n% one SELECT 1 AS title\n",
	    "pages/p.gmi:1: nothing provides `{titel}`\n");
	FINDS("% one SELECT 1 AS title\n{titel}\n",
	    "pages/p.gmi:2: nothing provides `{titel}`; did you mean "
	    "`{title}`?\n");
	FINDS("{host|gemtxt}\n",
	    "pages/p.gmi:1: no filter `gemtxt`; did you mean `gemtext`?\n");
	FINDS("a { b\n",
	    "pages/p.gmi:1: a brace without its partner; a literal one is "
	    "written {{ or }}\n");
	FINDS("{a b}\n",
	    "pages/p.gmi:1: `{a b}` is not a hole; a brace is written {{ or "
	    "}}\n");
	FINDS("x {host|gemtext}\n",
	    "pages/p.gmi:1: this filter wants a line of its own, in a "
	    "gemtext page\n");
	FINDS("# {host|text}\n",
	    "pages/p.gmi:1: this filter wants a line of its own, in a "
	    "gemtext page\n");
	FINDS("{seal}\n",
	    "pages/p.gmi:1: {seal} stands only at the end of the address of "
	    "a link\n");
	FINDS("=> /{host|url} x\n",
	    "pages/p.gmi:1: `|url` must be the whole address\n");
}

static void
each_link_to_nowhere_is_found(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/n/[section]/index.gmi", "# {section}\n");
	fixture_write(f, "pages/w/index.gmi", "# W\n=> {seal} Do it\n");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% do DELETE FROM book WHERE id = 1\n% go ../w/\n");
	FINDS("# x\n=> /nowhere x\n",
	    "pages/p.gmi:2: no page or file answers `/nowhere`\n");
	FINDS("=> nowhere/{host}/x x\n",
	    "pages/p.gmi:1: no page or file answers `nowhere/{}/x`\n");
	FINDS("=> /n/{host} x\n",
	    "pages/p.gmi:1: `/n/{}` is a folder: its address ends in /\n");
	FINDS("=> /w/x x\n",
	    "pages/p.gmi:1: leads to a page that writes; its address must "
	    "end in {seal}\n");
	FINDS("=> /n/{seal} x\n",
	    "pages/p.gmi:1: `/n/{}` is a folder: its address ends in /\n"
	    "pages/p.gmi:1: {seal} at the end of an address that takes no "
	    "seal\n");
	FINDS("% go /nowhere/\n",
	    "pages/p.gmi:1: no page or file answers `/nowhere/`\n");
	/* A hole may be any value: the page that takes any answers. */
	fixture_write(f, "pages/n/fixed/index.gmi", "# fixed\n");
	fixture_write(f, "pages/n/[section]/[id].gmi", "# {id}\n");
	fixture_write(f, "static/x.bin", "x");
	fixture_write(f, "pages/p.gmi",
	    "=> /n/{host}/{now} k\n=> /n/x/{now}.txt l\n"
	    "=> / a\n=> /n/{host}/ b\n=> /x.bin c\n=> p.txt d\n=> .txt e\n"
	    "=> gemini://example.org/none f\n=> mailto:x@example.org g\n"
	    "=> /w/{seal} h\n=> /w/ i\n=> ?again j\n");
	fixture_good(f);
}

/* An address of our own with its scheme and host is a path of ours. */
static void
absolute_links_to_us_are_checked(void **state)
{
	FINDS("=> gemini://portal.example/none a\n"
	      "=> gemini://PORTAL.example:1965/no/{now} b\n"
	      "=> gemini://{host}/none?x c\n"
	      "=> gemini://portal.example/ d\n"
	      "=> gemini://portal.example e\n"
	      "=> gemini://portal.example:1966/none f\n"
	      "=> gemini://example.org/none g\n"
	      "=> https://portal.example/none h\n"
	      "=> gemini://{now}/none i\n",
	    "pages/p.gmi:1: no page or file answers "
	    "`gemini://portal.example/none`\n"
	    "pages/p.gmi:2: no page or file answers "
	    "`gemini://PORTAL.example:1965/no/{}`\n"
	    "pages/p.gmi:3: no page or file answers "
	    "`gemini://portal.example/none?x`\n");
}

/* The other pages of a capsule with mistakes are served. */
static void
sound_pages_are_served_beside_mistakes(void **state)
{
	struct fixture *f = *state;
	struct site_options options = {.capsule = f->capsule,
	    .state_dir = f->state,
	    .language = STR("en"),
	    .host = STR("portal.example"),
	    .services = TEST_SERVICES,
	    .explain = true};

	FINDS("{nothing}\n", "pages/p.gmi:1: nothing provides `{nothing}`\n");
	findings_free(f->findings);
	assert_int_equal(site_open(&options, &f->site, &f->findings), OK);
	assert_string_equal(gemini(f, "/"), "# Home\n");
	assert_string_equal(gemini(f, "/p"),
	    "# pages/p.gmi\n"
	    "* pages/p.gmi:1: nothing provides `{nothing}`\n");
	assert_non_null(site_findings(f->site));
	assert_null(site_findings(f->site)->next);
}

/* A script that is edited after it was run does not run again, which is told
 * where it matters; and nothing is refused for it. */
static void
a_script_that_has_changed_is_told(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "schema/002_more.sql", "CREATE TABLE more (a);\n");
	fixture_good(f);
	assert_null(f->findings);
	fixture_write(f, "schema/002_more.sql", "CREATE TABLE more (a, b);\n");
	fixture_good(f);
	assert_non_null(f->findings);
	assert_null(f->findings->next);
	assert_int_equal(f->findings->kind, FINDING_SCRIPT);
	assert_string_equal(f->findings->file, "schema/002_more.sql");
	assert_memory_equal(
	    f->findings->message, "has changed since this database ran it", 38);
	assert_string_equal(gemini(f, "/"), "# Home\n");
	fixture_write(f, "schema/002_more.sql", "CREATE TABLE more (a);\n");
	fixture_good(f);
	assert_null(f->findings);
}

static void
each_file_that_cannot_be_a_page_is_found(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/[a].gmi", "a\n");
	fixture_write(f, "pages/[b].gmi", "b\n");
	fixture_write(f, "pages/x.html", "b\n");
	fixture_write(f, "pages/robots.txt", "b\n");
	fixture_write(f, "static/robots.txt", "b\n");
	fixture_write(f, "pages/u/[seal].gmi", "# reads only\n");
	FINDS(NULL,
	    "pages/[b].gmi:0: answers the same address as pages/[a].gmi\n"
	    "pages/u/[seal].gmi:0: a [seal] page that writes nothing needs "
	    "no seal\n"
	    "pages/x.html:0: a page ends in .gmi, .txt, .xml, .csv, .json, "
	    ".ics or .vcf; one with another ending says its type: % type, or "
	    "gives a file: % file\n"
	    "pages/robots.txt:0: answers the same address as "
	    "static/robots.txt\n");
}

static void
a_broken_partial_breaks_each_page(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/_x.gmi", "fine\n{nothing}\n");
	fixture_write(f, "pages/q.gmi", "% include _x.gmi\n");
	FINDS("% include _x.gmi\n",
	    "pages/_x.gmi:2: nothing provides `{nothing}`\n");
}

#define NEEDY(text) fixture_write(*state, "pages/_x.gmi", text)

/* No name passes a partial's edge unless the partial says so. */
static void
a_partial_says_what_it_needs_and_gives(void **state)
{
	const char *include = "% one SELECT 1 AS one, 2 AS two\n"
			      "% include _x.gmi\n";

	NEEDY("{one} {host}\n");
	FINDS(include,
	    "pages/_x.gmi:1: nothing provides `{one}` here: say `% needs :one` "
	    "at the top\n");
	NEEDY("% needs :one\n{one} {too}\n");
	FINDS(include, "pages/_x.gmi:2: nothing provides `{too}`\n");
	NEEDY("% needs :one :three\n{one} {three}\n");
	FINDS(include,
	    "pages/p.gmi:2: pages/_x.gmi needs `:three`, which nothing "
	    "provides\n");
	NEEDY("% needs :one\n%   :tow\n{one} {tow}\n");
	FINDS(include,
	    "pages/p.gmi:2: pages/_x.gmi needs `:tow`, which nothing "
	    "provides; did you mean `:two`?\n");
	NEEDY("% needs :one :two\n{two}\n");
	FINDS(include, "pages/_x.gmi:1: needs `:one`, but does not use it\n");
	/* A built-in name that a column hides is meant as that column. */
	NEEDY("{body}\n");
	FINDS("% one SELECT 1 AS body\n% include _x.gmi\n",
	    "pages/_x.gmi:1: nothing provides `{body}` here: say `% needs "
	    ":body` at the top\n");
	page(*state, "% cert C\n% upload 9 text/plain\n% include _x.gmi\n");
	NEEDY("% needs one\nx\n");
	FINDS(include, "pages/_x.gmi:1: a name is written `:one`\n");
	NEEDY("words\n% needs :one\n{one}\n");
	FINDS(include,
	    "pages/_x.gmi:2: % needs stands at the top of a partial only\n"
	    "pages/_x.gmi:3: nothing provides `{one}` here: say `% needs :one` "
	    "at the top\n");
	NEEDY("x\n");
	FINDS("% gives :now\n% include _x.gmi\n",
	    "pages/p.gmi:1: % gives stands at the top of a partial only\n");
}

static void
a_partial_gives_what_it_sets(void **state)
{
	/* A name of a block that has ended, and one from outside. */
	NEEDY("% gives :b :now :c\n% one SELECT 3 AS c\n"
	      "% each SELECT 1 AS b\n{b}\n% end\n");
	FINDS("% include _x.gmi\n{c}\n",
	    "pages/_x.gmi:1: gives `:b`, which nothing sets before its end\n"
	    "pages/_x.gmi:1: gives `:now`, which nothing sets before its "
	    "end\n");
	NEEDY("% one SELECT 3 AS c\n{c}\n");
	FINDS("% include _x.gmi\n{c}\n",
	    "pages/p.gmi:2: nothing provides `{c}`\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_name_of_an_upload_wants_an_upload),
	    PAGE_TEST(each_wrong_directive_is_found),
	    PAGE_TEST(private_parameters_are_said_on_each_page),
	    PAGE_TEST(words_of_other_languages_get_a_hint),
	    PAGE_TEST(lines_that_are_never_reached_are_found),
	    PAGE_TEST(a_second_prompt_on_one_way_is_found),
	    PAGE_TEST(each_wrong_language_is_found),
	    PAGE_TEST(wrong_types_and_columns_are_found),
	    PAGE_TEST(a_partial_that_no_page_includes_is_checked),
	    PAGE_TEST(blocks_have_a_depth),
	    PAGE_TEST(each_mistake_in_sql_is_found),
	    PAGE_TEST(each_wrong_hole_is_found),
	    PAGE_TEST(each_link_to_nowhere_is_found),
	    PAGE_TEST(absolute_links_to_us_are_checked),
	    PAGE_TEST(sound_pages_are_served_beside_mistakes),
	    PAGE_TEST(a_script_that_has_changed_is_told),
	    PAGE_TEST(each_file_that_cannot_be_a_page_is_found),
	    PAGE_TEST(a_partial_says_what_it_needs_and_gives),
	    PAGE_TEST(a_partial_gives_what_it_sets),
	    PAGE_TEST(a_broken_partial_breaks_each_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
