/* SPDX-License-Identifier: ISC */
/* The small parts of reading an article: cleaning, dates, bylines, noise. */
#include "import_fixture.h"

#include "tools/import/customs/customs.h"
#include "tools/import/clean.h"
#include "tools/import/customs/date.h"
#include "tools/import/customs/furniture.h"
#include "tools/import/article/sheet.h"

static void
cleans(const char *text, const char *wanted)
{
	struct str out;

	assert_int_equal(clean_str(arena, str_from(text), &out), OK);
	assert_str(out, wanted);
}

static void
a_line_is_cleaned(void **state)
{
	(void)state;
	cleans("  a  b\t c ", "a b c");
	cleans("\xC2\xA0\xE3\x80\x80标准\xE3\x80\x80\xC2\xA0化 ", "标准 化");
	/* Controls, an escape sequence's ESC, bidi, zero width, BOM, tags. */
	cleans("a\x01\x1B[31mb\x7F", "a[31mb");
	cleans("a\xE2\x80\xAE"
	       "b\xE2\x80\x8B"
	       "c\xEF\xBB\xBF"
	       "d\xF3\xA0\x80\x81"
	       "e",
	    "abcde");
	cleans("bad \xFF\xC3 bytes", "bad bytes");
	/* A break between Chinese is no space, between words it is one. */
	cleans("标准\r\n   化", "标准化");
	cleans("one\ntwo", "one two");
	cleans("标准\n\xE3\x80\x80化", "标准 化");
	cleans("\xE2\x80\xA8\xE2\x80\xA9\n", "");
}

static void
spellings_of_a_title_have_one_key(void **state)
{
	struct str a, b;

	(void)state;
	assert_int_equal(
	    clean_key(arena, str_from("《GB/T １９００１》 召开—大会！"), &a),
	    OK);
	assert_int_equal(
	    clean_key(arena, str_from("gbt19001召开大会"), &b), OK);
	assert_true(str_equal(a, b));
}

static void
gemtext(const char *text, const char *wanted)
{
	struct buf b;

	buf_init(&b, 4096);
	clean_gemtext(&b, str_from(text));
	assert_int_equal(b.err, OK);
	assert_str(buf_view(&b), wanted);
	buf_release(&b);
}

static void
gemtext_is_cleaned(void **state)
{
	(void)state;
	gemtext("\n\n# a  \r\n\n\n\nb\x07\n", "# a\n\nb\n");
	gemtext("\xEF\xBB\xBF=> /x y\n", "=> /x y\n");
	gemtext("```alt\n a\tb\n\n\n c \n```\nd",
	    "```alt\n a\tb\n\n\n c \n```\nd\n");
	/* A blank of any width tells a link's address from its label. */
	gemtext("=>　/page/about　全角　名\n　　正文　。\n",
	    "=> /page/about 全角 名\n　　正文　。\n");
	/* An open group is closed. */
	gemtext("```\na", "```\na\n```\n");
	/* A guard before markup is meant; one before a word is not. */
	gemtext("\xE2\x80\x8B# a\n\xE2\x80\x8B"
		"b",
	    "\xE2\x80\x8B# a\nb\n");
	/* What hides before markup does not make it text, or text markup. */
	gemtext("  # a\n", "  # a\n");
	gemtext("", "");
	gemtext("\n \n\xE3\x80\x80\n", "");
}

static void
markup_is_told_from_text(void **state)
{
	static const char *const markup[] = {
	    "# a", "#a", "> a", ">a", "* a", "=> a", "=>a", "```", "```x"};
	static const char *const text[] = {"a", "*a", "", "= >", "``", " # a"};

	(void)state;
	for (size_t i = 0; i < sizeof(markup) / sizeof(*markup); i++)
		assert_true(clean_is_markup(str_from(markup[i])));
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		assert_false(clean_is_markup(str_from(text[i])));
}

