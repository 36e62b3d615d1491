/* SPDX-License-Identifier: ISC */
/*
 * What a cell of 代替标准号 is read as: each number, a part of it or all, or
 * nothing of it. A number that is not the one meant would make a standard
 * invalid that is in force; so spoilt numbers are refused or read right.
 */
#include "../standards.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "number_spoil.h"

static sqlite3 *db;

/* A cell as its numbers, "~" before what is replaced in part; "!" and the
 * words that are not understood; "0" for nothing. */
static const char shown[] =
    "SELECT CASE json_type(l) WHEN 'array' THEN (SELECT"
    " group_concat(iif(value ->> 'partly', '~', '') || (value ->> 'number'),"
    " ' + ') FROM json_each(l)) WHEN 'object' THEN '!' || (l ->> 'unread')"
    " ELSE '0' END FROM (SELECT std_replaced(?1) AS l)";

struct row {
	const char *text;
	const char *gives; /* NULL: refused, in whatever words */
};

static void
expect(const struct row *row)
{
	sqlite3_stmt *statement;
	const char *given;

	assert_int_equal(
	    sqlite3_prepare_v2(db, shown, -1, &statement, NULL), SQLITE_OK);
	sqlite3_bind_text(statement, 1, row->text, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	given = (const char *)sqlite3_column_text(statement, 0);
	if (row->gives == NULL ? *given != '!' : strcmp(given, row->gives) != 0)
		fail_msg("'%s' gives '%s', not '%s'", row->text, given,
		    row->gives == NULL ? "!" : row->gives);
	sqlite3_finalize(statement);
}

#define EXPECT_ALL(rows)                                               \
	for (size_t at = 0; at < sizeof(rows) / sizeof(*(rows)); at++) \
	expect(&(rows)[at])

static void
lists_of_replaced_numbers_are_read(void **state)
{
	static const struct row rows[] = {{"GB/T 1.1-2009", "GB/T 1.1-2009"},
	    {"代替 GB/T 1-2000", "GB/T 1-2000"},
	    {"替代：GB/T 1-2000和GB/T 2-2001", "GB/T 1-2000 + GB/T 2-2001"},
	    {"本标准代替GB/T 1-2000、GB 2-1999。", "GB/T 1-2000 + GB 2-1999"},
	    {"本部分代替GB/T 1.1-2000", "GB/T 1.1-2000"},
	    {"GB/T 1-2000;;GB/T 2-2000", "GB/T 1-2000 + GB/T 2-2000"},
	    {"GB/T 1-2000\nGB/T 2-2000", "GB/T 1-2000 + GB/T 2-2000"},
	    {"GB/T 1-2000\tGB/T 2-2000", "GB/T 1-2000 + GB/T 2-2000"},
	    {"【GB/T 1-2000】、〔GB/T 2-2000〕", "GB/T 1-2000 + GB/T 2-2000"},
	    {"代替（GB/T 1-2000，GB/T 2-2000）", "GB/T 1-2000 + GB/T 2-2000"},
	    {"[GB/T 1-2000]", "GB/T 1-2000"},
	    {"《GB/T 1.1-2009》", "GB/T 1.1-2009"},
	    {"《GB/T 1.1-2009 标准化工作导则》", "GB/T 1.1-2009"},
	    {"GB/T 1.1-2009《导则 第1部分：结构》", "GB/T 1.1-2009"},
	    {"GB/T 19001-2008（ISO 9001:2008，IDT）", "GB/T 19001-2008"},
	    {"GB/T 1-2000（已废止）", "GB/T 1-2000"},
	    {"GB/T 1-2000及其修改单", "GB/T 1-2000"},
	    {"GB/T 1-2000及第1号修改单", "GB/T 1-2000"},
	    {"GB/T 1-2000第1号修改单", "GB/T 1-2000/XG1"},
	    {"GB 4706-98", "GB 4706-1998"}, {"GB/T 1.1", "GB/T 1.1"},
	    {"ＧＢ／Ｔ　１９００１－２００８", "GB/T 19001-2008"},
	    {"ISO 9001:2008;ISO 9001:2000", "ISO 9001:2008 + ISO 9001:2000"},
	    {"ISO/CD 18400-206", "ISO/CD 18400-206"},
	    {"OHSAS 18001:1999、GB/T 1-2000", "OHSAS 18001:1999 + GB/T 1-2000"},
	    /* The prefix of the first. */
	    {"GB/T 92005-2008、92105-2008",
		"GB/T 92005-2008 + GB/T 92105-2008"},
	    {"GB 1-2000,2-2000；3-2000 4-2001",
		"GB 1-2000 + GB 2-2000 + GB 3-2000 + GB 4-2001"},
	    {"DB46/T 46-2000、47-2000", "DB46/T 46-2000 + DB46/T 47-2000"},
	    {"GB/T 1-2000、GB 2-2000、3-2000",
		"GB/T 1-2000 + GB 2-2000 + GB 3-2000"},
	    /* Nothing. */
	    {"无", "0"}, {"—", "0"}, {"——", "0"}, {"-", "0"}, {" / ", "0"},
	    {"N/A", "0"}, {"n/a", "0"}, {"NULL", "0"}, {"空", "0"}, {"", "0"},
	    {"  ", "0"}, {"代替：无", "0"}, {"首次发布", "0"}, {NULL, "0"}};

	(void)state;
	EXPECT_ALL(rows);
}

static void
partial_replacement_is_marked(void **state)
{
	static const struct row rows[] = {
	    {"部分代替GB/T18386-2017", "~GB/T 18386-2017"},
	    {"部分替代：GB/T 1-2000；GB/T 2-2000",
		"~GB/T 1-2000 + ~GB/T 2-2000"},
	    {"部分 GB/T 1-2000", "~GB/T 1-2000"},
	    {"GB/T 94004-2016（部分代替）", "~GB/T 94004-2016"},
	    {"GB/T 94004-2016(部分)", "~GB/T 94004-2016"},
	    {"GB/T 94004-2016部分", "~GB/T 94004-2016"},
	    {"GB/T 1-2000的部分内容", "~GB/T 1-2000"},
	    {"GB/T 1-2000中的试验方法、GB/T 2-2001",
		"~GB/T 1-2000 + GB/T 2-2001"},
	    {"GB 2760-2014中有关二氧化硫的规定", "~GB 2760-2014"},
	    {"GB/T 1-2000第3章", "~GB/T 1-2000"},
	    {"GB/T 1-2000 第三章、第5章和附录A", "~GB/T 1-2000"},
	    {"GB/T 1-2000 第5.2、6.3条", "~GB/T 1-2000"},
	    {"GB/T 1-2000 5.2条", "~GB/T 1-2000"},
	    {"GB/T 1-2000第5.2～5.6条，GB/T 2-2000",
		"~GB/T 1-2000 + GB/T 2-2000"},
	    {"GB/T 1-2000（第3章、附录A）、GB/T 2-2000",
		"~GB/T 1-2000 + GB/T 2-2000"},
	    {"GB/T 1-2000、附录A", "~GB/T 1-2000"},
	    {"GB/T 1-2000相关条款", "~GB/T 1-2000"},
	    {"GB/T 1-2000灭菌部分", "~GB/T 1-2000"},
	    {"GB/T 1-2000 第1部分", "~GB/T 1-2000"},
	    {"第3章代替GB/T 1-2000", "~GB/T 1-2000"},
	    {"代替GB/T 1-2000的第3章", "~GB/T 1-2000"},
	    {"GB/T 1-2000、GB/T 2-2000和GB/T 3-2000的部分内容",
		"GB/T 1-2000 + ~GB/T 2-2000 + ~GB/T 3-2000"},
	    {"部分代替 GB/T 1-2000、2-2000；代替GB/T 3-2000",
		"~GB/T 1-2000 + ~GB/T 2-2000 + GB/T 3-2000"},
	    {"代替GB/T 1-2000，部分代替GB/T 2-2000",
		"GB/T 1-2000 + ~GB/T 2-2000"},
	    {"GB/T 1.1～1.3-2000（部分代替）",
		"~GB/T 1.1-2000 + ~GB/T 1.2-2000 + ~GB/T 1.3-2000"},
	    /* All of it. */
	    {"全部代替GB/T 1-2000", "GB/T 1-2000"},
	    {"GB 1-2000的全部内容", "GB 1-2000"},
	    {"GB/T 1-2000版", "GB/T 1-2000"}};

	(void)state;
	EXPECT_ALL(rows);
}

static void
ranges_are_written_out_or_refused(void **state)
{
	static const char three[] =
	    "GB/T 92009.1-2008 + GB/T 92009.2-2008 + GB/T 92009.3-2008";
	static const struct row rows[] = {{"GB/T 92009.1～92009.3-2008", three},
	    {"GB/T 92009.1~92009.3-2008", three},
	    {"GB/T 92009.1 ～ 92009.3—2008", three},
	    {"GB/T 92009.1-92009.3-2008", three},
	    {"GB/T 92009.1—92009.3—2008", three},
	    {"GB/T 92009.1至92009.3-2008", three},
	    {"GB/T 92009.1到GB/T 92009.3-2008", three},
	    {"从GB/T 92009.1-2008至GB/T 92009.3-2008", three},
	    {"GB/T 92009.1-2008～92009.3", three},
	    {"GB/T 92009.1～3-2008", three}, {"GB/T 92009.1～.3-2008", three},
	    {"92009.1～GB/T 92009.3-2008", three},
	    {"HG/T 20592～20594-2009",
		"HG/T 20592-2009 + HG/T 20593-2009 + HG/T 20594-2009"},
	    {"HG/T 20592-20594-2009",
		"HG/T 20592-2009 + HG/T 20593-2009 + HG/T 20594-2009"},
	    {"YY 0505.09～0505.10-2005", "YY 0505.09-2005 + YY 0505.10-2005"},
	    {"GB/T 1.1～1.2-2000、GB 3-2001",
		"GB/T 1.1-2000 + GB/T 1.2-2000 + GB 3-2001"},
	    {"IEC 60601-1～60601-2:2005",
		"IEC 60601-1:2005 + IEC 60601-2:2005"},
	    /* None that can be told. */
	    {"GB/T 1.3～1.1-2000", NULL}, {"GB/T 1.1～1.300-2000", NULL},
	    {"GB/T 1.1-2000～1.3-2001", NULL}, {"GB/T 1.1～2.3-2000", NULL},
	    {"GB/T 1.1-2000 ~ 3", NULL}, {"GB/T 1.1～GB 1.3-2000", NULL},
	    {"GB/T 1990～2008", NULL}, {"GB/T 1990-2008-2010", NULL},
	    {"GB/T 1.1～", NULL}, {"～GB/T 1.1-2000", NULL},
	    {"GB/T 1.1～甲", NULL}};

	(void)state;
	EXPECT_ALL(rows);
}

/* Refused, and these are the words. */
static void
text_that_is_not_understood_is_refused(void **state)
{
	static const struct row rows[] = {
	    {"GB/T 1.1-2009 标准化工作导则", "!标准化工作导则"},
	    {"GB/T 1-2000、见附件", "!见附件"},
	    {"被GB/T 2-2010代替", "!被GB/T 2-2010代替"},
	    {"GB/T 1-2000、GB/T 90001-200S", "!GB/T 90001-200S"},
	    {"GB/T 1、GB/T 2-2000", "!GB/T 1"}, {"代替", "!代替"},
	    {"GB/T 1-2000 等", "!等"}, {"GB/T 90001一2008", NULL},
	    {"GB/T 1.1-2009 导则 第1部分", NULL}, {"GB/T 90001-20085", NULL},
	    {"GB/T 90001-208", NULL}, {"GB/T 2008", NULL},
	    {"GB/T 19O01-2008", NULL}, {"GB/T l9001-2008", NULL},
	    {"GB/T 1900l-2008", NULL}, {"GB/T 90001~2008", NULL},
	    {"GB/T 90001 ~ 2008", NULL}, {"GB/T 90001.2008", NULL},
	    {"GB/T 900012008", NULL}, {"GB/T 90001-", NULL},
	    {"GB/T 90001-二〇〇八", NULL}, {"12345-2008", NULL}, {"2008", NULL},
	    {"ISO 9001:20O8", NULL}, {"ISO 9001-20155", NULL},
	    {"GB/T 1-2000的第1号修改单", NULL}, {"不代替GB/T 1-2000", NULL},
	    {"GB/T 1-2000未代替部分", NULL}, {"\xFFGB/T 1-2000", NULL},
	    {"（GB/T 1-2000", NULL}};

	(void)state;
	EXPECT_ALL(rows);
}

static const char *const editions[] = {"GB/T 19001-1994", "GB/T 19001-2000",
    "GB/T 19001-2008", "GB/T 19001-2016", "GB/T 19004-2000", "GB/T 24001-2004",
    "GB/T 24001-2016", "GB 2760-2011", "GB 2760-2014", "GB 2760-2024",
    "GB/T 2900.1-2008", "GB/T 2900.10-2001", "GB/T 1.1-2000", "GB/T 1.1-2009",
    "GB/T 1.1-2020", "GB/T 1.2-2002", "GB/T 1.2-2020", "GB 4706.1-1998",
    "GB 4706.1-2005", "GB 4706.1-2024", "GB 7718-2004", "GB 7718-2011",
    "GB/Z 18718-2002", "GBZ 2.1-2007", "GBZ 2.1-2019", "JJF 1001-1998",
    "JJF 1001-2011", "JJG 132-2005", "YY/T 0287-2003", "YY/T 0287-2017",
    "YY 0505-2005", "YY 0505-2012", "HG/T 20592-1997", "HG/T 20592-2009",
    "NY/T 391-2000", "NY/T 391-2013", "NY/T 391-2021", "DB46/T 642-2024",
    "DB44/26-2001", "T/CAS 291-2017", "JGJ 16-2008", "ISO 9001:2000",
    "ISO 9001:2008", "ISO 9001:2015", "ISO/IEC 17025:2005",
    "ISO/IEC 17025:2017", "IEC 60601-1:1988", "IEC 60601-1:2005"};
enum { EDITIONS = sizeof(editions) / sizeof(*editions) };

/* Is there an edition that is none of the two meant, or one without a year?
 * A spoilt text that is the true number of another edition means that; one with
 * a code that nobody knows is kept as it is, and is no edition of ours. */
static const char judged[] =
    "SELECT group_concat(value ->> 'number') FROM json_each(iif(json_type("
    "std_replaced(?1)) = 'array', std_replaced(?1), '[]')) WHERE"
    " (std_year(value ->> 'number') IS NULL"
    " AND std_number(value ->> 'number') IS NOT NULL)"
    " OR ((value ->> 'key') NOT IN"
    " (std_key(?2), std_key(?3)) AND (value ->> 'key') IN"
    " (SELECT key FROM edition) AND value ->> 'key' <> std_key(?1))";

/* None of some ten thousand spoilt numbers is read as another edition. */
static void
no_spoilt_number_is_read_as_another(void **state)
{
	struct spoiler spoiler = {.seed = 20261130};
	size_t asked = 0, wrong = 0;
	sqlite3_stmt *statement;

	(void)state;
	assert_int_equal(
	    sqlite3_exec(db, "CREATE TABLE edition (key TEXT PRIMARY KEY)",
		NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "INSERT INTO edition VALUES (std_key(?1))",
		-1, &statement, NULL),
	    SQLITE_OK);
	for (size_t i = 0; i < EDITIONS; i++) {
		sqlite3_bind_text(statement, 1, editions[i], -1, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	assert_int_equal(
	    sqlite3_prepare_v2(db, judged, -1, &statement, NULL), SQLITE_OK);
	for (size_t round = 0; round < 20 * (size_t)EDITIONS; round++)
		for (int kind = 0; kind < SPOIL_KINDS; kind++) {
			const char *meant = editions[round % EDITIONS];
			const char *other =
			    editions[(round / 3 + 7) % EDITIONS];
			char text[SPOIL_MAX];

			if (!spoil(&spoiler, (enum spoil_kind)kind, meant,
				other, text))
				continue;
			asked++;
			sqlite3_bind_text(
			    statement, 1, text, -1, SQLITE_STATIC);
			sqlite3_bind_text(
			    statement, 2, meant, -1, SQLITE_STATIC);
			sqlite3_bind_text(
			    statement, 3, other, -1, SQLITE_STATIC);
			assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
			if (sqlite3_column_text(statement, 0) != NULL) {
				print_message("%s, spoilt (%d) as '%s': %s\n",
				    meant, kind, text,
				    (const char *)sqlite3_column_text(
					statement, 0));
				wrong++;
			}
			sqlite3_reset(statement);
		}
	sqlite3_finalize(statement);
	assert_true(asked > 10000);
	assert_int_equal(wrong, 0);
}

static void
placeholders_say_nothing(void **state)
{
	static const char sql[] =
	    "SELECT count(*) FROM (VALUES ('-'), ('—'), ('－'), ('无'), "
	    "('NULL'),"
	    " ('n/a'), ('待定'), (''), (' '), ('/'), ('0000-00-00'), ('暂无'))"
	    " WHERE std_said(column1) IS NULL"
	    " UNION ALL SELECT count(*) FROM (VALUES ('2019'), ('无为'), "
	    "('-1'),"
	    " ('null and void'), (0)) WHERE std_said(column1) IS column1";
	sqlite3_stmt *statement;

	(void)state;
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(statement, 0), 12);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(statement, 0), 5);
	sqlite3_finalize(statement);
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
	    cmocka_unit_test(lists_of_replaced_numbers_are_read),
	    cmocka_unit_test(partial_replacement_is_marked),
	    cmocka_unit_test(ranges_are_written_out_or_refused),
	    cmocka_unit_test(text_that_is_not_understood_is_refused),
	    cmocka_unit_test(no_spoilt_number_is_read_as_another),
	    cmocka_unit_test(placeholders_say_nothing)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
