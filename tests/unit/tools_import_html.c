/* SPDX-License-Identifier: ISC */
/* HTML pages: encodings, layout, hidden text, links, tables, hostile nests. */
#include "import_fixture.h"

#include <iconv.h>

#include "base/utf8.h"

#define PROSE                                                                              \
	"这是一个足够长的自然段,它说明了会议的时间、地点和内容," \
	"所以不会被当成标题或者"                                                \
	"副题来看待。"
#define PAGE(body)                                                                \
	"<html><body><h1>大会召开</h1><div class=info>文章来源：某报 " \
	"发布时间：2019-01-11 08:28:10</div><div class=text>" body                \
	"</div></body></html>"

static void
a_page_in_gbk_is_read(void **state)
{
	(void)state;
	reads_file("tests/import/page-gbk.html");
	assert_int_equal(article.kind, ARTICLE_HTML);
	/* A character that GB2312 has not, in a page that says GB2312. */
	field_is(FIELD_TITLE, "鎔金公司参与制定灯具标准");
	field_is(FIELD_SECTION, "海南标准化动态");
	field_is(FIELD_BYLINE, "林青");
	field_is(FIELD_SOURCE, "椰岛日报");
	field_is(FIELD_SOURCE_URL, "http://daily.example.org/a?b=1&c=2");
	assert_int_equal(article.published, 1204679220);
	body_is("三月四日，椰岛市鎔金公司在市标准化协会的组织下参与制定室内灯具"
		"的地方"
		"标准，详情见通知。\n\n"
		"=> http://www.example.org/bz/files/notice%201.doc 通知\n\n"
		"## 一、指标\n\n"
		"* 项目: 光效; 一级: 不低于 100; 二级: 不低于 80\n"
		"* 项目: 寿命; 一级: 3 年; 二级: 2 年\n\n"
		"### 二、办法\n\n* 抽样\n* 测量\n\n"
		"=> http://www.example.org/method 测量方法\n\n"
		"\xE2\x80\x8B=> 这一行以箭头开头，不是链接。\n\n"
		"> 标准是给用的人写的。\n\n（图：测量现场）\n");
}

static void
a_page_in_utf8_is_read(void **state)
{
	(void)state;
	reads_file("tests/import/page-utf8.html");
	field_is(FIELD_TITLE, "海洋标准座谈会举行");
	field_is(FIELD_SECTION, "国内外标准化动态");
	field_is(FIELD_SUBTITLE, "——听取渔民和船厂的意见");
	field_is(FIELD_BYLINE, "（记者 王越）");
	assert_int_equal(article.published, 1751358000);
	body_is("七月一日，海洋标准座谈会在椰岛市举行，渔民、船厂和检验机构的代"
		"表谈了"
		"各自的意见。\n\n会议纪要见会议纪要和来信。\n\n"
		"=> https://portal.example.org/files/a.pdf 会议纪要\n"
		"=> mailto:a@example.org 来信\n");
}

static void
hidden_text_is_left_out(void **state)
{
	(void)state;
	reads(PAGE("<p>" PROSE "</p><script>var a = '</p>秘密';</script>"
		   "<style>p {}</style><!-- 秘密 --><noscript>秘密</noscript>"
		   "<p hidden>秘密</p><p style='Display : NONE'>秘密</p>"
		   "<iframe>秘密</iframe><select><option>秘密</select>"
		   "<nav>秘密</nav><textarea>秘密</textarea>"));
	body_is(PROSE "\n");
}

static void
elements_become_lines_of_gemtext(void **state)
{
	(void)state;
	reads(PAGE("<p>" PROSE "</p>甲<br>　　乙<br/><br>丙"
		   "<ol><li>一<li><p>二</p><p>三</p></ol>"
		   "<h4>小</h4><pre>子\n丑</pre>"
		   "<blockquote><p>寅</p>卯</blockquote>"
		   "<p># 辰</p><p>```</p><p>* 巳</p>"));
	body_is(PROSE
	    "\n\n甲\n\n乙\n\n丙\n\n* 1. 一\n* 2. 二\n\n三\n\n### 小\n\n```\n"
	    "子\n丑\n```\n\n> 寅\n> 卯\n\n\xE2\x80\x8B# 辰\n\n"
	    "\xE2\x80\x8B```\n\n\xE2\x80\x8B* 巳\n");
}

