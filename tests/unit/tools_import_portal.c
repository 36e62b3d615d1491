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
test_fixture(void **state)
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
test_headlines(void **state)
{
	(void)state;
	/* No repeated headline: nothing is taken for one. */
	reads(MENU "大会召开\n" CREDITS "短的一段。\n\n" PROSE);
	field_is(FIELD_TITLE, "大会召开");
	assert_false(article_has(&article, FIELD_KICKER));
	assert_false(article_has(&article, FIELD_SUBTITLE));
	body_is("短的一段。\n\n" PROSE);
	/* Repeated without anything above or below. */
	reads(MENU "大会 召开\n" CREDITS "大会召开\n\n" PROSE);
	assert_false(article_has(&article, FIELD_KICKER));
	assert_false(article_has(&article, FIELD_SUBTITLE));
	body_is(PROSE);
	/* A sentence above it is no line above: it stays. */
	reads(MENU "大会召开\n" CREDITS
		   "编者按：写了一句话。\n\n大会召开\n\n" PROSE);
	assert_false(article_has(&article, FIELD_KICKER));
	body_is("编者按：写了一句话。\n\n大会召开\n\n" PROSE);
	/* A dash makes a line below. */
	reads(MENU "大会召开\n" CREDITS "——记某某市大会\n\n" PROSE);
	field_is(FIELD_SUBTITLE, "——记某某市大会");
	body_is(PROSE);
	/* The only text below the headline is the text. */
	reads(MENU "大会召开\n" CREDITS "大会召开\n\n今天开会\n");
	assert_false(article_has(&article, FIELD_SUBTITLE));
	body_is("今天开会\n");
}

static void
test_credits_elsewhere(void **state)
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
test_end(void **state)
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
test_refusals(void **state)
{
	(void)state;
	/* Between the place and the credits there is nothing. */
	refuses("您现在的位置是:服务 》动态 》\n" CREDITS PROSE,
	    "f:2: ", "no title");
	refuses(MENU "大会\n" CREDITS "\n 共1页 1\n", "f: ", "no body");
	refuses("您现在的位置是:服务 》\n大会\n文章来源:某 发布时间: "
		"2019-13-01\n" PROSE,
	    "f:3: ", "\"2019-13-01\" is no date");
	refuses("您现在的位置是:服务 》\n", "f: ", "no title");
	refuses("文章来源:某 发布时间: 2019-01-01\n", "f:1: ", "no title");
	refuses(MENU "大会\n" CREDITS "\xFF\n", "f:8: ", "not UTF-8");
	refuses_bytes(STR("您现在的位置是:服务 》\n大会\0\n"), "f:2: ", "NUL");
}

static void
test_long(void **state)
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
test_every_cut(void **state)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_fixture),
	    TEST(test_headlines),
	    TEST(test_credits_elsewhere),
	    TEST(test_end),
	    TEST(test_refusals),
	    TEST(test_long),
	    TEST(test_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
