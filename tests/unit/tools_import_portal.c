/* SPDX-License-Identifier: ISC */
/* Captures of a portal's pages: what is the article, and what is not. */
#include "import_fixture.h"

#define NBSP "\xC2\xA0"
#define MENU                                                               \
	"您现在的位置是:标准化服务 》国内外标准化动态 》 " NBSP            \
	"点击次数:\n" NBSP "咨询服务\n· 标准查询\n" NBSP "联系我们\n" NBSP \
	"\n"
#define CREDITS                                             \
	"文章来源:某某报 " NBSP NBSP "发布人:甲 " NBSP NBSP \
	"发布时间: 2019-01-11 08:28:10\n"
#define PROSE                                                                              \
	"这是一个足够长的自然段,它说明了会议的时间、地点和内容," \
	"所以不会被当成标题或者"                                                \
	"副题来看待。\n"

static void
a_captured_page_gives_each_field(void **state)
{
	(void)state;
	reads_file("tests/import/capture.txt");
	assert_int_equal(article.kind, ARTICLE_CAPTURE);
	field_is(FIELD_SECTION, "国内外标准化动态");
	field_is(FIELD_KICKER, "从田间到货架,一把尺子量到底");
	field_is(FIELD_TITLE, "椰岛市召开热带水果标准化现场会");
	field_is(FIELD_SUBTITLE, "三百名果农参加观摩");
	field_is(FIELD_BYLINE, "本报讯 (欧阳文 李果 记者 林青)");
	field_is(FIELD_SOURCE, "椰岛质量网");
	field_is(FIELD_PUBLISHER, "陈小米");
	assert_int_equal(article.published, 1709600826);
	assert_int_equal(article.remark.len, 0);
	body_is(
	    "3月4日,"
	    "椰岛市热带水果标准化现场会在红树村召开。会议介绍了芒果分级、"
	    "包装和冷链运输的三项地方标准,现场演示了用卡尺和色卡给果实分级的"
	    "办法。\n\n"
	    "与会者参观了村里的集货站。站长说,有了标准,同一箱果子大小一致, "
	    "客商看样就能下单。\n\n"
	    "\xE2\x80\x8B# 这一行在原文里以井号开头\n\n"
	    "会议要求,各乡镇要在四月底前完成标准宣贯,并把执行情况报送市标准化"
	    "协会。\n\n《椰岛日报》\n");
}

static void
a_repeated_headline_tells_what_is_around(void **state)
{
	(void)state;
	/* No repeated headline: nothing is taken for one. */
	reads(MENU "大会召开\n" CREDITS "短的一段。\n\n" PROSE);
	field_is(FIELD_TITLE, "大会召开");
	assert_false(has(FIELD_KICKER));
	assert_false(has(FIELD_SUBTITLE));
	body_is("短的一段。\n\n" PROSE);
	/* Repeated without anything above or below. */
	reads(MENU "大会 召开\n" CREDITS "大会召开\n\n" PROSE);
	assert_false(has(FIELD_KICKER));
	assert_false(has(FIELD_SUBTITLE));
	body_is(PROSE);
	/* A sentence above it is no line above: it stays. */
	reads(MENU "大会召开\n" CREDITS
		   "编者按：写了一句话。\n\n大会召开\n\n" PROSE);
	assert_false(has(FIELD_KICKER));
	body_is("编者按：写了一句话。\n\n大会召开\n\n" PROSE);
	/* A dash makes a line below. */
	reads(MENU "大会召开\n" CREDITS "——记某某市大会\n\n" PROSE);
	field_is(FIELD_SUBTITLE, "——记某某市大会");
	body_is(PROSE);
	/* The only text below the headline is the text. */
	reads(MENU "大会召开\n" CREDITS "大会召开\n\n今天开会\n");
	assert_false(has(FIELD_SUBTITLE));
	body_is("今天开会\n");
}

static void
credits_may_be_anywhere_or_missing(void **state)
{
	(void)state;
	/* One label a line. */
	reads("当前位置：首页 > 动态 > 正文\n大会召开\n来源：某某报\n作者：王 "
	      "越\n"
	      "日期：2019年1月11日\n\n" PROSE);
	field_is(FIELD_TITLE, "大会召开");
	field_is(FIELD_SECTION, "动态");
	field_is(FIELD_SOURCE, "某某报");
	field_is(FIELD_BYLINE, "王越");
	assert_int_equal(article.published, 1547136000);
	body_is(PROSE);
	/* None at all: the line before the first prose is the headline. */
	reads(MENU "大会召开\n\n" PROSE);
	field_is(FIELD_TITLE, "大会召开");
	assert_false(article.has_published);
	body_is(PROSE);
	/* A sentence that mentions such a word does not begin credits. */
	reads(MENU "大会召开\n" CREDITS PROSE "他说，发布时间：没有定。\n");
	assert_int_equal(article.published, 1547166490);
}

