/* SPDX-License-Identifier: ISC */
/* Lines and pages cut out of long texts, and the digest of a text. */
#include "store/functions/functions.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/zone.h"
#include "base/utf8.h"

static sqlite3 *db;

static int
set_up(void **state)
{
	(void)state;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	return functions_register(db, NULL) != SQLITE_OK;
}

static int
tear_down(void **state)
{
	(void)state;
	return sqlite3_close(db);
}

/* The text that SQL with ?1 and ?2 gives, into out; false: NULL. */
static bool
get(struct buf *out, const char *sql, struct str one, int64_t two)
{
	sqlite3_stmt *statement;
	bool is_text;

	buf_clear(out);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_bind_text(statement, 1, one.data, (int)one.len, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, two);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	is_text = sqlite3_column_type(statement, 0) != SQLITE_NULL;
	if (is_text)
		buf_add(out, sqlite3_column_text(statement, 0),
		    (size_t)sqlite3_column_bytes(statement, 0));
	sqlite3_finalize(statement);
	return is_text;
}

static void
assert_line(const char *sql, const char *text, int64_t n, const char *wanted)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_true(get(&out, sql, str_from(text), n));
	buf_char(&out, '\0');
	assert_string_equal(out.data, wanted);
	buf_release(&out);
}

#define SNIPPET(words) "SELECT text_snippet(?1, '" words "', ?2)"
#define EXCERPT "SELECT text_excerpt(?1, ?2)"

static const char article[] = "# 国家标准\n"
			      "=> /a 起草 单位\r\n"
			      "=> gemini://secret.example\n"
			      "\n"
			      "第一段。  质量\t管理。\n"
			      "* 项目一\n"
			      "> 引文\n"
			      ">引文二\n"
			      "```sh\n"
			      "# code\n"
			      "```\n"
			      "末段 ＩＳＯ 9001 标准。\n";

static void
a_snippet_shows_the_words_found(void **state)
{
	(void)state;
	assert_line(SNIPPET("nowhere"), article, 200,
	    "国家标准 起草 单位 第一段。 质量 管理。 项目一 引文 引文二 "
	    "code 末段 ＩＳＯ 9001 标准。");
	assert_line(SNIPPET("nowhere"), article, 4, "国家标准…");
	assert_line(SNIPPET("管理"), article, 8, "…量 管理。 项目…");
	assert_line(SNIPPET("质 一"), article, 4, "…第一段。…");
	assert_line(SNIPPET("iso9001标准"), article, 9, "…段 ＩＳＯ 900…");
}

static void
a_snippet_of_anything_is_one_clean_line(void **state)
{
	(void)state;
	assert_line(SNIPPET("x"), "", 10, "");
	assert_line(SNIPPET("x"), "\n\n \n", 10, "");
	assert_line(SNIPPET(""), "标准", 1, "标…");
	assert_line(SNIPPET("准"), "标准", 1, "…准");
	assert_line(SNIPPET("准"), "标准", -5, "…准");
	assert_line(SNIPPET("准"), "标准", INT64_MAX, "标准");
	/* What could be a second line, an escape, or backwards is none. */
	assert_line(SNIPPET("b"),
	    "a\x1B[31m\xE2\x80\xA9"
	    "b\xE2\x80\xAE\xFF",
	    90, "a [31m b\xEF\xBF\xBD");
	assert_line(SNIPPET("x"), "=>\n=> \n=>/a\n####\n*\n>\n```", 90, "# *");
}

static void
an_excerpt_is_the_first_prose(void **state)
{
	(void)state;
	assert_line(EXCERPT, article, 90, "第一段。 质量 管理。");
	assert_line(EXCERPT, article, 5, "第一段。…");
	assert_line(EXCERPT, "# a\n\none\n\ntwo\n# b\nthree\n", 90, "one two");
	assert_line(EXCERPT, "```\ncode\n```\nprose\n", 90, "prose");
	assert_line(EXCERPT, "* a\n* b\n", 90, "a b");
	assert_line(EXCERPT, "", 90, "");
}

static size_t
page_count(struct str text, int64_t characters)
{
	struct buf out;
	size_t n;

	buf_init(&out, 100);
	assert_true(get(&out, "SELECT text_pages(?1, ?2)", text, characters));
	buf_char(&out, '\0');
	n = (size_t)strtoul(out.data, NULL, 10);
	buf_release(&out);
	return n;
}