static void
date_is(const char *text, int64_t wanted)
{
	int64_t s = -1;

	if (date_read(&customs, str_from(text), &s) != OK)
		fail_msg("'%s' is no date", text);
	if (s != wanted)
		fail_msg("'%s' is %lld", text, (long long)s);
}

static void
each_way_to_write_a_date_is_read(void **state)
{
	(void)state;
	date_is("2019-01-11 08:28:10", 1547166490);
	date_is(" 2019-01-11  08:28 ", 1547166480);
	date_is("2019/1/11 8:28", 1547166480);
	date_is("2019.01.11", 1547136000);
	date_is("2019年1月11日 8时28分10秒", 1547166490);
	date_is("2019年01月11日08:28", 1547166480);
	date_is("2019-01-11T00:28:10Z", 1547166490);
	date_is("2019-01-11T08:28:10+08:00", 1547166490);
	date_is("2019-01-10T19:28:10-0500", 1547166490);
	date_is("2024-02-29", 1709136000);
	/* As documents, keyboards and other languages write it. */
	date_is("二〇一九年一月十一日", 1547136000);
	date_is("二○一九年元月十一日", 1547136000);
	date_is("二O一九年十二月三十一日 08:28", 1577752080);
	date_is("二零二〇年十月二十日", 1603123200);
	date_is("２０１９－０１－１１", 1547136000);
	date_is("２０１９年１月１１日　０８：２８", 1547166480);
	date_is("2019—01—11", 1547136000);
	date_is("2019 年 1 月 11 日 08:28", 1547166480);
	date_is("2019年元月11日", 1547136000);
	date_is("20190111", 1547136000);
	date_is("20190111 08:28", 1547166480);
	date_is("11-Jan-2019", 1547136000);
	date_is("January 11, 2019", 1547136000);
	date_is("Fri, 11 Jan 2019 08:28:10 +0800", 1547166490);
	date_is("Fri, 11 Jan 2019 00:28:10 GMT", 1547166490);
	date_is("2019-01-11 08:28 GMT+8", 1547166480);
	date_is("2019-01-11 午后3:05", 1547190300);
	date_is("2019-01-11 p.m. 3:05", 1547190300);
	date_is("2019-01-11 中午1:30", 1547184600);
	date_is("2019-01-11 早8:28", 1547166480);
	date_is("2000-02-29 00:00:00", 951753600);
	/* Where clocks are turned, a local time is as the zone has it. */
	assert_int_equal(zone_use("Europe/Berlin"), OK);
	date_is("2019-07-11 08:28:10", 1562826490);
	date_is("2019-01-11 08:28:10", 1547191690);
	date_is("2019-07-11 08:28:10 +08:00", 1562804890);
	assert_int_equal(zone_use("Asia/Shanghai"), OK);
}

static void
text_that_is_not_a_date_is_refused(void **state)
{
	static const char *const texts[] = {"", "x", "2019", "2019-01",
	    "2019-13-01", "2019-00-01", "2019-01-32", "2023-02-29",
	    "1900-02-29", "2019-01-11 24:00", "2019-01-11 08:60",
	    "2019-01-11 08:28:60", "2019-01-11 08", "2019-01/11", "2019-01-111",
	    "20190-01-11", "2019-01-11 08:28 x", "19-01-11", "-2019-01-11",
	    "2019-01-11T08:28+99:00", "9999-01-01", "2019年1-11", "01/11/2019",
	    "11/01/2019 3:05 PM", "201901111", "2019011", "20191311",
	    "二〇一九年十三月一日", "二〇一九年一月〇日", "二〇一年一月一日",
	    "11-Jnn-2019", "11-Jan-19", "Jan 2019", "108年1月11日",
	    "2019-01-11 晚上12:00", "2019年1月", "2019-01-11 中午3:30",
	    "一月十一日"};
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (date_read(&customs, str_from(texts[i]), &s) != ERR_INPUT)
			fail_msg("'%s' is a date", texts[i]);
}

