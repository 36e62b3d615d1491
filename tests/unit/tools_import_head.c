/* SPDX-License-Identifier: ISC */
/* Gemtext with a head, plain texts, and telling the kinds apart. */
#include "import_fixture.h"

static void
a_head_gives_each_field(void **state)
{
	(void)state;
	reads_file("tests/import/head.gmi");
	assert_int_equal(article.kind, ARTICLE_HEAD);
	field_is(FIELD_TITLE, "芒果分级地方标准开始实施");
	field_is(FIELD_SECTION, "hnbzhdt");
	field_is(FIELD_KICKER, "同一把尺子");
	field_is(FIELD_SUBTITLE, "六月一日起果品按三级上市");
	field_is(FIELD_BYLINE, "本报讯 (记者 林青)");
	field_is(FIELD_SOURCE, "椰岛日报");
	field_is(FIELD_SOURCE_URL, "https://example.org/2026/05/mango");
	field_is(FIELD_PUBLISHER, "陈小米");
	field_is(FIELD_SUMMARY, "芒果按单果质量和果面缺陷分为三级。");
	field_is(FIELD_STATUS, "live");
	assert_true(article.has_published);
	assert_int_equal(article.published, 1779237000);
	field_is("sample", "yes");
	field_is("pinned", "no");
	body_is("新标准自六月一日起实施。\n\n## 分级指标\n\n"
		"* 一级:单果质量不低于三百克\n* 二级:单果质量不低于二百克\n\n"
		"=> https://example.org/standard 标准全文\n\n"
		"```表格\n级别  缺陷\n一级  无\n```\n");
}

static void
a_head_names_attachments(void **state)
{
	(void)state;
	reads("title: t\nattachment: files/a.pdf | 全文\n"
	      "attachment: files/b.csv\n\nx\n");
	assert_int_equal(article.attachments, 2);
	assert_str(article.attachment[0].path, "files/a.pdf");
	assert_str(article.attachment[0].label, "全文");
	assert_int_equal(article.attachment[0].line, 2);
	assert_str(article.attachment[1].path, "files/b.csv");
	assert_str(article.attachment[1].label, "");
	refuses("title: t\nattachment:  | 全文\n\nx\n", "f:2: ", "no path");
	refuses_bytes(repeated("title: t\n", "attachment: a | b\n",
			  ARTICLE_ATTACHMENTS_MAX + 1, "\nx\n"),
	    "f:34: ", "more than 32 attachments");
}

static void
a_head_may_be_written_loosely(void **state)
{
	(void)state;
	/* A BOM, blank lines first, CR LF, full-width colons, empty keys. */
	reads("\xEF\xBB\xBF\r\n\r\ntitle： 标题\r\nsource:\r\npinned: yes\r\n"
	      "\r\n正文\r\n");
	field_is(FIELD_TITLE, "标题");
	assert_false(has(FIELD_SOURCE));
	field_is("pinned", "yes");
	assert_false(article.has_published);
	body_is("正文\n");
	/* Words that are set wide, capitals, a date in Chinese. */
	reads("标　题：会议 通知\n栏 目 : zcfg\n发表时间：二〇一九年一月十一日"
	      "\n\n正文\n");
	field_is(FIELD_TITLE, "会议 通知");
	field_is(FIELD_SECTION, "zcfg");
	assert_int_equal(article.published, 1547136000);
	reads("Title: t\nSECTION: zcfg\n\n正文\n");
	field_is(FIELD_SECTION, "zcfg");
	/* What looks like a head further down is text. */
	reads("title: t\n\ntitle: u\n");
	field_is(FIELD_TITLE, "t");
	body_is("title: u\n");
	/* Hostile characters go, the text stays one line. */
	reads("title: a\xE2\x80\xAE\x1B[2J\xE2\x80\xA8\n\nb\n");
	field_is(FIELD_TITLE, "a[2J");
}

static void
each_mistake_in_a_head_is_named(void **state)
{
	(void)state;
	refuses("titel: x\n\nb\n", "f:1: ", "did you mean title?");
	refuses("title: x\nsauce: y\n\nb\n", "f:2: ", "unknown key \"sauce\"");
	refuses("title: x\ntitle: y\n\nb\n", "f:2: ", "title is given twice");
	refuses("title: x\nwhat is this\n\nb\n", "f:2: ", "`key: value`");
	refuses(
	    "title: x\npublished: gestern\n\nb\n", "f:2: ", "is not a date");
	refuses("title: x\npublished: 2026-02-30\n\nb\n",
	    "f:2: ", "\"2026-02-30\" is not a date");
	refuses(
	    "title: x\npinned: maybe\n\nb\n", "f:2: ", "neither yes nor no");
	refuses("title: x\nstatus: withdrawn\n\nb\n", "f:2: ", "no status");
	refuses("title: x\nsource_url: javascript:alert(1)\n\nb\n",
	    "f:2: ", "not a whole URL");
	refuses("title: x\nsource_url: /x\n\nb\n", "f:2: ", "not a whole URL");
	refuses("title: x\nsource_url: https://h^h/\n\nb\n",
	    "f:2: ", "not a whole URL");
	/* As a browser shows it: what a page makes of it can be followed. */
	reads(
	    "title: x\nsource_url: https://例子.测试/a b.asp?{1}|100%\n\nb\n");
	field_is(FIELD_SOURCE_URL, "https://例子.测试/a b.asp?{1}|100%");
	refuses("title:\nsource: y\n\nb\n", "f:3: ", "no title");
	refuses("title: x\n", "f:1: ", "no body");
	refuses("title: x\n\n\n \n", "f:2: ", "no body");
	refuses("title: x\n\n\xE2\x80\x8B\n", "f:2: ", "no body");
}