/* All pages together are the text; says the longest in characters. */
static size_t
assert_whole(struct str text, int64_t characters)
{
	size_t n = page_count(text, characters), longest = 0;
	struct buf page, all;
	char sql[64];

	buf_init(&page, 1 << 20);
	buf_init(&all, 1 << 20);
	for (size_t i = 1; i <= n; i++) {
		struct str line;
		snprintf(sql, sizeof(sql), "SELECT text_page(?1, %zu, ?2)", i);
		assert_true(get(&page, sql, text, characters));
		buf_str(&all, buf_view(&page));
		line = buf_view(&page);
		if (utf8_count(line) > longest)
			longest = utf8_count(line);
	}
	assert_true(str_equal(buf_view(&all), text));
	snprintf(sql, sizeof(sql), "SELECT text_page(?1, %zu, ?2)", n + 1);
	assert_false(get(&page, sql, text, characters));
	assert_false(get(&page, "SELECT text_page(?1, 0, ?2)", text, 100));
	assert_false(get(&page, "SELECT text_page(?1, -1, ?2)", text, 100));
	buf_release(&page);
	buf_release(&all);
	return longest;
}

static void
long_text_is_cut_into_pages(void **state)
{
	struct buf text;

	(void)state;
	assert_int_equal(page_count(STR(""), 1000), 1);
	assert_int_equal(assert_whole(STR(""), 1000), 0);
	assert_int_equal(page_count(STR("x"), 0), 1);
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 100; i++) {
		for (int j = 0; j < 19; j++)
			buf_text(&text, "字");
		buf_text(&text, i % 2 ? "\n" : "\r\n");
	}
	/* 100 lines of 20 or 21 characters. */
	assert_int_equal(page_count(buf_view(&text), 500), 4);
	assert_in_range(assert_whole(buf_view(&text), 500), 490, 630);
	assert_int_equal(page_count(buf_view(&text), 5000), 1);
	/* A tail too small for a page stays with the page before it. */
	assert_int_equal(page_count(buf_view(&text), 2000), 1);
	buf_release(&text);
}

static void
a_page_keeps_a_group_with_its_heading(void **state)
{
	struct buf text, page;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_init(&page, 1 << 20);
	for (int i = 0; i < 10; i++)
		buf_text(&text, "ten chars\n");
	buf_text(&text, "\n# heading\n## another\n\n```\n");
	for (int i = 0; i < 50; i++)
		buf_text(&text, "in the group\n\n");
	buf_text(&text, "```\n");
	for (int i = 0; i < 12; i++)
		buf_text(&text, "ten chars\n");
	assert_int_equal(page_count(buf_view(&text), 100), 3);
	assert_true(
	    get(&page, "SELECT text_page(?1, 2, ?2)", buf_view(&text), 100));
	/* The headings go with their group, the group is whole. */
	assert_true(str_starts(buf_view(&page), STR("# heading\n")));
	assert_true(str_ends(buf_view(&page), STR("```\n")));
	assert_whole(buf_view(&text), 100);
	buf_release(&text);
	buf_release(&page);
}

static void
pages_of_anything_are_the_whole_text(void **state)
{
	static const char *const bits[] = {"\n", "\r\n", "```", "# ", "\n\n",
	    "标准", "\xFF", "\xE6\xA0", "=> ", " ", "long text ", "\n```\n",
	    "\n# h\n"};
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct buf text;
		buf_init(&text, 1 << 20);
		for (int j = 0; j < i; j++) {
			seed = seed * 6364136223846793005u + 1;
			buf_text(&text,
			    bits[(seed >> 33) %
				(sizeof(bits) / sizeof(*bits))]);
		}
		assert_whole(buf_view(&text), 100);
		buf_release(&text);
	}
}