static void
names_are(const char *text, const char *wanted)
{
	struct str out;

	assert_int_equal(
	    byline_names(&customs, arena, str_from(text), &out), OK);
	assert_str(out, wanted);
}

static void
blanks_inside_names_are_taken_out(void **state)
{
	(void)state;
	names_are("本报讯 (宋方义 黄 萍 记者 王 越)",
	    "本报讯 (宋方义 黄萍 记者 王越)");
	names_are("记者 黄 萍 王 越", "记者 黄萍 王越");
	names_are("记者黄 萍 通讯员李 明", "记者 黄萍 通讯员 李明");
	names_are("欧 阳 修", "欧阳修");
	names_are("黄 萍 王 越 李 小 明", "黄萍 王越 李小明");
	names_are("记者 王越 李 明", "记者 王越 李明");
	names_are("记者 王越", "记者 王越");
	names_are("王、李 明", "王、李明");
	names_are("John Smith", "John Smith");
	names_are("王", "王");
	names_are("", "");
}

static void
byline_is(const char *paragraph, const char *byline, const char *rest)
{
	struct str found, behind;

	if (!byline_find(&customs, str_from(paragraph), &found, &behind))
		fail_msg("no byline in '%s'", paragraph);
	assert_str(found, byline);
	assert_str(behind, rest);
}

static void
a_byline_is_found(void **state)
{
	static const char *const none[] = {"记者节活动在京举行", "",
	    "(2019年)大会召开", "大会召开，记者到场。", "河北省召开大会",
	    "记者从会上获悉，标准已经实施。", "编辑部的故事"};
	struct str found, rest;

	(void)state;
	byline_is("本报讯 (记者 王 越)17日,开会。", "本报讯 (记者 王 越)",
	    "17日,开会。");
	byline_is("本报讯（记者王越） 昨日", "本报讯（记者王越）", "昨日");
	byline_is("本网讯 昨日开会", "本网讯", "昨日开会");
	byline_is("（记者 王越）昨日", "（记者 王越）", "昨日");
	byline_is("新华社北京1月11日电（记者 王越）会议",
	    "新华社北京1月11日电（记者 王越）", "会议");
	byline_is("□ 本报记者 黄 萍", "□ 本报记者 黄 萍", "");
	byline_is("本报记者王越", "本报记者王越", "");
	byline_is("作者：王越", "作者：王越", "");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (byline_find(&customs, str_from(none[i]), &found, &rest))
			fail_msg("byline in '%s'", none[i]);
}

static void
credits_are_told_from_sentences(void **state)
{
	struct credits credits = {0};

	(void)state;
	assert_true(credits_is(&customs, str_from("文章来源:a 发布人:b")));
	assert_true(
	    credits_is(&customs, str_from("2019-01-11 08:28 来源：某报")));
	assert_true(credits_is(
	    &customs, str_from("【来源：某报】【时间：2019-01-11】")));
	assert_false(
	    credits_is(&customs, str_from("会议时间：1月11日，会议来源：无")));
	assert_false(
	    credits_is(&customs, str_from("他说，发布时间：没有定。")));
	assert_false(credits_is(&customs, str_from("作者：王越")));
	assert_false(credits_is(&customs, str_from("点击次数:")));
	credits_read(&customs, &credits,
	    str_from("2019-01-11 来源：某局(某委) | 发布人： 字号：[大 小]"),
	    7);
	assert_str(
	    credits.value[customs_field(&customs, "source")], "某局(某委)");
	assert_str(credits.value[customs_field(&customs, "publisher")], "");
	assert_str(credits.published, "2019-01-11");
	assert_int_equal(credits.published_number, 7);
	/* What was said first stays. */
	credits_read(&customs, &credits, str_from("来源：别处 发布者：李"), 8);
	assert_str(
	    credits.value[customs_field(&customs, "source")], "某局(某委)");
	assert_str(credits.value[customs_field(&customs, "publisher")], "李");
}

