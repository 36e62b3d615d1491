/* SPDX-License-Identifier: ISC */
/* Blocks keep texts clean; stored texts become the blocks they should. */
#include "text_fixture.h"

/* One line a block: type, level or url, text. */
static void
dump(struct text_fixture *f)
{
	static const char *const names[] = {
	    "text", "heading", "link", "item", "quote", "pre"};

	buf_clear(&f->out);
	for (struct block *b = f->blocks.first; b != NULL; b = b->next) {
		buf_text(&f->out, names[b->type]);
		if (b->type == BLOCK_HEADING)
			buf_printf(&f->out, " %d", b->level);
		if (b->type == BLOCK_LINK)
			buf_printf(&f->out, " %.*s", STR_ARG(b->url));
		buf_printf(&f->out, " [%.*s]", STR_ARG(b->text));
		if (b->type == BLOCK_PRE)
			buf_printf(&f->out, " {%.*s}", STR_ARG(b->body));
		buf_char(&f->out, '\n');
	}
	assert_int_equal(f->blocks.err, OK);
}

static void
assert_gemtext(
    struct text_fixture *f, const char *text, int below, const char *expected)
{
	text_again(f);
	read_gemtext(&f->blocks, str_from(text), below);
	dump(f);
	assert_text(buf_view(&f->out), expected);
}

static void
each_line_has_its_type(void **state)
{
	struct text_fixture *f = *state;

	assert_gemtext(f, "", 0, "");
	assert_gemtext(f, "a\n\nb", 0, "text [a]\ntext []\ntext [b]\n");
	assert_gemtext(f, "# a\n##b\n### c\n####d", 0,
	    "heading 1 [a]\nheading 2 [b]\nheading 3 [c]\nheading 3 [#d]\n");
	assert_gemtext(f, "#a\n### b\n##  c", 1,
	    "heading 2 [a]\nheading 3 [b]\nheading 2 [c]\n");
	assert_gemtext(f, "# a\n## b", 2, "heading 3 [a]\nheading 3 [b]\n");
	assert_gemtext(f, "# a", 3, "heading 3 [a]\n");
	assert_gemtext(f, "* a\n*b\n*\n*\tc\n** d", 0,
	    "item [a]\ntext [*b]\ntext [*]\ntext [* c]\ntext [** d]\n");
	assert_gemtext(f, "> a\n>b\n>\n>  c\n>> d", 0,
	    "quote [a]\nquote [b]\nquote []\nquote [ c]\nquote [> d]\n");
	/* The type is in the first characters, not behind blanks. */
	assert_gemtext(f, " # a\n\t* b\n => /c\n ```", 0,
	    "text [ # a]\ntext [ * b]\ntext [ => /c]\ntext [ ```]\n");
	assert_gemtext(f, "``\n`` `", 0, "text [``]\ntext [`` `]\n");
}

static void
only_addresses_that_may_lead_are_links(void **state)
{
	struct text_fixture *f = *state;

	assert_gemtext(f, "=> /a b c", 0, "link /a [b c]\n");
	assert_gemtext(f, "=>/a", 0, "link /a []\n");
	assert_gemtext(f, "=>\t /a\t  b\tc  ", 0, "link /a [b c]\n");
	assert_gemtext(f, "=> ../x?y%20z#f l", 0, "link ../x?y%20z#f [l]\n");
	assert_gemtext(f, "=> HTTPS://example.org/ w", 0,
	    "link HTTPS://example.org/ [w]\n");
	assert_gemtext(
	    f, "=> //example.org/ w", 0, "link //example.org/ [w]\n");
	assert_gemtext(
	    f, "=> mailto:a@example.org", 0, "link mailto:a@example.org []\n");
	/* Nothing to go to. */
	assert_gemtext(f, "=>", 0, "text [=>]\n");
	assert_gemtext(f, "=>  \t", 0, "text [=>]\n");
	/* Where a stored text may not lead. */
	assert_gemtext(f, "=> javascript:alert(1) x", 0,
	    "text [x <javascript:alert(1)>]\n");
	assert_gemtext(
	    f, "=> data:text/html,x", 0, "text [data:text/html,x]\n");
	assert_gemtext(f, "=> https:// x", 0, "text [x <https://>]\n");
	/* What browsers mend is mended. */
	assert_gemtext(f, "=> /a\"b x", 0, "link /a%22b [x]\n");
	assert_gemtext(f, "=> /%zz", 0, "link /%25zz []\n");
	/* Raw UTF-8 goes out as RFC 3986 wants it, bad bytes as well. */
	assert_gemtext(f, "=> /标?é x", 0, "link /%E6%A0%87?%C3%A9 [x]\n");
	assert_gemtext(f, "=> /\xff\xc2 x", 0, "link /%FF%C2 [x]\n");
}