static void
text_clean_keeps_tabs_and_line_ends(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_true(get(&out, "SELECT text_clean(?1) -- ?2",
	    STR("GB\t1\r2\v3\u20284\x1B"
		"5\u200B6\u00AD7\uFEFF8\u202E\n标 准\xC2\x85\xFF"),
	    0));
	assert_true(str_equal(
	    buf_view(&out), STR("GB\t1\n2\n3\n4 5678\n标 准\n\uFFFD")));
	assert_true(get(&out, "SELECT text_clean(?1) -- ?2", STR(""), 0));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void
text_is_padded_to_columns_of_a_terminal(void **state)
{
	static const struct row {
		const char *text;
		int64_t columns;
		const char *left, *right;
	} rows[] = {{"ab", 4, "ab  ", "  ab"}, {"标准", 6, "标准  ", "  标准"},
	    {"标准", 4, "标准", "标准"}, {"标准号", 5, "标准…", "标准…"},
	    {"标准号", 4, "标… ", " 标…"}, {"标准", 1, "…", "…"},
	    {"a\u0301b", 6, "a\u0301b    ", "    a\u0301b"}, {"x", 0, "", ""},
	    {"x", -3, "", ""}, {"", 2, "  ", "  "},
	    {"a\nb\x1b[1m", 8, "a b [1m ", " a b [1m"},
	    {"a\xff", 3, "a\uFFFD ", " a\uFFFD"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];

		assert_line("SELECT text_pad(?1, ?2)", row->text, row->columns,
		    row->left);
		assert_line("SELECT text_pad(?1, ?2, 'right')", row->text,
		    row->columns, row->right);
	}
	assert_line("SELECT text_pad(NULL, 2) || ?1 -- ?2", "|", 0, "  |");
	assert_line("SELECT length(text_pad(?1, ?2))", "x", INT64_MAX, "256");
}

static void
a_bar_is_as_long_as_its_number(void **state)
{
	static const struct row {
		const char *call, *bar;
	} rows[] = {{"bar(4, 8, 6)", "███"}, {"bar(8, 8, 3)", "███"},
	    {"bar(9, 8, 3)", "███"}, {"bar(0, 8, 3)", ""},
	    {"bar(1, 1000, 3)", "█"}, {"bar(-1, 8, 3)", ""},
	    {"bar(1, 0, 3)", ""}, {"bar(1, 1, 0)", ""}, {"bar(NULL, 1, 3)", ""},
	    {"bar(0.5, 1, 4)", "██"}, {"bar(9e999, 9e999, 2)", "██"},
	    {"bar(1, 9e999, 2)", "█"}};
	char sql[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(sql, sizeof(sql), "SELECT %s -- ?1 ?2", rows[i].call);
		assert_line(sql, "", 0, rows[i].bar);
	}
	assert_line("SELECT length(bar(1, 1, ?2)) -- ?1", "", INT64_MAX, "256");
}

static void
offset_of_a_day_is_that_of_the_zone(void **state)
{
	static const struct {
		const char *zone, *text;
		bool ours;
	} rows[] = {{"UTC", "2027-05-01T16:20:00Z", true},
	    {"UTC", "2027-05-01 16:20:00+00:00", true},
	    {"UTC", "2027-05-01T16:20:00+08:00", false},
	    {"Asia/Shanghai", "2027-05-01T16:20:00Z", false},
	    /* Summer time, and winter time. */
	    {"Europe/Berlin", "2027-07-01T16:20:00+02:00", true},
	    {"Europe/Berlin", "2027-07-01T16:20:00+01:00", false},
	    {"Europe/Berlin", "2027-01-01T16:20:00+01:00", true},
	    {"America/New_York", "2027-01-01T16:20:00-05:00", true}};
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(zone_use(rows[i].zone), OK);
		assert_int_equal(get(&out, "SELECT text_day(?1) -- ?2",
				     str_from(rows[i].text), 0),
		    rows[i].ours);
	}
	buf_release(&out);
}