static void
text_ends_before_pagers_and_footers(void **state)
{
	(void)state;
	reads(MENU "大会\n" CREDITS PROSE "\n共3页 1 2 3 下一页\n友情链接\n");
	body_is(PROSE);
	assert_true(article.remark.len > 0);
	reads(MENU "大会\n" CREDITS PROSE "\n上一篇：别的\n更多文字\n");
	body_is(PROSE);
	reads(MENU "大会\n" CREDITS PROSE "【打印】【关闭】\n版权所有：某某\n");
	body_is(PROSE);
	/* A number of pages in a sentence is no pager. */
	reads(MENU "大会\n" CREDITS PROSE "\n标准文本共3页，由某某起草。\n");
	assert_int_equal(article.remark.len, 0);
	body_is(PROSE "\n标准文本共3页，由某某起草。\n");
}

static void
each_mistake_in_a_capture_is_named(void **state)
{
	(void)state;
	/* Between the place and the credits there is nothing. */
	refuses("您现在的位置是:服务 》动态 》\n" CREDITS PROSE,
	    "f:2: ", "no title");
	refuses(MENU "大会\n" CREDITS "\n 共1页 1\n", "f: ", "no body");
	refuses("您现在的位置是:服务 》\n大会\n文章来源:某 发布时间: "
		"2019-13-01\n" PROSE,
	    "f:3: ", "\"2019-13-01\" is not a date");
	refuses("您现在的位置是:服务 》\n", "f: ", "no title");
	refuses("文章来源:某 发布时间: 2019-01-01\n", "f:1: ", "no title");
	refuses(MENU "大会\n" CREDITS "\xFF\n", "f:8: ", "not UTF-8");
	refuses_bytes(STR("您现在的位置是:服务 》\n大会\0\n"), "f:2: ", "NUL");
}

static void
a_long_capture_is_read_or_refused(void **state)
{
	(void)state;
	/* One line of a mebibyte, many lines, a mebibyte of blanks. */
	assert_int_equal(
	    read_bytes(repeated(MENU "大会\n" CREDITS, "长", 350000, "\n"),
		ARTICLE_ANY),
	    OK);
	assert_int_equal(article.body.len, 350000 * 3 + 1);
	assert_int_equal(
	    read_bytes(repeated(MENU "大会\n" CREDITS, "一段。\n", 100000, ""),
		ARTICLE_ANY),
	    OK);
	refuses_bytes(repeated(MENU "大会\n" CREDITS, NBSP, 524288, "\n"),
	    "f: ", "no body");
	refuses_bytes(
	    repeated("您现在的位置是:", "长", 350000, "\n" CREDITS PROSE),
	    "f:2: ", "no title");
	refuses_bytes(repeated("您现在的位置是:a 》b\n", "题", 350000,
			  "\n" CREDITS PROSE),
	    "f: ", "longer than 2000 bytes");
}

/* No cut of a page, and no byte of it replaced, does more harm than a
 * refusal. What is read is always whole text. */
static void
each_cut_of_a_capture_is_read_or_refused(void **state)
{
	static const char page[] =
	    MENU "大会\n" CREDITS "上面\n\n大会\n\n下面\n\n本报讯 (记者 王 越)"
		 "17日,开会。\n\n" PROSE "共1页  1\n";
	char copy[sizeof(page)];

	(void)state;
	for (size_t i = 0; i < sizeof(page); i++) {
		if (read_bytes((struct str){page, i}, ARTICLE_CAPTURE) == OK)
			assert_true(article.body.len > 0);
		memcpy(copy, page, sizeof(page));
		copy[i] = (char)(i % 2 == 0 ? ' ' : '\n');
		if (read_bytes((struct str){copy, sizeof(page) - 1},
			ARTICLE_CAPTURE) == OK)
			assert_true(article.body.len > 0);
	}
}

/* A page with this line below its headline. */
static void
reads_line(const char *line)
{
	static char page[4096];

	snprintf(page, sizeof(page),
	    "<title>座谈会举行_某网</title><h1>座谈会举行</h1><div>%s</div><p>"
	    "%s</p>",
	    line, PROSE);
	reads(page);
	field_is(FIELD_TITLE, "座谈会举行");
	body_is(PROSE);
}