static void
a_fence_begins_and_ends_a_group(void **state)
{
	struct text_fixture *f = *state;

	assert_gemtext(f, "```\n# a\n=> /b\n\n```\nc", 0,
	    "pre [] {# a\n=> /b\n\n}\ntext [c]\n");
	assert_gemtext(f, "```  what it is \na\n```ignored\nb", 0,
	    "pre [what it is] {a\n}\ntext [b]\n");
	assert_gemtext(f, "```\n```", 0, "pre [] {}\n");
	/* Still open at the end. */
	assert_gemtext(f, "a\n```x\nb\n", 0, "text [a]\npre [x] {b\n}\n");
	assert_gemtext(f, "```", 0, "pre [] {}\n");
	/* A fence is at the beginning of a line, and may be longer. */
	assert_gemtext(
	    f, "```\n ```\n````\nb", 0, "pre [] { ```\n}\ntext [b]\n");
	assert_gemtext(f, "```\r\n a\r b\n```\r\n", 0, "pre [] { a\n b\n}\n");
	assert_gemtext(f, "```\n\tx\nab\ty\n标准标准\tz\n```", 0,
	    "pre [] {        x\nab      y\n标准标准        z\n}\n");
}

/* Line ends of every kind end a line, before its type is looked at. */
static void
each_kind_of_line_end_ends_a_line(void **state)
{
	static const char *const ends[] = {
	    "\n", "\r\n", "\r", "\v", "\f", "\xC2\x85", "\u2028", "\u2029"};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char text[64];
		snprintf(text, sizeof(text), "a%s# b%s%s* c%s", ends[i],
		    ends[i], ends[i], ends[i]);
		assert_gemtext(
		    f, text, 0, "text [a]\nheading 1 [b]\ntext []\nitem [c]\n");
		text_again(f);
		read_plain(&f->blocks, str_from(text));
		dump(f);
		assert_text(buf_view(&f->out),
		    "text [a]\ntext [# b]\ntext []\ntext [* c]\n");
		text_again(f);
		read_quote(&f->blocks, str_from(text));
		dump(f);
		assert_text(buf_view(&f->out),
		    "quote [a]\nquote [# b]\nquote []\nquote [* c]\n");
		text_again(f);
		snprintf(text, sizeof(text), "a%sb", ends[i]);
		blocks_text(&f->blocks, str_from(text));
		dump(f);
		assert_text(buf_view(&f->out), "text [a b]\n");
	}
	/* Bytes that only look like the beginning of one. */
	assert_gemtext(f, "a\xC2", 0, "text [a\uFFFD]\n");
	assert_gemtext(f, "a\xE2\x80", 0, "text [a\uFFFD\uFFFD]\n");
	assert_gemtext(f, "a\x85z", 0, "text [a\uFFFDz]\n");
}