static void
only_whole_addresses_become_links(void **state)
{
	(void)state;
	/* Where the page's address is not known, only whole URLs are links. */
	reads(PAGE(
	    "<p>" PROSE "<a href='/x'>甲</a></p>"
	    "<p><a href='javascript:alert(1)'>乙</a></p>"
	    "<p><a href='data:text/html,x'>丙</a> <a href='#top'>丁</a></p>"
	    "<p><a href='https://example.org/a b\n\"c'>戊</a></p>"
	    "<p>己<a href=' http://example.org/%zz'>庚</a></p>"
	    "<p><a href='\n http://例子.\r\n\t测试/list.asp?\n{1}|2 "
	    "'>子</a></p>"
	    "<p><a href='java&#9;script:alert(1)'>丑</a></p>"
	    "<p>寅<a href='\\\\h\\x.doc'>卯</a></p>"
	    "<p>辛<a href='https://example.org/中'>壬<br>癸</a></p>"));
	body_is(PROSE
	    "甲（/x）\n\n乙\n\n丙 丁\n\n"
	    "=> https://example.org/a%20b%22c 戊\n\n"
	    "己庚\n\n=> http://example.org/%25zz 庚\n"
	    "=> http://xn--fsqu00a.xn--0zwm56d/list.asp?%7B1%7D%7C2 子\n\n"
	    "丑\n\n寅卯（\\\\h\\x.doc）\n\n"
	    "辛壬\n\n=> https://example.org/%E4%B8%AD 壬 癸\n");
}

static void
links_are_resolved_from_the_base(void **state)
{
	(void)state;
	reads(
	    "<html><head><base href='http://a.example:8080/b/c/d?e'></head>"
	    "<body><h1>大会召开</h1><p>来源：某报 时间：2019-01-11</p><p>" PROSE
	    "</p><p><a href='../f?g=h'>甲</a></p><p><a href='//i.example/j'>乙"
	    "</a></p><p><a href='/k'>丙</a></p></body>");
	body_is(PROSE "\n\n=> http://a.example:8080/b/f?g=h 甲\n"
		      "=> http://i.example/j 乙\n"
		      "=> http://a.example:8080/k 丙\n");
}

static void
tables_become_items(void **state)
{
	(void)state;
	reads(PAGE(
	    "<p>" PROSE "</p><table><tr><td>地点<td>海口<tr><td>时间"
	    "<td>九点</table>"
	    "<table><caption>表</caption><tbody><tr><td>序号<td>标准号<td>名称"
	    "</tbody><tbody><tr><td>1<td>GB/T 1<td>甲<tr><td>2<td><td>乙"
	    "<tr><td colspan=3>完</tbody></table>"));
	body_is(PROSE "\n\n* 地点: 海口\n* 时间: 九点\n\n表\n\n"
		      "* 序号: 1; 标准号: GB/T 1; 名称: 甲\n"
		      "* 序号: 2; 标准号: —; 名称: 乙\n\n完\n");
	/* A table with texts in it is layout. */
	reads(PAGE("<table><tr><td><ul><li>甲</ul><td>乙<tr><td><p>" PROSE
		   "</p><td>丙</table>"));
	body_is("* 甲\n\n乙\n\n" PROSE "\n\n丙\n");
	/* A page that is little else than one. */
	reads("<h1>公告</h1><table><tr><td>甲<td>" PROSE "<tr><td>乙<td>" PROSE
	      "</table><p>完");
	body_is("* 甲: " PROSE "\n* 乙: " PROSE "\n\n完\n");
	/* Groups in groups, empty rows, no rows. */
	reads(PAGE("<p>" PROSE "</p><table></table><table><tbody></tbody>"
		   "<tr></tr><thead><tr><td>甲</thead></table>"));
	body_is(PROSE "\n\n甲\n");
}

