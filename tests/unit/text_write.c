/* SPDX-License-Identifier: ISC */
/* The three writers, byte for byte. */
#include "text_fixture.h"

#include "text/wrap.h"

#define INFO "\t\terror.host\t1\r\n"

/* A page with every type of block and every type of target. */
static void
make_page(struct text_fixture *f)
{
	struct blocks *blocks = &f->blocks;
	const struct target menu = {.type = '1',
	    .selector = STR("/新闻/"),
	    .host = STR("portal.example"),
	    .port = 70,
	    .address = STR("gemini://portal.example/%E6%96%B0/")};

	blocks_link(blocks, STR("/"), STR("首页"));
	blocks_heading(blocks, 1, STR("标准信息"));
	blocks_text(blocks, STR("第一段。"));
	blocks_text(blocks, STR(""));
	blocks_heading(blocks, 2, STR("新闻"));
	blocks_link(blocks, STR("/%E6%96%B0/"), STR("国内新闻"));
	for (struct block *b = blocks->first; b != NULL; b = b->next)
		if (b->next == NULL)
			b->target = menu;
	blocks_link(blocks, STR("https://example.org/a"), STR("外站"));
	blocks_link(blocks, STR("https://example.org/b"), STR(""));
	blocks_item(blocks, STR("一项"));
	blocks_heading(blocks, 3, STR("引文"));
	blocks_quote(blocks, STR("说"));
	blocks_quote(blocks, STR(""));
	blocks_pre(blocks, STR("a table"), STR("a  1\n\n.b 2\n"));
	blocks_heading(blocks, 1, STR("又一"));
	blocks_text(blocks, STR("# no heading"));
	blocks_text(blocks, STR(".dot"));
}

static void
a_page_is_written_as_gemtext(void **state)
{
	struct text_fixture *f = *state;

	make_page(f);
	write_gemtext(&f->out, &f->blocks, NULL);
	assert_int_equal(f->out.err, OK);
	assert_text(buf_view(&f->out),
	    "=> / 首页\n"
	    "# 标准信息\n"
	    "第一段。\n"
	    "\n"
	    "## 新闻\n"
	    "=> /%E6%96%B0/ 国内新闻\n"
	    "=> https://example.org/a 外站\n"
	    "=> https://example.org/b https://example.org/b\n"
	    "* 一项\n"
	    "### 引文\n"
	    "> 说\n"
	    ">\n"
	    "```a table\n"
	    "a  1\n"
	    "\n"
	    ".b 2\n"
	    "```\n"
	    "# 又一\n"
	    "\u200B# no heading\n"
	    ".dot\n");
}

static void
a_page_is_written_as_a_menu(void **state)
{
	struct text_fixture *f = *state;

	make_page(f);
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.err, OK);
	assert_text(buf_view(&f->out),
	    "i标准信息\tTITLE\terror.host\t1\r\n"
	    "i首页" INFO "i第一段。" INFO "i" INFO "i-- 新闻 --" INFO
	    "1国内新闻\t/新闻/\tportal.example\t70\r\n"
	    "i外站 <https://example.org/a>" INFO "ihttps://example.org/b" INFO
	    "i* 一项" INFO "i" INFO "i- 引文 -" INFO "i> 说" INFO "i>" INFO
	    "ia table" INFO "ia  1" INFO "i" INFO "i.b 2" INFO "i" INFO
	    "i--- 又一 ---" INFO "i# no heading" INFO "i.dot" INFO ".\r\n");
}

static void
a_page_is_written_as_plain_text(void **state)
{
	const struct plain_style style = {
	    .columns = PLAIN_COLUMNS, .line_end = STR("\n")};
	struct text_fixture *f = *state;

	make_page(f);
	write_plain(&f->out, &f->blocks, &style);
	assert_int_equal(f->out.err, OK);
	assert_text(buf_view(&f->out),
	    "首页 [1]\n"
	    "\n"
	    "标准信息\n"
	    "========\n"
	    "第一段。\n"
	    "\n"
	    "-- 新闻 --\n"
	    "国内新闻 [2]\n"
	    "外站 [3]\n"
	    "https://example.org/b [4]\n"
	    "* 一项\n"
	    "\n"
	    "- 引文 -\n"
	    "> 说\n"
	    ">\n"
	    "a table\n"
	    "a  1\n"
	    "\n"
	    ".b 2\n"
	    "\n"
	    "又一\n"
	    "====\n"
	    "# no heading\n"
	    ".dot\n"
	    "\n"
	    "[1] /\n"
	    "[2] gemini://portal.example/%E6%96%B0/\n"
	    "[3] https://example.org/a\n"
	    "[4] https://example.org/b\n");
}

