/* SPDX-License-Identifier: ISC */
/* Pasted lists, and numbers in prose. */
#include "../standards.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static sqlite3 *db;

/* sql's one value with text bound, compared. */
static void
expect(const char *sql, struct str text, const char *result)
{
	sqlite3_stmt *statement;
	const char *given;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_bind_text(
	    statement, 1, text.data, (int)text.len, SQLITE_STATIC);
	if (sqlite3_step(statement) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	given = (const char *)sqlite3_column_text(statement, 0);
	if (given == NULL || strcmp(given, result) != 0)
		fail_msg("'%.*s' gives\n'%s', not\n'%s'", STR_ARG(text), given,
		    result);
	sqlite3_finalize(statement);
}

/* Items as "number|key|rest" or "!raw", one behind the other. */
static const char items[] =
    "SELECT group_concat(CASE WHEN value ->> 'number' IS NULL THEN '!' ||"
    " (value ->> 'raw') ELSE (value ->> 'key') || iif(value ->> 'rest' = '',"
    " '', '=' || (value ->> 'rest')) END, ' ') FROM json_each(std_list(?1))";

static void
whatever_stands_between_separates_numbers(void **state)
{
	static const char *const between[] = {"\n", "\r\n", ",", "，", "、",
	    ";", "；", "\t", "  ", "　", " , ", "\n\n", "|", "，\n", " ", "→",
	    " + ", "&", " • ", "·", "。", "：", " > ", "~", "～", " 2) ",
	    " 3）", "②"};

	(void)state;
	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++) {
		char text[128];

		snprintf(text, sizeof(text),
		    "GB/T 1.1-2020%sISO 9001:2015%sdb46t642%s", between[i],
		    between[i], between[i]);
		expect(items, str_from(text),
		    "GB-T-1.1-2020 ISO-9001-2015 DB46-T-642");
	}
}

static void
each_item_is_read_with_its_rest(void **state)
{
	static const char *const pairs[][2] = {{"50222，50010", "50222 50010"},
	    {"50222 50010", "50222 50010"}, {"GB 1\nGB 1", "GB-1 GB-1"},
	    {"某厂标准\nGB 1,foo,GB 2", "!某厂标准 GB-1 !foo GB-2"},
	    {"1\tGB/T 1-2016\t要求\t现行\n2\tGB 2-2008\t方法",
		"GB-T-1-2016=要求 现行 GB-2-2008=方法"},
	    {"GB 21669-2008 维吾尔文、哈萨克文编码，GB 1",
		"GB-21669-2008=维吾尔文、哈萨克文编码 GB-1"},
	    {"1. GB 1\n（2）GB 2\n3、GB 3", "GB-1 GB-2 GB-3"},
	    {"GB/T 1-2016和GB/T 2-2016 GB 3", "GB-T-1-2016 GB-T-2-2016 GB-3"},
	    {"GB/T 19001-2016/ISO 9001:2015 IDT, GB 2", "GB-T-19001-2016 GB-2"},
	    {"GB/T 19001-2016（ISO 9001:2015，IDT），GB 2",
		"GB-T-19001-2016=（ISO 9001:2015，IDT） GB-2"},
	    {"GB 1-2020 / GB 2-2020", "GB-1-2020 GB-2-2020"},
	    {"GB 1-2020至GB 3-2020", "GB-1-2020 GB-3-2020"},
	    {"（GB 1，GB 2）", "GB-1 GB-2"}, {"GB 1（GB 2", "GB-1=（GB 2"},
	    {"GB 1(\tGB 2)", "GB-1=( GB-2"},
	    {"ISO 9001:2015/ISO 14001:2015", "ISO-9001-2015 ISO-14001-2015"},
	    {"GB 1-2020代替GB 1-2010", "GB-1-2020=代替GB 1-2010"},
	    {"GB 7718-2011第1号修改单、GB 1", "GB-7718-2011-XG1 GB-1"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		expect(items, str_from(pairs[i][0]), pairs[i][1]);
	expect("SELECT std_list(?1)", STR(""), "[]");
	expect("SELECT std_list(?1)", STR(" ,,\n、\t"), "[]");
	expect("SELECT std_list(?1)", STR("gb1-2001 甲"),
	    "[{\"raw\":\"gb1-2001 甲\",\"number\":\"GB 1-2001\","
	    "\"key\":\"GB-1-2001\",\"rest\":\"甲\"}]");
	expect("SELECT std_list(?1)", STR("\"\\\x01\xFF"),
	    "[{\"raw\":\"\\\"\\\\\xEF\xBF\xBD\xEF\xBF\xBD\",\"number\":null,"
	    "\"key\":null,\"rest\":\"\"}]");
}

static void
a_list_ends_after_5000_numbers(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	for (int i = 1; i <= 5001; i++)
		buf_printf(&text, "GB %d-2020%s", i, i % 2 ? "\n" : "、");
	expect(
	    "SELECT json_array_length(std_list(?1))", buf_view(&text), "5000");
	expect("SELECT std_list(?1) ->> '$[4999].key'", buf_view(&text),
	    "GB-5000-2020");
	buf_release(&text);
}

/* Whatever comes in, JSON comes out. */
static void
noise_gives_valid_json(void **state)
{
	static const char alphabet[] =
	    "GBT/- 1.90,\n\t\"\\\xE6\xA0\x87\xFF\xE3\x80\x81\0";
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char text[64];

		for (size_t at = 0; at < sizeof(text); at++) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			text[at] =
			    alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
		}
		expect("SELECT json_valid(std_list(?1)) +"
		       " json_valid(std_mentions(?1))",
		    (struct str){text, sizeof(text)}, "2");
	}
}