static void
a_page_without_credits_is_read(void **state)
{
	(void)state;
	reads("<html><head><title>大会召开_某网</title></head><body>"
	      "<div><a href=/>首页</a> <a "
	      "href=/b>菜单</a></div><div><div><p>" PROSE "</p><p>" PROSE
	      "</p></div></div><div>版权所有</div></body></html>");
	field_is(FIELD_TITLE, "大会召开");
	body_is(PROSE "\n\n" PROSE "\n");
}

/* What real pages do: labels and values in cells of their own, a picture
 * before the byline, credits in a row of spans. */
static void
layouts_of_real_pages_are_read(void **state)
{
	(void)state;
	reads("<table><tr><td>您现在的位置是:服务 》公告 》</table><table><tr>"
	      "<td colspan=4><b>关于发布的公告</b><tr><td>文章来源：<td>省局"
	      "<td>发布时间：<td>2018/5/4</"
	      "table><table><tr><td>各市县：<br>　　" PROSE
	      "<p align=right>省局<br>2018年5月4日</table><div>共1页 1</div>"
	      "<div>版权所有");
	field_is(FIELD_TITLE, "关于发布的公告");
	field_is(FIELD_SECTION, "公告");
	field_is(FIELD_SOURCE, "省局");
	assert_int_equal(article.published, 1525363200);
	body_is("各市县：\n\n" PROSE "\n\n省局\n\n2018年5月4日\n");
	reads(
	    "<div><a href=/>首页</a></div><div><div "
	    "class=t><h2>年会召开</h2></div>"
	    "<div><span>来源：<a "
	    "href='http://a.example/'>某报</a></span><span> 时间："
	    "2021-01-27 10:00</span><span>【字体：<a href='#'>大</a> "
	    "小】</span></div>"
	    "<div id=zoom><p><img alt=现场></p><p>本报讯（记者 李 明）" PROSE
	    "</p></div><div>分享到：<a href='#'>微信</a></div><div>"
	    "<a href=/1>上一篇：别的</a></div></div><div>主办单位：某某</div>");
	field_is(FIELD_TITLE, "年会召开");
	field_is(FIELD_SOURCE, "某报");
	field_is(FIELD_SOURCE_URL, "http://a.example/");
	field_is(FIELD_BYLINE, "本报讯（记者 李明）");
	body_is("（图：现场）\n\n" PROSE "\n");
}

static void
meta_elements_give_fields(void **state)
{
	(void)state;
	reads("<html><head><meta name=articletitle content='真标题'>"
	      "<meta name=PubDate content='2020-02-03 04:05'>"
	      "<meta name=ContentSource content='某报'>"
	      "<meta name=Author content='王 越'></head>"
	      "<body><p>" PROSE "</p></body></html>");
	field_is(FIELD_TITLE, "真标题");
	field_is(FIELD_SOURCE, "某报");
	field_is(FIELD_BYLINE, "王越");
	assert_int_equal(article.published, 1580673900);
	body_is(PROSE "\n");
}

static void
an_encoding_that_is_false_is_refused(void **state)
{
	(void)state;
	refuses("<html><meta charset=gbk>\n<p>\xFF\xFF</p>",
	    "f:2: ", "says it is gbk");
	refuses("<html><meta charset=klingon>", "f: ", "not known here");
	refuses("<html>\n<p>\xB1\xEA\xFF</p>", "f:2: ", "not UTF-8");
	refuses_bytes(STR("<html>\n\n<p>a\0b</p>"), "f:3: ", "NUL");
	refuses("<html><meta charset=gbk><p>\xB1", "f:1: ", "gbk");
	/* UTF-7 would make tags of letters: it is decoded before any is
	 * looked for, and then they are tags like others. */
	refuses("<html><meta charset=utf-7><title>+ADw-b+AD4-</title>",
	    "f: ", "no ");
}

/* With a mark; all of text is in the first plane. */
static struct str
as_utf16(const char *utf8, bool little, char bytes[256])
{
	struct str rest = str_from(utf8);
	size_t n = 0;
	uint32_t c = 0xFEFF;

	for (;;) {
		bytes[n + little] = (char)(c >> 8);
		bytes[n + !little] = (char)(c & 0xFF);
		n += 2;
		if (rest.len == 0)
			return (struct str){bytes, n};
		c = utf8_next(&rest);
	}
}