static void
a_gopher_document_guards_its_dots(void **state)
{
	const struct plain_style style = {
	    .columns = 12, .line_end = STR("\r\n"), .guard_dots = true};
	struct text_fixture *f = *state;

	blocks_text(&f->blocks, STR("."));
	blocks_text(&f->blocks,
	    STR(".."
		"12345678901234"));
	blocks_text(&f->blocks, STR("0123456789a.net"));
	blocks_pre(&f->blocks, STR(".alt"), STR(".\n.very long line stays"));
	blocks_link(&f->blocks, STR("x"), STR(".l"));
	write_plain(&f->out, &f->blocks, &style);
	assert_text(buf_view(&f->out),
	    " .\r\n"
	    " ..123456789\r\n"
	    "01234\r\n"
	    "0123456789a\r\n"
	    " .net\r\n"
	    " .alt\r\n"
	    " .\r\n"
	    " .very long line stays\r\n"
	    " .l [1]\r\n"
	    "\r\n"
	    "[1] x\r\n");
}

static void
plain_text_wraps_each_kind_of_line(void **state)
{
	struct plain_style style = {.columns = 12, .line_end = STR("\n")};
	struct text_fixture *f = *state;

	blocks_heading(&f->blocks, 1, STR("一二三四五六七"));
	blocks_text(&f->blocks, STR("one two three four"));
	blocks_item(&f->blocks, STR("one two three four"));
	blocks_quote(&f->blocks, STR("one two three four"));
	blocks_link(&f->blocks, STR("https://example.org/long"),
	    STR("one two three four"));
	blocks_heading(&f->blocks, 2, STR("one two three four"));
	write_plain(&f->out, &f->blocks, &style);
	assert_text(buf_view(&f->out),
	    "一二三四五六\n七\n============\n"
	    "one two\nthree four\n"
	    "* one two\n  three four\n"
	    "> one two\n> three four\n"
	    "one two\n  three four\n  [1]\n"
	    "\n-- one two\nthree four\n--\n"
	    "\n[1] https://example.org/long\n");
	buf_clear(&f->out);
	style.columns = 0;
	write_plain(&f->out, &f->blocks, &style);
	assert_text(buf_view(&f->out),
	    "一二三四五六七\n==============\n"
	    "one two three four\n* one two three four\n"
	    "> one two three four\none two three four [1]\n"
	    "\n-- one two three four --\n"
	    "\n[1] https://example.org/long\n");
}

/* The guards of the gemtext writer, and nothing guarded without need. */
static void
only_text_like_markup_is_guarded(void **state)
{
	static const char *const guarded[] = {"#", "# x", "#x", "###", "=>",
	    "=> /x", "=>/x", "=:/x", "> x", ">", "* x", "*", "```", "```x",
	    "````", "  # x", "\u3000=> /x", "\xC2\xA0* x", "\u2003```",
	    "*\u3000x", "*\xC2\xA0y", " *"};
	static const char *const free_texts[] = {"x # y", "=", "= >", "*x",
	    "**", "``", "`x`", "x", "-> x", "\uFF03 x", "1. x", "..", "% x"};
	struct text_fixture *f = *state;
	char line[128];

	for (size_t i = 0; i < sizeof(guarded) / sizeof(*guarded); i++) {
		text_again(f);
		blocks_text(&f->blocks, str_from(guarded[i]));
		write_gemtext(&f->out, &f->blocks, NULL);
		snprintf(line, sizeof(line), "\u200B%s\n", guarded[i]);
		assert_text(buf_view(&f->out), line);
	}
	for (size_t i = 0; i < sizeof(free_texts) / sizeof(*free_texts); i++) {
		text_again(f);
		blocks_text(&f->blocks, str_from(free_texts[i]));
		write_gemtext(&f->out, &f->blocks, NULL);
		snprintf(line, sizeof(line), "%s\n", free_texts[i]);
		assert_text(buf_view(&f->out), line);
	}
	text_again(f);
	blocks_pre(&f->blocks, STR("```x"),
	    STR("```\n  ```\n\u3000```x\n``\n# x\n=> /x"));
	write_gemtext(&f->out, &f->blocks, NULL);
	assert_text(buf_view(&f->out),
	    "``````x\n\u200B```\n\u200B  ```\n\u200B\u3000```x\n``\n# x\n"
	    "=> /x\n```\n");
}