static void
bytes_that_are_not_text_are_refused(void **state)
{
	(void)state;
	refuses("title: x\n\nok\nbad \xC3(\n", "f:4: ", "not UTF-8");
	refuses(
	    "title: \xB1\xEA\xD7\xBC\n\nGBK\xFF\n", "f:1: ", "nor anything");
	refuses_bytes(STR("title: x\n\na\0b\n"), "f:3: ", "NUL");
	refuses_bytes(STR("\xFF\xFEt\0\n\0\0\xD8"), "f:2: ", "UTF-16LE");
	refuses("\xED\xA0\x80\n\nx", "f:1: ", "not UTF-8");
}

static void
a_long_body_is_read_and_a_long_title_refused(void **state)
{
	struct str long_title = repeated("title: ", "长", 400000, "\n\nx\n");
	struct str long_line = repeated("title: t\n\n", "长", 400000, "");

	(void)state;
	refuses_bytes(long_title, "f", "longer than 2000 bytes");
	assert_int_equal(read_bytes(long_line, ARTICLE_ANY), OK);
	assert_int_equal(article.body.len, 1200000 + 1);
	refuses_bytes(repeated("", "x", 1024 * 1024, "\n\ny"), "f", "longer");
	assert_int_equal(
	    read_bytes(
		repeated("title: t\n\n", "```\n", 262143, ""), ARTICLE_ANY),
	    OK);
	/* An odd number of fences: one more closes the last. */
	assert_int_equal(article.body.len, 4 * 262144);
}

static void
plain_text_begins_with_its_title(void **state)
{
	(void)state;
	reads_file("tests/import/plain.txt");
	assert_int_equal(article.kind, ARTICLE_PLAIN);
	field_is(FIELD_TITLE, "标准化协会举办公益讲座");
	body_is(
	    "四月十二日,椰岛市标准化协会在市图书馆举办了一场公益讲座,向市民介绍"
	    "怎样读懂商品标签上的标准号,怎样查询一项标准是否有效,以及发现标签上"
	    "的标准已经废止时可以向谁反映。\n\n"
	    "讲座结束后,工作人员还解答了听众的提问。\n\n"
	    "\xE2\x80\x8B> 下一场讲座在五月举行。\n");
	refuses("\n \n\xE3\x80\x80\n", "f: ", "no title");
	refuses("only a title\n\n", "f:1: ", "no body");
	refuses_bytes(repeated("", "x\n", 200001, ""), "f: ", "lines");
}

static void
kind_is(const char *text, enum article_kind kind)
{
	if (article_kind_of(&customs, str_from(text)) != kind)
		fail_msg("'%s' is %s", text,
		    article_kind_name(
			article_kind_of(&customs, str_from(text))));
}

static void
the_kind_of_a_file_is_found(void **state)
{
	(void)state;
	kind_is("title: x\n\ny", ARTICLE_HEAD);
	kind_is("\n\nsectoin: x\n", ARTICLE_HEAD);
	kind_is("Note: this is prose\n\ny", ARTICLE_PLAIN);
	kind_is("http://example.org/ is a URL", ARTICLE_PLAIN);
	kind_is("  \n<!DOCTYPE html>", ARTICLE_HTML);
	kind_is("\xEF\xBB\xBF<HTML>", ARTICLE_HTML);
	kind_is("<3 is a heart", ARTICLE_PLAIN);
	kind_is("a\n您现在的位置是:b", ARTICLE_CAPTURE);
	kind_is("a\n发布时间：2019-01-01", ARTICLE_CAPTURE);
	kind_is("a\nb", ARTICLE_PLAIN);
	kind_is("", ARTICLE_PLAIN);
	assert_int_equal(article_kind_find(STR("html")), ARTICLE_HTML);
	assert_int_equal(article_kind_find(STR("htm")), ARTICLE_ANY);
	/* Forced: a page read as text is its source, guarded by nobody. */
	assert_int_equal(read_bytes(STR("<p>a</p>\n\nb\n"), ARTICLE_PLAIN), OK);
	field_is(FIELD_TITLE, "<p>a</p>");
}

static void
only_a_regular_file_is_read(void **state)
{
	(void)state;
	assert_int_equal(article_read(arena, &customs, "tests/import/none",
			     ARTICLE_ANY, &article, &why),
	    ERR_IO);
	assert_true(str_starts(buf_view(&why), STR("tests/import/none: ")));
	buf_clear(&why);
	assert_int_equal(article_read(arena, &customs, "tests/import",
			     ARTICLE_ANY, &article, &why),
	    ERR_INPUT);
	buf_clear(&why);
	assert_int_equal(article_read(arena, &customs, "/dev/zero", ARTICLE_ANY,
			     &article, &why),
	    ERR_INPUT);
	buf_clear(&why);
	assert_int_equal(article_read(arena, &customs, "/dev/null", ARTICLE_ANY,
			     &article, &why),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_head_gives_each_field),
	    TEST(a_head_names_attachments),
	    TEST(a_head_may_be_written_loosely),
	    TEST(each_mistake_in_a_head_is_named),
	    TEST(bytes_that_are_not_text_are_refused),
	    TEST(a_long_body_is_read_and_a_long_title_refused),
	    TEST(plain_text_begins_with_its_title),
	    TEST(the_kind_of_a_file_is_found),
	    TEST(only_a_regular_file_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