static void
credits_say(const char *line, int64_t published, const char *source,
    const char *byline, const char *publisher)
{
	reads_line(line);
	if (!article.has_published || article.published != published)
		fail_msg("%s: %lld", line, (long long)article.published);
	field_is(FIELD_SOURCE, source);
	field_is(FIELD_BYLINE, byline);
	field_is(FIELD_PUBLISHER, publisher);
	if (article.remark.len > 0)
		fail_msg("%s: %.*s", line, STR_ARG(article.remark));
}

enum { DAY = 1547136000, CLOCK = 1547166480 }; /* 2019-01-11, 08:28 */

static void
labels_of_credits_are_read(void **state)
{
	(void)state;
	credits_say("更新时间：2019-01-11 08:28 编辑：张三 供稿：李四", CLOCK,
	    "", "李四", "");
	credits_say("发布于：2019-01-11 稿件来源：某报 阅读量：123", DAY,
	    "某报", "", "");
	credits_say("索引号：0001/2019-00001 发布机构：省局 "
		    "发文日期：2019年1月11日",
	    DAY, "", "", "省局");
	credits_say(
	    "来源：标准化处 阅读次数：123 2019-01-11", DAY, "标准化处", "", "");
	credits_say("[2019-01-11]　来源：标准化处　阅读：123次", DAY,
	    "标准化处", "", "");
	credits_say("[2019-01-11]　来源：标准化处 分享到：微信 微博", DAY,
	    "标准化处", "", "");
	credits_say("发布于 2019-01-11 08:28", CLOCK, "", "", "");
	credits_say(
	    "来源：某报 2019-01-11 08:28 点击 33", CLOCK, "某报", "", "");
	credits_say(
	    "2019-01-11 08:28:00.0 | 来源：某报", CLOCK, "某报", "", "");
	/* A label that nobody knows ends a value as well. */
	credits_say("来源：某报 经办：张三 2019-01-11", DAY, "某报", "", "");
	credits_say("（2019年1月11日）", DAY, "", "", "");
	credits_say("2019-01-11 08:28 浏览 12 评论 3", CLOCK, "", "", "");
	credits_say("来　源：某报　作　者：王五　日　期：2019-01-11", DAY,
	    "某报", "王五", "");
	/* The day of the page, not of what it holds or of its last change. */
	credits_say("成文日期：2019-01-05 实施日期：2019-02-01 "
		    "发布日期：2019-01-11 更新时间：2020-01-01 有效性：有效",
	    DAY, "", "", "");
	credits_say(
	    "实施日期：2019-02-01 成文日期：2019-01-11", DAY, "", "", "");
	credits_say("發布時間：2019-01-11 來源：某報", DAY, "某報", "", "");
	/* A colon without a label, at the very end. */
	credits_say("来源：某报 2019-01-11 :", DAY, "某报", "", "");
	reads("当前位置：甲\n大会召开\n" PROSE "abc :");
	credits_say("信息来源：某处 作者：李四 添加日期：2019-01-11 "
		    "点击次数：[55]",
	    DAY, "某处", "李四", "");
	credits_say("信息提供日期：2019-01-11 来源：某处 视力保护色：", DAY,
	    "某处", "", "");
	credits_say(
	    "发稿时间：2019 年 1 月 11 日 来源：某社 ", DAY, "某社", "", "");
	credits_say("上传日期：2019-01-11 信息员：李四", DAY, "", "", "");
	credits_say("公布日期：2019-01-11 施行日期：2019-02-01 "
		    "发布单位：省政府",
	    DAY, "", "", "省政府");
	credits_say("2019年01月11日08:28 | 来源：某网－某报 小字号", CLOCK,
	    "某网－某报", "", "");
	credits_say(
	    "发布日期：二〇一九年一月十一日 来源：某报", DAY, "某报", "", "");
	credits_say("更新日期：20190111 来源：某报", DAY, "某报", "", "");
	/* The head of a newspaper's page. */
	credits_say(
	    "某日报　2019年01月11日　星期五　第A03版", DAY, "某日报", "", "");
	credits_say(
	    "本报记者 张三　2019-01-11 08:28", CLOCK, "", "本报记者 张三", "");
	credits_say("http://www.a.example 2019-01-11 来源：某局 作者： "
		    "【大 中 小】",
	    DAY, "某局", "", "");
}