/* ---- menus --------------------------------------------------------- */

static void
assert_menu_of(
    struct text_fixture *f, struct target target, const char *expected)
{
	text_again(f);
	blocks_link(&f->blocks, STR("https://example.org/"), STR("label"));
	f->blocks.first->target = target;
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), expected);
}

static void
a_target_that_is_not_sound_is_text(void **state)
{
	static const char info[] = "ilabel <https://example.org/>" INFO ".\r\n";
	struct target good = {.type = 'h',
	    .selector = STR("URL:https://example.org/"),
	    .host = STR("portal.example"),
	    .port = 65535};
	struct target t;
	struct text_fixture *f = *state;
	char selector[257];

	assert_menu_of(f, good,
	    "hlabel\tURL:https://example.org/\t"
	    "portal.example\t65535\r\n.\r\n");
	t = good;
	t.selector = STR("");
	assert_menu_of(f, t, "hlabel\t\tportal.example\t65535\r\n.\r\n");
	memset(selector, 'x', sizeof(selector));
	t.selector = (struct str){selector, 255};
	text_again(f);
	blocks_link(&f->blocks, STR("x"), STR("l"));
	f->blocks.first->target = t;
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.data[0], 'h');

	/* What cannot be an item is told instead. */
	t.selector.len = 256;
	assert_menu_of(f, t, info);
	for (const char *c = "\t\r\n\x1b\x7f\xff"; *c != '\0'; c++) {
		char bad[] = "/a?b";
		bad[2] = *c;
		t = good;
		t.selector = str_from(bad);
		assert_menu_of(f, t, info);
		t = good;
		t.host = str_from(bad);
		assert_menu_of(f, t, info);
		t = good;
		t.type = *c;
		assert_menu_of(f, t, info);
	}
	t = good;
	t.selector = (struct str){"/\0x", 3};
	assert_menu_of(f, t, info);
	t.selector = STR("/\xC2\x85");
	assert_menu_of(f, t, info);
	t = good;
	t.type = 'i';
	assert_menu_of(f, t, info);
	t = good;
	t.host = STR("");
	assert_menu_of(f, t, info);
	t = good;
	t.port = 0;
	assert_menu_of(f, t, info);
	t.port = 65536;
	assert_menu_of(f, t, info);
}

static void
a_relative_link_tells_its_whole_address(void **state)
{
	struct text_fixture *f = *state;

	/* The address of a target is told rather than a relative one, but only
	 * if it is sound. */
	blocks_link(&f->blocks, STR("/a"), STR("own"));
	f->blocks.first->target.address = STR("gemini://portal.example/a");
	write_menu(&f->out, &f->blocks);
	assert_text(
	    buf_view(&f->out), "iown <gemini://portal.example/a>" INFO ".\r\n");
	buf_clear(&f->out);
	f->blocks.first->target.address = STR("gemini://x/\r\n1x\t\t\t");
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), "iown" INFO ".\r\n");
	buf_clear(&f->out);
	f->blocks.first->target.address = STR("gemini://x/\xff");
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), "iown" INFO ".\r\n");
	text_again(f);
	blocks_link(&f->blocks, STR("/a"), STR(""));
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), "i/a" INFO ".\r\n");
}

static void
the_first_heading_is_the_title_of_a_menu(void **state)
{
	struct text_fixture *f = *state;

	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), ".\r\n");

	/* No heading, no title; an empty heading says nothing. */
	text_again(f);
	blocks_heading(&f->blocks, 1, STR(""));
	blocks_text(&f->blocks, STR("x"));
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out), "ix" INFO ".\r\n");

	/* Too long for a line: nothing is lost. */
	text_again(f);
	for (int i = 0; i < 40; i++)
		buf_text(&f->out, "题");
	blocks_heading(&f->blocks, 2, buf_view(&f->out));
	buf_clear(&f->out);
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out),
	    "i题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题"
	    "题"
	    "\tTITLE\terror.host\t1\r\ni题题题题题题题" INFO ".\r\n");
}