#define NAMED(head, mark)                             \
	head "<title>x</title><h1>\xB4\xF3\xBB\xE1</" \
	     "h1><p>\xC4\xDA\xC8\xDD " mark "</p>"

/* What a page says of itself, and what its bytes bear out. */
static void
the_named_encoding_needs_to_fit(void **state)
{
	static const char *const utf8[] = {"<meta charset=gb2312>",
	    "<meta charset=big5>", "<meta charset=utf-16>",
	    "<meta name=description content='charset=gbk'>",
	    "<meta data-charset=gbk>", "<!-- <meta charset=gbk> -->",
	    "<meta http-equiv=refresh content='1; charset=gbk'>",
	    "<div title='<meta charset=gbk>'></div>"};
	static const char *const gbk[] = {
	    NAMED("<meta charset=gb2312>", "\xE6\x46\x80"),
	    NAMED("<meta content='text/html; charset = \"GBK\"' "
		  "http-equiv=Content-Type>",
		"\xE6\x46"),
	    NAMED("<meta charset=utf-8><meta http-equiv=content-type "
		  "content=text/html;charset=x-gbk>",
		"\xE6\x46"),
	    NAMED("<?xml version='1.0' encoding='gb18030'?>", "\xE6\x46"),
	    NAMED("<html>", "\xE6\x46")};
	char page[512];

	(void)state;
	for (size_t i = 0; i < sizeof(utf8) / sizeof(*utf8); i++) {
		snprintf(page, sizeof(page), "<html>%s<h1>大会</h1><p>内容",
		    utf8[i]);
		reads(page);
		field_is(FIELD_TITLE, "大会");
		body_is("内容\n");
	}
	reads("\xEF\xBB\xBF<html><meta charset=gbk><h1>a</h1><p>é");
	body_is("é\n");
	for (size_t i = 0; i < sizeof(gbk) / sizeof(*gbk); i++) {
		reads(gbk[i]);
		field_is(FIELD_TITLE, "大会");
		body_is(i == 0 ? "内容 鍲€\n" : "内容 鍲\n");
	}
	assert_str(
	    article.remark, "not UTF-8 and says nothing: read as GB18030");
	reads("<meta charset=big5><h1>\xBB\x4F\xC6\x57</h1><p>\xBC\xD0");
	field_is(FIELD_TITLE, "臺灣");
	/* Latin that is. */
	reads("<meta charset=iso-8859-1><h1>Caf\xE9</h1><p>R\xE9union, 5\x80");
	field_is(FIELD_TITLE, "Café");
	body_is("Réunion, 5€\n");
	/* A mark tells UTF-16, whatever else is said. */
	for (int little = 0; little < 2; little++) {
		char bytes[256];
		assert_int_equal(
		    read_bytes(
			as_utf16("<meta charset=gbk><h1>大会</h1><p>内容",
			    little, bytes),
			ARTICLE_ANY),
		    OK);
		field_is(FIELD_TITLE, "大会");
		body_is("内容\n");
		assert_str(article.remark,
		    little ? "read as UTF-16LE" : "read as UTF-16BE");
		assert_int_equal(
		    read_bytes(
			as_utf16("甲会议\n\n内容", little, bytes), ARTICLE_ANY),
		    OK);
		field_is(FIELD_TITLE, "甲会议");
	}
	/* One broken character does not make a page GBK. */
	refuses("<h1>大会</h1>\n<p>内容\n<p>坏\xE4\xBD\n<p>好",
	    "f:3: ", "not UTF-8");
	refuses(
	    "<meta charset=utf-8><h1>\xB4\xF3\xBB\xE1", "f:1: ", "not UTF-8");
}

/* Text in another encoding, in the arena. */
static struct str
encoded(const char *utf8, const char *name)
{
	iconv_t from_utf8 = iconv_open(name, "UTF-8");
	size_t left = strlen(utf8), room = 4 * left + 16, all = room;
	char *from = (char *)(uintptr_t)arena_str(arena, str_from(utf8)).data;
	char *to = arena_alloc(arena, room), *bytes = to;

	assert_true(from_utf8 != (iconv_t)-1);
	assert_non_null(from);
	assert_non_null(to);
	assert_int_equal(iconv(from_utf8, &from, &left, &to, &room), 0);
	iconv_close(from_utf8);
	return (struct str){bytes, all - room};
}