static void
clock_times_of_each_kind_are_read(void **state)
{
	(void)state;
	credits_say("发布时间：2019/1/11 下午 03:05:09 来源：某", DAY + 54309,
	    "某", "", "");
	credits_say(
	    "时间：2019-1-11 3:05:09 PM 来源：某", DAY + 54309, "某", "", "");
	credits_say("发布时间：2019/1/11 上午8:28", CLOCK, "", "", "");
	credits_say("发布时间：2019-01-11 12:05 AM", DAY + 300, "", "", "");
	credits_say("发布时间：2019-01-11 12:05 PM", DAY + 43500, "", "", "");
	credits_say("发布时间：2019年1月11日 星期五 晚上8点30分", DAY + 73800,
	    "", "", "");
	credits_say("发布时间：2019年1月11日（周五）中午 12:05", DAY + 43500,
	    "", "", "");
	credits_say("发布时间：2019-01-11 下午 15:05", DAY + 54300, "", "", "");
	/* A time that is not understood is said. */
	reads_line("发布时间：2019-01-11 酉时3:05 来源：某");
	assert_int_equal(article.published, DAY);
	if (str_find(article.remark, STR("only the day")) == SIZE_MAX)
		fail_msg("%.*s", STR_ARG(article.remark));
	/* Nobody knows which twelve, or which month. */
	refuses("<h1>会</h1><div>发布时间：01/11/2019</div><p>" PROSE,
	    "f:1: ", "is not a date");
	refuses("<h1>会</h1><div>发布时间：2019-01-11 晚上12:00</div><p>" PROSE,
	    "f:1: ", "is not a date");
}

/* What stands above a headline on pages of governments. */
static void
a_table_above_the_headline_gives_fields(void **state)
{
	(void)state;
	reads("<title>关于检查的通知_省局</title><table>"
	      "<tr><td>索 引 号：<td>0001/2019<td>主题分类：<td>质量</tr>"
	      "<tr><td>发文机关：<td>省局<td>成文日期：<td>2019年01月05日</tr>"
	      "<tr><td>标　　题：<td colspan=3>关于检查的通知</tr>"
	      "<tr><td>发文字号：<td>琼〔2019〕1号<td>发布日期：<td>2019年01月"
	      "11日</tr></table><h1>关于检查的通知</h1><p>" PROSE);
	field_is(FIELD_TITLE, "关于检查的通知");
	field_is(FIELD_PUBLISHER, "省局");
	field_is(FIELD_KICKER, "");
	assert_int_equal(article.published, DAY);
	body_is(PROSE);
	reads("<title>关于检查的通知_省局</title><div>索引号：0001 "
	      "发布机构：省局 "
	      "发文日期：2019-01-05</div><div>关于检查的通知</div>"
	      "<div>发布时间：2019-01-11 08:28</div><p>" PROSE);
	field_is(FIELD_TITLE, "关于检查的通知");
	field_is(FIELD_KICKER, "");
	assert_int_equal(article.published, CLOCK);
	body_is(PROSE);
}

static void
the_head_alone_gives_fields(void **state)
{
	(void)state;
	/* The title stands in the head alone, and no line is long. */
	reads("<meta name=articletitle content=真标题>"
	      "<meta name=PubDate content='2019/01/11 08:28'>"
	      "<meta name=ContentSource content=某报>"
	      "<meta name=ColumnName content=动态>"
	      "<div><p>短的一段。</p><p>又一段。</p></div>");
	field_is(FIELD_TITLE, "真标题");
	field_is(FIELD_SOURCE, "某报");
	field_is(FIELD_SECTION, "动态");
	assert_int_equal(article.published, CLOCK);
	body_is("短的一段。\n\n又一段。\n");
	reads("<title>窗口的名字_某网</title><p>短的一段。</p><p>又一段。</p>");
	field_is(FIELD_TITLE, "窗口的名字");
	body_is("短的一段。\n\n又一段。\n");
	reads("<title>甲_某网</title>"
	      "<meta property='article:published_time' "
	      "content='2019-01-11T08:28:00+08:00'>"
	      "<meta property=og:title content=图谱标题><p>" PROSE);
	field_is(FIELD_TITLE, "图谱标题");
	assert_int_equal(article.published, CLOCK);
	reads(
	    "<h1>会</h1><p>于<time datetime=2019-01-11T00:28:00Z>早上</time>开"
	    "</p><p>" PROSE);
	assert_int_equal(article.published, CLOCK);
	/* What nobody can read is no reason to refuse the page. */
	reads("<h1>会</h1><meta name=PubDate content=昨天><p>" PROSE);
	assert_false(article.has_published);
	assert_str(
	    article.remark, "line 1: \"昨天\" is not a date of a known form");
}