static void
each_way_to_write_a_day_is_read(void **state)
{
	static const char *const days[][2] = {{"2027-05-01", "2027-05-01"},
	    {"2027/5/1", "2027-05-01"}, {"2027.5.1", "2027-05-01"},
	    {"2027年5月1日", "2027-05-01"}, {"2027年 5月 1日", "2027-05-01"},
	    {"20270501", "2027-05-01"}, {"２０２７－０５－０１", "2027-05-01"},
	    {" 2027-05-01 ", "2027-05-01"}, {"2024-02-29", "2024-02-29"},
	    {"2000-2-29", "2000-02-29"}, {"2027/5/1 0:00", "2027-05-01"},
	    {"2027-05-01T00:00:00", "2027-05-01"}, {"2027-5", "2027-05"},
	    {"2027-05-01 00:00:00.000", "2027-05-01"},
	    {"2027-05-01 00:00:00.0000000", "2027-05-01"},
	    {"2027-05-01T00:00:00+08:00", "2027-05-01"},
	    {"2027-05-01 16:20:00 +08:00", "2027-05-01"},
	    {"2027/5/1 12:00:00 AM", "2027-05-01"}, {"2027年5月", "2027-05"},
	    {"2027年", "2027"}, {"2027", "2027"}};
	static const char *const none[] = {"", "x", "-", "202", "20275",
	    "2027-", "2027-13", "2027-0", "2027-00-01", "2027-5-0", "2027-5-32",
	    "2023-02-29", "1900-2-29", "2027-5/1", "2027-5-1-1", "5/1/2027",
	    "01-05-2027", "20271301", "20270500", "2027051", "202705011",
	    "2027年5", "2027年5月1", "2027-5-1 8:00", "2027-5-1 0:00:01",
	    "2027-05-01 00:00:00.001", "2027-05-01T16:00:00.000Z",
	    "2027-05-01T00:00:00Z", "2027-05-01 16:00:00",
	    "2027-05-01 24:00:00", "2027-05-01 00:60:00", "2027-05-01 12:00 PM",
	    "2027-05-01T00:00:00+00:00", "2027-5-1 起", "自2027-05-01",
	    "0999-01-01", "２０２７年５",
	    "2027-05-012027-05-012027-05-012027-05-012027-05-012027-05-01x"};
	struct buf out;

	(void)state;
	assert_int_equal(zone_use("Asia/Shanghai"), OK);
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		assert_true(get(&out, "SELECT text_day(?1, '年月日号') -- ?2",
		    str_from(days[i][0]), 0));
		assert_true(str_equal(buf_view(&out), str_from(days[i][1])));
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(get(&out, "SELECT text_day(?1, '年月日号') -- ?2",
		    str_from(none[i]), 0));
	/* Without its marks no language is guessed. */
	assert_false(
	    get(&out, "SELECT text_day(?1) -- ?2", STR("2027年5月1日"), 0));
	assert_true(get(&out, "SELECT text_day(?1) -- ?2", STR("2027/5/1"), 0));
	assert_true(get(&out, "SELECT text_day(?1, '年月日号') -- ?2",
	    STR("2027年5月1号"), 0));
	assert_true(str_equal(buf_view(&out), STR("2027-05-01")));
	assert_false(get(
	    &out, "SELECT text_day(?1, '年月') -- ?2", STR("2027年5月"), 0));
	assert_true(
	    get(&out, "SELECT text_day(?1, NULL) -- ?2", STR("2027-5-1"), 0));
	buf_release(&out);
}

static void
null_gives_null(void **state)
{
	static const char *const all[] = {"text_pages(NULL, 100)",
	    "text_page(NULL, 1, 100)", "text_snippet(NULL, 'x', 10)",
	    "text_excerpt(NULL, 10)", "text_page('x', NULL, 100)",
	    "text_clean(NULL)", "text_day(NULL)"};
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		char sql[100];
		snprintf(sql, sizeof(sql), "SELECT %s -- ?1 ?2", all[i]);
		assert_false(get(&out, sql, STR(""), 0));
	}
	assert_true(
	    get(&out, "SELECT text_snippet(?1, NULL, ?2)", STR("x"), 10));
	assert_true(str_equal(buf_view(&out), STR("x")));
	buf_release(&out);
}

/* FIPS 180-4's examples, and lengths around a block's end. */
static void
digests_are_those_of_fips_180_4(void **state)
{
	char a[120];
	const struct {
		struct str text;
		const char *digest;
	} rows[] = {
	    {{"", 0},
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"
		"55"},
	    {{"abc", 3},
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
		"ad"},
	    {{a, 55},
		"9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f7343"
		"18"},
	    {{a, 56},
		"b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec673"
		"8a"},
	    {{a, 63},
		"7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f"
		"34"},
	    {{a, 64},
		"ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668"
		"eb"},
	    {{a, 119},
		"31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dc"
		"fb"},
	    {{a, 120},
		"2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c2"
		"1c"},
	};
	struct buf out;

	(void)state;
	memset(a, 'a', sizeof(a));
	buf_init(&out, 100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(
		    get(&out, "SELECT sha256(?1) -- ?2", rows[i].text, 0));
		assert_true(
		    str_equal(buf_view(&out), str_from(rows[i].digest)));
	}
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(a_snippet_shows_the_words_found),
	    TEST(a_snippet_of_anything_is_one_clean_line),
	    TEST(an_excerpt_is_the_first_prose),
	    TEST(long_text_is_cut_into_pages),
	    TEST(a_page_keeps_a_group_with_its_heading),
	    TEST(pages_of_anything_are_the_whole_text),
	    TEST(text_clean_keeps_tabs_and_line_ends),
	    TEST(text_is_padded_to_columns_of_a_terminal),
	    TEST(a_bar_is_as_long_as_its_number),
	    TEST(offset_of_a_day_is_that_of_the_zone),
	    TEST(each_way_to_write_a_day_is_read),
	    TEST(null_gives_null),
	    TEST(digests_are_those_of_fips_180_4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