static void
long_lines_of_a_menu_are_cut_or_wrapped(void **state)
{
	struct text_fixture *f = *state;
	struct str long_text;

	for (int i = 0; i < 40; i++)
		buf_text(&f->out, "题");
	long_text = arena_str(f->arena, buf_view(&f->out));
	buf_clear(&f->out);
	blocks_link(&f->blocks, STR("/"), long_text);
	f->blocks.first->target =
	    (struct target){.type = '0', .host = STR("h"), .port = 70};
	blocks_pre(&f->blocks, STR(""), long_text);
	blocks_quote(&f->blocks, long_text);
	write_menu(&f->out, &f->blocks);
	assert_text(buf_view(&f->out),
	    "0题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题"
	    "题…"
	    "\t\th\t70\r\n"
	    "i题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题"
	    "题" INFO "i题题题题题题题" INFO "i> "
	    "题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题题"
	    "题" INFO "i> 题题题题题题题题" INFO ".\r\n");
}

/* ---- errors -------------------------------------------------------- */

static void
a_failed_write_is_a_prefix_of_the_whole(void **state)
{
	const struct plain_style style = {.columns = 20, .line_end = STR("\n")};
	struct text_fixture *f = *state;
	struct buf small;

	/* A list that is not whole is not written as if it were. */
	blocks_init(&f->blocks, f->arena, 3);
	blocks_text(&f->blocks, STR("four"));
	write_gemtext(&f->out, &f->blocks, NULL);
	assert_int_equal(f->out.err, ERR_LIMIT);
	buf_clear(&f->out);
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.err, ERR_LIMIT);
	buf_clear(&f->out);
	write_plain(&f->out, &f->blocks, &style);
	assert_int_equal(f->out.err, ERR_LIMIT);

	/* However small the buffer, what is in it is a prefix of the whole. */
	text_again(f);
	make_page(f);
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.err, OK);
	for (size_t max = 0; max < f->out.len; max++) {
		buf_init(&small, max);
		write_menu(&small, &f->blocks);
		assert_int_equal(small.err, ERR_LIMIT);
		assert_true(str_starts(buf_view(&f->out), buf_view(&small)));
		buf_release(&small);
	}
}

/* The arena that is full while a writer needs it. */
static void
a_full_arena_fails_what_has_to_wrap(void **state)
{
	const struct plain_style style = {.columns = 20, .line_end = STR("\n")};
	struct text_fixture *f = *state;
	struct arena *small = arena_new(1024);

	blocks_init(&f->blocks, small, 1024);
	blocks_heading(&f->blocks, 1, STR("x"));
	blocks_text(&f->blocks,
	    STR("a text that is certainly longer than twenty columns are, or "
		"than sixty-seven columns are"));
	blocks_link(&f->blocks, STR("/"), STR("link"));
	assert_int_equal(f->blocks.err, OK);
	while (arena_alloc(small, 16) != NULL)
		;
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.err, ERR_NOMEM);
	buf_clear(&f->out);
	write_plain(&f->out, &f->blocks, &style);
	assert_int_equal(f->out.err, ERR_NOMEM);
	buf_clear(&f->out);
	write_gemtext(&f->out, &f->blocks, NULL);
	assert_int_equal(f->out.err, OK);
	arena_free(small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEXT_TEST(a_page_is_written_as_gemtext),
	    TEXT_TEST(a_page_is_written_as_a_menu),
	    TEXT_TEST(a_page_is_written_as_plain_text),
	    TEXT_TEST(a_gopher_document_guards_its_dots),
	    TEXT_TEST(plain_text_wraps_each_kind_of_line),
	    TEXT_TEST(only_text_like_markup_is_guarded),
	    TEXT_TEST(a_target_that_is_not_sound_is_text),
	    TEXT_TEST(a_relative_link_tells_its_whole_address),
	    TEXT_TEST(the_first_heading_is_the_title_of_a_menu),
	    TEXT_TEST(long_lines_of_a_menu_are_cut_or_wrapped),
	    TEXT_TEST(a_failed_write_is_a_prefix_of_the_whole),
	    TEXT_TEST(a_full_arena_fails_what_has_to_wrap)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