#define SIMPLE "某市近日开展标准化工作，二百余人参加会议，讨论了有关问题。"
#define COMPLEX "某市近日開展標準化工作，二百餘人參加會議，討論了有關問題。"

/* Whatever a page says by habit, its characters tell what it is. */
static void
the_bytes_decide_on_the_encoding(void **state)
{
	static const char *const heads[] = {"<meta charset=utf-8>",
	    "<meta charset=iso-8859-1>", "<META CHARSET='Windows-1252'>",
	    "<meta charset=us-ascii>", "<meta charset=gb2312>",
	    "<meta charset=big5>", "<meta charset=''>", ""};
	static const struct {
		const char *text, *name;
	} texts[] = {{SIMPLE, "GB18030"}, {COMPLEX, "BIG5-HKSCS"}};
	static const char *const plain[] = {"GB18030", "BIG5-HKSCS"};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		for (size_t k = 0; k < 2; k++) {
			struct str page = arena_printf(arena,
			    "<html>%s<h1>x</h1><p>%s", heads[i], texts[k].text);
			assert_int_equal(
			    read_bytes(
				encoded(page.data, texts[k].name), ARTICLE_ANY),
			    OK);
			assert_str(
			    article.body, k == 0 ? SIMPLE "\n" : COMPLEX "\n");
			if (i < 4 &&
			    str_find(article.remark, STR("says it is")) ==
				SIZE_MAX)
				fail_msg("%s: nothing said", heads[i]);
		}
	for (size_t k = 0; k < 2; k++) {
		struct str text =
		    arena_printf(arena, "甲\n\n%s\n", texts[k].text);
		assert_int_equal(
		    read_bytes(encoded(text.data, plain[k]), ARTICLE_ANY), OK);
		assert_str(article.body, k == 0 ? SIMPLE "\n" : COMPLEX "\n");
	}
	/* What is Western or Japanese is not made Chinese. */
	assert_int_equal(
	    read_bytes(encoded("<meta charset=iso-8859-1><h1>x</h1><p>"
			       "Caf\u00e9 cr\u00e8me, d\u00e9j\u00e0 "
			       "\u00e9t\u00e9 \u00e0 No\u00ebl, "
			       "\u00fcberm\u00e4\u00dfig gro\u00df",
			   "CP1252"),
		ARTICLE_ANY),
	    OK);
	body_is("Café crème, déjà été à Noël, übermäßig groß\n");
	assert_int_equal(read_bytes(encoded("<meta charset=x-sjis><h1>x</h1>"
					    "<p>標準化の会議が開かれました",
					"CP932"),
			     ARTICLE_ANY),
	    OK);
	body_is("標準化の会議が開かれました\n");
	assert_int_equal(
	    read_bytes(encoded("<meta charset=euc-kr><h1>x</h1>"
			       "<p>표준화 회의가 열렸습니다 많은 사람이",
			   "EUC-KR"),
		ARTICLE_ANY),
	    OK);
	body_is("표준화 회의가 열렸습니다 많은 사람이\n");
}

/* UTF-16 needs no mark. */
static void
utf16_needs_no_mark(void **state)
{
	static const char *const names[] = {"UTF-16LE", "UTF-16BE"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
		    read_bytes(
			encoded("<html><meta charset=gbk><title>x"
				"</title><h1>大会</h1><p>" SIMPLE "</p></html>",
			    names[i]),
			ARTICLE_ANY),
		    OK);
		field_is(FIELD_TITLE, "大会");
		body_is(SIMPLE "\n");
		assert_int_equal(
		    read_bytes(encoded("标题：大会\r\n栏目：zcfg\r\n\r\n"
				       "内容。\r\n",
				   names[i]),
			ARTICLE_ANY),
		    OK);
		field_is(FIELD_SECTION, "zcfg");
	}
}