static void
noise_is_told_from_text(void **state)
{
	static const char *const noise[] = {"共1页 1",
	    "首页 上一页 1 2 3 下一页 尾页", "【打印本页】 【关闭窗口】",
	    "【字体：大 中 小】", "-----", "[1] [2]"};
	static const char *const text[] = {
	    "共同努力", "《中国质量报》", "大会召开", "2019年1月11日", "一"};
	bool is;
	int64_t pages;

	(void)state;
	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		assert_int_equal(
		    noise_is(&customs, arena, str_from(noise[i]), &is), OK);
		if (!is)
			fail_msg("'%s' is text", noise[i]);
	}
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		assert_int_equal(
		    noise_is(&customs, arena, str_from(text[i]), &is), OK);
		if (is)
			fail_msg("'%s' is noise", text[i]);
	}
	assert_true(noise_ends(&customs, str_from("上一篇：别的"), &pages));
	assert_false(noise_ends(&customs, str_from("共 3 页  1"), &pages));
	assert_int_equal(pages, 3);
}

static void
lines_are(const char *text, const char *wanted)
{
	struct sheet sheet;
	struct buf b;

	sheet_init(&sheet, arena);
	buf_init(&b, 65536);
	sheet_add_text(&customs, &sheet, str_from(text));
	assert_int_equal(sheet.err, OK);
	sheet_write(&b, &sheet, 0, sheet.count);
	assert_str(buf_view(&b), wanted);
	buf_release(&b);
	sheet_release(&sheet);
}

#define TEN "一二三四五六七八九十"

static void
full_lines_become_one_paragraph(void **state)
{
	(void)state;
	/* Lines that were full are one paragraph, short ones are several. */
	lines_are(TEN TEN "一二\n" TEN TEN "一二\n三四。\n",
	    TEN TEN "一二" TEN TEN "一二三四。\n");
	lines_are("短句。\n另一句。\n", "短句。\n\n另一句。\n");
	lines_are("The quick brown fox jumps over the lazy dog,\n"
		  "runs away and never comes back to this place\n"
		  "again.\n",
	    "The quick brown fox jumps over the lazy dog, runs away and never "
	    "comes back to this place again.\n");
	/* Indented lines, lists and blank lines begin paragraphs. */
	lines_are(TEN TEN "一二\n　　" TEN TEN "一\n",
	    TEN TEN "一二\n\n" TEN TEN "一\n");
	lines_are("1. " TEN TEN "\n2. " TEN TEN "\n",
	    "1. " TEN TEN "\n\n2. " TEN TEN "\n");
	/* Very long lines: the text was not wrapped at all. */
	lines_are(TEN TEN TEN TEN TEN TEN "\n" TEN TEN TEN TEN TEN TEN "\n",
	    TEN TEN TEN TEN TEN TEN "\n\n" TEN TEN TEN TEN TEN TEN "\n");
}

static void
too_many_lines_are_refused(void **state)
{
	struct sheet sheet;

	(void)state;
	sheet_init(&sheet, arena);
	sheet_add_text(
	    &customs, &sheet, repeated("", "a\n", SHEET_LINES_MAX + 1, ""));
	assert_int_equal(sheet.err, ERR_LIMIT);
	sheet_release(&sheet);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_line_is_cleaned),
	    TEST(spellings_of_a_title_have_one_key),
	    TEST(gemtext_is_cleaned),
	    TEST(markup_is_told_from_text),
	    TEST(each_way_to_write_a_date_is_read),
	    TEST(text_that_is_not_a_date_is_refused),
	    TEST(blanks_inside_names_are_taken_out),
	    TEST(a_byline_is_found),
	    TEST(credits_are_told_from_sentences),
	    TEST(noise_is_told_from_text),
	    TEST(full_lines_become_one_paragraph),
	    TEST(too_many_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