static void
whole_numbers_are_found_in_prose(void **state)
{
	static const char article[] =
	    "# 关于实施GB/T 1.1—2020的通知\n"
	    "按照《GB/T 19001-2016 质量管理体系》和ＩＳＯ 9001:2015、"
	    "DB46/T 642-2024、T/CAS 291-2017、Q/GDW 10370-2023的要求，"
	    "GB 18030 2022年起实施。JIS A 1509-5:2020，GBZ 2.1-2019。\n"
	    "又见 GB/T 1.1-2020；as 1519:2018、UL 5、CB 200、Wi-Fi 6 不算。\n"
	    "=> /standard/GB-T-9999-2020 YY/T 0316-2016\n"
	    "编号AB12GB 123，电话 0898-65200000。\n";

	(void)state;
	expect("SELECT group_concat(value ->> 'key', ' ')"
	       " FROM json_each(std_mentions(?1))",
	    str_from(article),
	    "GB-T-1.1-2020 GB-T-19001-2016 ISO-9001-2015 DB46-T-642-2024"
	    " T-CAS-291-2017 Q-GDW-10370-2023 GB-18030 JIS-A-1509-5-2020"
	    " GBZ-2.1-2019 YY-T-0316-2016");
	expect("SELECT std_mentions(?1)", STR("无"), "[]");
	expect("SELECT std_mentions(?1)", STR("见GB 1-2020。"),
	    "[{\"number\":\"GB 1-2020\",\"key\":\"GB-1-2020\"}]");
}

/* What was pasted behind a number: 1 its title, 0 another, NULL no words. */
static void
a_pasted_title_is_compared_with_the_standard(void **state)
{
	static const char *const pairs[][3] = {
	    {"质量管理体系 要求", "质量管理体系 要求", "1"},
	    {"质量管理体系 要求", "质量管理体系要求", "1"},
	    {"质量管理体系 要求", "《质量管理体系——要求》", "1"},
	    {"质量管理体系 要求", "质量管理体系", "1"},
	    {"质量管理体系 要求", "要求 现行 推荐性 2016-12-30", "1"},
	    {"质量管理体系 要求", "质量管理体系 基础和术语", "0"},
	    {"质量管理体系 要求", "水泥", "0"},
	    {"质量管理体系 要求", "现行 代替GB/T 19001-2008", ""},
	    {"质量管理体系 要求", "（ISO 9001:2015，IDT）", ""},
	    {"质量管理体系 要求", "", ""},
	    {"强制性国家标准 水泥", "强制性国家标准水泥", "1"},
	    {"导则 第1部分：结构", "导则 第 1 部分:结构（现行）", "1"},
	    {"Quality", "质量", ""}, {"质量", "Quality\xFF", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		char sql[256];

		snprintf(sql, sizeof(sql),
		    "SELECT coalesce(std_title_fits('%s', ?1), '')",
		    pairs[i][0]);
		expect(sql, str_from(pairs[i][1]), pairs[i][2]);
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	return standards_module.init(db, NULL, NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	return sqlite3_close(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_stands_between_separates_numbers),
	    cmocka_unit_test(each_item_is_read_with_its_rest),
	    cmocka_unit_test(a_list_ends_after_5000_numbers),
	    cmocka_unit_test(noise_gives_valid_json),
	    cmocka_unit_test(whole_numbers_are_found_in_prose),
	    cmocka_unit_test(a_pasted_title_is_compared_with_the_standard)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