static void
texts_are_clean(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {{"a\tb", "a b"}, {"a\x1b[31mb", "a [31mb"},
	    {"a\x9b\x33m", "a\uFFFD\x33m"}, {"a\xC2\x9B\x31m", "a 1m"},
	    {"a\u202Eb", "ab"}, {"a\u200Bb", "ab"}, {"\uFEFFa", "a"},
	    {"a\xff", "a\uFFFD"}, {"a  ", "a"}, {"a\u3000\xC2\xA0", "a"},
	    {"a\xC0\xAF", "a\uFFFD\uFFFD"}, {"a\x7f", "a"}, {" \n ", ""},
	    {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"}};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str in = str_from(cases[i].in);
		text_again(f);
		blocks_text(&f->blocks, in);
		blocks_heading(&f->blocks, 2, in);
		blocks_item(&f->blocks, in);
		blocks_quote(&f->blocks, in);
		blocks_link(&f->blocks, STR("/"), in);
		blocks_pre(&f->blocks, in, STR(""));
		assert_int_equal(f->blocks.err, OK);
		for (struct block *b = f->blocks.first; b; b = b->next)
			assert_text(b->text, cases[i].out);
	}
	text_again(f);
	blocks_text(&f->blocks, (struct str){"a\0b", 3});
	assert_text(f->blocks.first->text, "a b");
	/* Copied: the source may go. */
	text_again(f);
	buf_text(&f->out, "source");
	blocks_text(&f->blocks, buf_view(&f->out));
	memset(f->out.data, 'x', f->out.len);
	assert_text(f->blocks.first->text, "source");
}

static void
a_link_has_a_clean_address(void **state)
{
	struct text_fixture *f = *state;

	blocks_link(&f->blocks, STR(""), STR("empty"));
	blocks_link(&f->blocks, STR("/a b"), STR("blank"));
	blocks_link(&f->blocks, STR("/a\n=> /logout"), STR("line"));
	blocks_link(&f->blocks, STR("/a`b"), STR("\t"));
	blocks_link(&f->blocks, STR("x:y"), STR(" l "));
	blocks_link(&f->blocks, STR("?"), STR("\u3000"));
	dump(f);
	assert_text(buf_view(&f->out),
	    "text [empty]\nlink /a%20b [blank]\n"
	    "text [line </a => /logout>]\nlink /a%60b []\n"
	    "link x:y [l]\nlink ? []\n");
}

static void
heading_levels_stay_from_1_to_3(void **state)
{
	struct text_fixture *f = *state;

	for (int level = -1; level < 6; level++)
		blocks_heading(&f->blocks, level, STR("x"));
	dump(f);
	assert_text(buf_view(&f->out),
	    "heading 1 [x]\nheading 1 [x]\nheading 1 [x]\nheading 2 [x]\n"
	    "heading 3 [x]\nheading 3 [x]\nheading 3 [x]\n");
}

static void
a_list_of_blocks_has_a_limit(void **state)
{
	struct text_fixture *f = *state;
	struct arena *small;

	blocks_init(&f->blocks, f->arena, 10);
	blocks_text(&f->blocks, STR("12345"));
	blocks_pre(&f->blocks, STR("1"), STR("2\n4"));
	assert_int_equal(f->blocks.err, OK);
	assert_int_equal(f->blocks.bytes, 10);
	blocks_text(&f->blocks, STR("12"));
	assert_int_equal(f->blocks.err, ERR_LIMIT);
	blocks_text(&f->blocks, STR("1"));
	blocks_text(&f->blocks, STR(""));
	assert_null(f->blocks.first->next->next);
	/* What grows while it is cleaned is counted as it comes out. */
	blocks_init(&f->blocks, f->arena, 10);
	blocks_text(&f->blocks, STR("\xff\xff\xff\xff"));
	assert_int_equal(f->blocks.err, ERR_LIMIT);
	blocks_init(&f->blocks, f->arena, 100);
	blocks_pre(&f->blocks, STR(""), STR("\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tx"));
	assert_int_equal(f->blocks.err, ERR_LIMIT);
	blocks_init(&f->blocks, f->arena, 10);
	blocks_link(&f->blocks, STR("/12345678901"), STR("x"));
	assert_int_equal(f->blocks.err, ERR_LIMIT);
	assert_null(f->blocks.first);

	small = arena_new(64);
	blocks_init(&f->blocks, small, 1000);
	read_plain(&f->blocks, STR("a\nb\nc\nd"));
	assert_int_equal(f->blocks.err, ERR_NOMEM);
	arena_free(small);
}

/* A megabyte without a single line end, or with nothing else. */
static void
large_text_of_anything_is_read(void **state)
{
	static const char *const units[] = {
	    "a", "\n", "\t", "`", "\xff", "\xE2\x80", "```\n", "=>", "> "};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct buf text;
		buf_init(&text, 1 << 20);
		while (text.len < 200 << 10)
			buf_text(&text, units[i]);
		text_again(f);
		read_gemtext(&f->blocks, buf_view(&text), 0);
		assert_int_equal(f->blocks.err, OK);
		for (struct block *b = f->blocks.first; b; b = b->next)
			assert_true(utf8_valid(b->text));
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEXT_TEST(each_line_has_its_type),
	    TEXT_TEST(only_addresses_that_may_lead_are_links),
	    TEXT_TEST(a_fence_begins_and_ends_a_group),
	    TEXT_TEST(each_kind_of_line_end_ends_a_line),
	    TEXT_TEST(texts_are_clean), TEXT_TEST(a_link_has_a_clean_address),
	    TEXT_TEST(heading_levels_stay_from_1_to_3),
	    TEXT_TEST(a_list_of_blocks_has_a_limit),
	    TEXT_TEST(large_text_of_anything_is_read)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