static void
pager_is(const char *pager, const char *note)
{
	static char page[4096];

	snprintf(page, sizeof(page),
	    "<h1>会</h1><div>来源：某 时间：2019-01-11</div><div><p>%s</p>%s"
	    "</div>",
	    PROSE, pager);
	reads(page);
	body_is(PROSE);
	assert_str(article.remark, note);
}

static void
pages_that_are_missing_are_told(void **state)
{
	(void)state;
	pager_is("<p>上一页 [1] [2] [3] 下一页</p>",
	    "this is page 1 of 3: pages 2 and 3 are missing");
	pager_is("[NextPage]<p>上一页 <a href=http://a.example/1>[1]</a> [2] "
		 "<a href=http://a.example/3>[3]</a> "
		 "<a href=http://a.example/3>下一页</a></p>",
	    "this is page 2 of 3: pages 1 and 3 are missing");
	pager_is("<p>共3页 跳转到 <select><option>1</select></p>",
	    "this is page 1 of 3: pages 2 and 3 are missing");
	pager_is("<p>首页 上一页 下一页 尾页 页次：2/2</p>",
	    "this is page 2 of 2: page 1 is missing");
	pager_is("<p>第2页/共20页</p>",
	    "this is page 2 of 20: all others are missing");
	pager_is("<p><a href=http://a.example/2>下一页</a></p>",
	    "this is one of several pages: the others are missing");
	pager_is("<script>createPageHTML(4, 1, 't1', 'html');</script>",
	    "this is page 2 of 4: pages 1, 3 and 4 are missing");
	pager_is(
	    "<script>var currentPage = 0;//\nvar countPage = 2//\n</script>",
	    "this is page 1 of 2: page 2 is missing");
	pager_is("<script>createPageHTML(1, 0, 't1', 'html');</script>", "");
	pager_is("<p>共1页 1</p>", "");
	/* A pager above the text, and where an editor has split it. */
	reads("<h1>会</h1><div>来源：某 时间：2019-01-11</div><div>"
	      "<p>上一页 [1] [2] 下一页</p><p>甲。</p><p>[NextPage]</p><p>乙。"
	      "[nextpage=续]</p></div>");
	body_is("甲。\n\n乙。\n");
	reads("<h1>会</h1><div>来源：某 时间：2019-01-11</div><div><p>甲。</p>"
	      "<p>[page]</p><p>乙。#p#续一#e#</p><p>_ueditor_page_break_tag_"
	      "</p><p>[page]续二[/page]</p><p>丙。$$PAGE$$</p>"
	      "<p>[--分页--]</p><p>丁。{nextpage}</p></div>");
	body_is("甲。\n\n乙。续一\n\n续二\n\n丙。\n\n丁。\n");
	/* Numbers at the end are values, unless a pager's links stand there. */
	reads("<h1>会</h1><div>来源：某 时间：2019-01-11</div><div>"
	      "<p>甲。</p><p>电话</p><p>66666666</p><p>2019：100</p></div>");
	body_is("甲。\n\n电话\n\n66666666\n\n2019：100\n");
	reads("<h1>会</h1><div>来源：某 时间：2019-01-11</div><div><p>甲。</p>"
	      "<p>1<a href=http://a.example/2>2</a>"
	      "<a href=http://a.example/2>&gt;&gt;</a></p></div>");
	body_is("甲。\n");
	/* Numbers are no pager, and neither is prose. */
	reads("<h1>会</h1><div>来源：某 时间：2019-01-11</div><div>"
	      "<p>见下一页的表。</p><p>1 2 3</p><p>" PROSE "</p></div>");
	body_is("见下一页的表。\n\n1 2 3\n\n" PROSE);
	assert_str(article.remark, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(labels_of_credits_are_read),
	    TEST(clock_times_of_each_kind_are_read),
	    TEST(a_table_above_the_headline_gives_fields),
	    TEST(the_head_alone_gives_fields),
	    TEST(pages_that_are_missing_are_told),
	    TEST(a_captured_page_gives_each_field),
	    TEST(a_repeated_headline_tells_what_is_around),
	    TEST(credits_may_be_anywhere_or_missing),
	    TEST(text_ends_before_pagers_and_footers),
	    TEST(each_mistake_in_a_capture_is_named),
	    TEST(a_long_capture_is_read_or_refused),
	    TEST(each_cut_of_a_capture_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