static void
a_page_without_title_or_body_is_refused(void **state)
{
	(void)state;
	refuses("<html></html>", "f: ", "no title");
	refuses("<!-- -->", "f: ", "no ");
	refuses(
	    "<html><body><p>文章来源：某报 发布时间：2019-01-11</p><p>" PROSE,
	    "f:1: ", "no title");
	refuses("<h1>大会</h1><p>文章来源：某报 发布时间：2019-01-11</p>",
	    "f: ", "no body");
	refuses("<h1>大会</h1>\n<p>文章来源：某报 发布时间：昨天</p><p>" PROSE,
	    "f:2: ", "is not a date");
}

static void
elements_that_are_too_deep_are_refused(void **state)
{
	static const char *const tags[] = {"<div>", "<b>", "<table><tr><td>",
	    "<ul><li>", "<blockquote>", "<a href=x>", "<font><p>"};

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		enum err err = read_bytes(
		    repeated("<html><h1>大会</h1>", tags[i], 100000, PROSE),
		    ARTICLE_ANY);
		assert_true(err == OK || err == ERR_INPUT);
	}
	refuses_bytes(repeated("<html><h1>大会</h1>", "<div>", 100000, PROSE),
	    "f:1: ", "too deep");
}

static void
a_long_page_is_read_or_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    read_bytes(
		repeated("<h1>大会</h1><p>来源：某 时间：2019-01-01</p><p>",
		    "长", 350000, "</p>"),
		ARTICLE_ANY),
	    OK);
	assert_int_equal(article.body.len, 350000 * 3 + 1);
	/* Many lines, many links in one line, many cells, an attribute of a
	 * mebibyte. */
	refuses_bytes(
	    repeated("<h1>大会</h1>", "<p>a", 240000, ""), "f: ", "too long");
	refuses_bytes(repeated("<h1>大会</h1>", "\n<p>a", 260000, ""),
	    "f:249998: ", "elements and texts");
	assert_int_equal(
	    read_bytes(repeated("<h1>大会</h1><p>" PROSE,
			   "<a href='http://a.example/'>b</a>", 20000, ""),
		ARTICLE_ANY),
	    OK);
	refuses_bytes(repeated("<h1>大会</h1><p>" PROSE "<table><tr>", "<td>a",
			  50000, "<tr><td>a<td>b<tr><td>a<td>b"),
	    "f:1: ", "more than 200 columns");
	assert_int_equal(
	    read_bytes(repeated("<h1>大会</h1><p>" PROSE "<a href='http://a/",
			   "x", 1024 * 1024, "'>b</a>"),
		ARTICLE_ANY),
	    OK);
	body_is(PROSE "b（…）\n");
}

static void
each_cut_of_a_page_is_read_or_refused(void **state)
{
	static const char page[] = PAGE(
	    "<p>" PROSE "<a href=http://a.example/>甲</a></p>"
	    "<table><tr><td>乙<td>丙<tr><td>丁<td>戊</table>&amp;&#20013;");

	(void)state;
	for (size_t i = 0; i < sizeof(page); i++)
		if (read_bytes((struct str){page, i}, ARTICLE_HTML) == OK)
			assert_true(article.body.len > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_page_in_gbk_is_read),
	    TEST(a_page_in_utf8_is_read),
	    TEST(hidden_text_is_left_out),
	    TEST(elements_become_lines_of_gemtext),
	    TEST(only_whole_addresses_become_links),
	    TEST(links_are_resolved_from_the_base),
	    TEST(tables_become_items),
	    TEST(a_page_without_credits_is_read),
	    TEST(layouts_of_real_pages_are_read),
	    TEST(meta_elements_give_fields),
	    TEST(an_encoding_that_is_false_is_refused),
	    TEST(the_named_encoding_needs_to_fit),
	    TEST(the_bytes_decide_on_the_encoding),
	    TEST(utf16_needs_no_mark),
	    TEST(a_page_without_title_or_body_is_refused),
	    TEST(elements_that_are_too_deep_are_refused),
	    TEST(a_long_page_is_read_or_refused),
	    TEST(each_cut_of_a_page_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
