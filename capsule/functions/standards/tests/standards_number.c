/* SPDX-License-Identifier: ISC */
/*
 * Numbers of standards: what people type becomes one printed form and one
 * key; what is no number becomes none; and whatever comes in, a key is its
 * own key.
 */
#include "../standards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

#include "../number.h"
#include "../replaced.h"

static sqlite3 *db;

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

/* The function's result for these bytes, or "NULL"; lives until the next. */
static const char *
call(const char *function, struct str text)
{
	static char *result;
	sqlite3_stmt *statement;
	char *sql = sqlite3_mprintf("SELECT %s(?1)", function);
	const unsigned char *value;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_free(sql);
	if (text.data != NULL)
		sqlite3_bind_text(
		    statement, 1, text.data, (int)text.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	value = sqlite3_column_text(statement, 0);
	sqlite3_free(result);
	result =
	    sqlite3_mprintf("%s", value == NULL ? "NULL" : (const char *)value);
	sqlite3_finalize(statement);
	if (text.data == NULL) { /* the last call of a test gives it back */
		static char kept[64];

		snprintf(kept, sizeof(kept), "%s", result);
		sqlite3_free(result);
		result = NULL;
		return kept;
	}
	return result;
}

static void
expect(const char *function, const char *text, const char *result)
{
	const char *given = call(function, str_from(text));

	if (strcmp(given, result) != 0)
		fail_msg("%s('%s') is '%s', not '%s'", function, text, given,
		    result);
}

/* Pairs of text and result. */
static void
expect_all(const char *function, const char *const (*pairs)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect(function, pairs[i][0], pairs[i][1]);
	call(function, (struct str){NULL, 0});
}

#define EXPECT_ALL(function, pairs) \
	expect_all((function), (pairs), sizeof(pairs) / sizeof(*(pairs)))

/* As typed by readers of Chinese portals. */
static void
typed_spellings_are_made_canonical(void **state)
{
	static const char *const pairs[][2] = {
	    {"GB/T 19001-2016", "GB/T 19001-2016"},
	    {"GB/T 19001—2016", "GB/T 19001-2016"},
	    {"GB-T_19001", "GB/T 19001"},
	    {"GB_T 19001-2016.pdf", "GB/T 19001-2016"},
	    {"GB.T 19001-2016", "GB/T 19001-2016"},
	    {"《GB/T 19001-2016》", "GB/T 19001-2016"},
	    {"标准号：GB/T 1.1-2020", "GB/T 1.1-2020"}, {"gb1.1", "GB 1.1"},
	    {"GB/T 4857.5-92", "GB/T 4857.5-1992"},
	    {"GB 18030－2022", "GB 18030-2022"}, {"国标19001", "GB 19001"},
	    {"GB/Z 43082-2023", "GB/Z 43082-2023"},
	    {"GBZ/T 160.1-2004", "GBZ/T 160.1-2004"},
	    {"GJB 150.1A-2009", "GJB 150.1A-2009"},
	    {"GJB 590B-2025", "GJB 590B-2025"},
	    {"DB46/T 642-2024", "DB46/T 642-2024"}, {"db46t642", "DB46/T 642"},
	    {"DB46T 642—2024", "DB46/T 642-2024"},
	    {"DB 46/T 642", "DB46/T 642"},
	    {"DB4602/T 15-2021", "DB4602/T 15-2021"},
	    {"T/GZAEPI 001—2018", "T/GZAEPI 001-2018"},
	    {"T／CAS 291-2017", "T/CAS 291-2017"}, {"Q/HNYC 050", "Q/HNYC 050"},
	    {"Q／GDW 10370-2023", "Q/GDW 10370-2023"},
	    {"Q/ABC 0001S-2020", "Q/ABC 0001S-2020"},
	    {"GB 7718-2011 XG1", "GB 7718-2011/XG1"},
	    {"ISO9001:2015", "ISO 9001:2015"},
	    {"iso 9001-2015", "ISO 9001:2015"}, {"ISO9001", "ISO 9001"},
	    {"iso/iec 27001", "ISO/IEC 27001"},
	    {"ISO-IEC 27001:2022", "ISO/IEC 27001:2022"},
	    {"isoiec27001:2022", "ISO/IEC 27001:2022"},
	    {"ISO/IEC27001-2022", "ISO/IEC 27001:2022"},
	    {"ISO 8601-1:2019", "ISO 8601-1:2019"},
	    {"IEC 60601-1-2:2014", "IEC 60601-1-2:2014"},
	    {"iec60601-1-2", "IEC 60601-1-2"},
	    {"EN ISO 9001:2015", "EN ISO 9001:2015"},
	    {"BS EN ISO 9001:2015", "BS EN ISO 9001:2015"}, {"50222", "50222"},
	    {"19001 ", "19001"}};

	(void)state;
	EXPECT_ALL("std_number", pairs);
}

static void
chinese_numbers_are_made_canonical(void **state)
{
	static const char *const pairs[][2] = {
	    {"GB 7718-2011/XG1-2014", "GB 7718-2011/XG1-2014"},
	    {"GB4943.1-2011 XG1-2012 修改单", "GB 4943.1-2011/XG1-2012"},
	    {"GB 7718-2011第1号修改单", "GB 7718-2011/XG1"},
	    {"GB 7718-2011《第 2 号修改单》", "GB 7718-2011/XG2"},
	    {"GB 7718-2011 第三号修改单", "GB 7718-2011/XG3"},
	    {"GB 7718-2011 第1部分", "GB 7718-2011"},
	    {"GB 7718-2011第1号", "NULL"},
	    {"GB/T 19001-2016/ISO 9001:2015", "GB/T 19001-2016"},
	    {"GB/T19001-2016idtISO9001：2015", "GB/T 19001-2016"},
	    {"GB 2312-80", "GB 2312-1980"}, {"GB 50016-39", "NULL"},
	    {"GB/T 1-40", "GB/T 1-1940"}, {"GB/T 1-99", "GB/T 1-1999"},
	    {"GBZ 2.1-2019", "GBZ 2.1-2019"}, {"gbz2.1", "GBZ 2.1"},
	    {"GB/Z 2.1", "GB/Z 2.1"}, {"GB Z 2.1", "GB/Z 2.1"},
	    {"GB-Z-2.1", "GB/Z 2.1"}, {"gbzt160.1", "GBZ/T 160.1"},
	    {"GJBZ 299", "GJB/Z 299"}, {"GJB 150.1A-2009", "GJB 150.1A-2009"},
	    {"jbt 13368", "JB/T 13368"}, {"CJJT 1", "CJJ/T 1"},
	    {"HB 5800", "HB 5800"}, {"DB 46-2010", "DB 46-2010"},
	    {"DB46642-2024", "DB46/642-2024"}, {"DB46-642", "DB46/642"},
	    {"DB4602/T 15", "DB4602/T 15"}, {"db4602t15", "DB4602/T 15"},
	    {"DB6106/T 209-2023", "DB6106/T 209-2023"}, {"DB99/T 1", "NULL"},
	    {"T/GZAEPI 001 - 2018", "T/GZAEPI 001-2018"},
	    {"T CAS 291", "T/CAS 291"}, {"TCAS 291", "NULL"},
	    {"Q/ABC0001S-2020", "Q/ABC 0001S-2020"},
	    {"Q/320585 ABC 001-2020", "Q/320585 ABC 001-2020"},
	    {"JTG D60—2015", "JTG D60-2015"},
	    {"JTG/T 3650-01-2020", "JTG/T 3650-01-2020"},
	    {"TSG T7001-2009", "TSG T7001-2009"},
	    {"CNAS-CL01-2018", "CNAS-CL01:2018"},
	    {"GSB 04-2828-2011", "GSB 04-2828-2011"},
	    {"CECS 10:89", "CECS 10-1989"},
	    {"ＧＢ／Ｔ　１９００１－２０１６", "GB/T 19001-2016"},
	    {"1. GB/T 1.1", "GB/T 1.1"}, {"（2）GB 18030", "GB 18030"},
	    {"①GB 18030", "GB 18030"}, {"国家标准 GB/T 1.1", "GB/T 1.1"},
	    {"国军标150.1A", "GJB 150.1A"}, {"GB 7718 2011", "GB 7718-2011"},
	    {"GB 7718 2011年起", "GB 7718"},
	    {"gb/t 19001—2016《质量管理体系》.pdf", "GB/T 19001-2016"}};

	(void)state;
	EXPECT_ALL("std_number", pairs);
}

static void
foreign_numbers_are_made_canonical(void **state)
{
	static const char *const pairs[][2] = {
	    {"ISO 14971:2007/Amd 1:2024", "ISO 14971:2007/AMD1:2024"},
	    {"ISO 14971:2007/AMD1:2024", "ISO 14971:2007/AMD1:2024"},
	    {"iso14971:2007amd1:2024", "ISO 14971:2007/AMD1:2024"},
	    {"ISO-14971-2007-AMD1-2024", "ISO 14971:2007/AMD1:2024"},
	    {"ISO/IEC 10035-1:1995/Amd 1:1997/Cor 1:1999",
		"ISO/IEC 10035-1:1995/AMD1:1997/COR1:1999"},
	    {"ISO 10087:2022/CD Amd 1.2", "ISO 10087:2022/CD AMD1.2"},
	    {"IEC 60034-18-41:2014+AMD1:2019 CSV",
		"IEC 60034-18-41:2014+AMD1:2019 CSV"},
	    {"IEC 60335-2-101:2024 EXV-CMV", "IEC 60335-2-101:2024 EXV-CMV"},
	    {"ISO 9001:87", "ISO 9001:1987"}, {"ISO 105-E01", "ISO 105-E01"},
	    {"ISO 105-P:1978", "ISO 105-P:1978"},
	    {"IEC 60695-2-4/0:1991", "IEC 60695-2-4/0:1991"},
	    {"ISO/TS 22002-1:2009", "ISO/TS 22002-1:2009"},
	    {"ISOTS22002-1", "ISO/TS 22002-1"}, {"IEC/TR 1", "IEC TR 1"},
	    {"ISO/IEC TR 10000-1", "ISO/IEC TR 10000-1"},
	    {"ISO/CD TS 10303-1001", "ISO/CD TS 10303-1001"},
	    {"IWA 1:2001", "IWA 1:2001"}, {"EN 1090-1", "EN 1090-1"},
	    {"DIN EN ISO 9001:2015-11", "DIN EN ISO 9001:2015-11"},
	    {"BS EN 60601-1:2006+A12:2014", "BS EN 60601-1:2006+A12:2014"},
	    {"JIS A 1509-5:2020", "JIS A 1509-5:2020"},
	    {"jisa1509-5", "JIS A 1509-5"}, {"JIS R 1639", "JIS R 1639"},
	    {"JIS K 0101:1998/AMENDMENT 1:2017", "JIS K 0101:1998/AMD1:2017"},
	    {"KS I ISO 8199", "KS I ISO 8199"},
	    {"AS 1519:2018", "AS 1519:2018"}, {"as/nzs3000", "AS/NZS 3000"},
	    {"ETSI EN 300 130-2 V1.2.4 (1998-06)",
		"ETSI EN 300 130-2 V1.2.4 (1998-06)"},
	    {"etsien300130-2", "ETSI EN 300 130-2"},
	    {"ETSI-EN-300-130-2-A1", "ETSI EN 300 130-2/A1"},
	    {"ETSI-EN-300-130-XG1-2014", "ETSI EN 300 130/XG1-2014"},
	    {"EN 300 130", "ETSI EN 300 130"},
	    {"ITU-T X.509 (10/2019)", "ITU-T X.509 (10/2019)"},
	    {"ITUT X509", "ITU-T X.509"},
	    {"ITU-R BT.601-7 (03/2011)", "ITU-R BT.601-7 (03/2011)"},
	    {"ASTM D638-14", "ASTM D638-14"},
	    {"ANSI/ASME B16.5-2017", "ANSI/ASME B16.5-2017"},
	    {"CAC/GL 21-1997", "CAC/GL 21-1997"}, {"RFC 8446", "RFC 8446"}};

	(void)state;
	EXPECT_ALL("std_number", pairs);
}

static uint64_t seed = 20261123;

static unsigned
draw(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void
check_key(struct str text)
{
	struct buf key, again, printed, twice;
	struct std_number number;

	buf_init(&key, 4096);
	buf_init(&again, 4096);
	buf_init(&printed, 4096);
	buf_init(&twice, 4096);
	buf_str(&key, str_from(call("std_key", text)));
	buf_str(&again, str_from(call("std_key", buf_view(&key))));
	if (!str_equal(buf_view(&key), buf_view(&again)) &&
	    !str_equal(buf_view(&key), STR("NULL")))
		fail_msg("'%.*s': key '%.*s' has key '%.*s'", STR_ARG(text),
		    STR_ARG(buf_view(&key)), STR_ARG(buf_view(&again)));
	for (size_t i = 0; i < key.len; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-",
			key.data[i]) == NULL)
			fail_msg("'%.*s': bad key", STR_ARG(text));
	if (std_read(text, STD_ANY, &number)) {
		assert_true(number.end <= text.len);
		std_write(&printed, &number);
		assert_true(std_read(buf_view(&printed), STD_ANY, &number));
		std_write(&twice, &number);
		if (!str_equal(buf_view(&printed), buf_view(&twice)))
			fail_msg("'%.*s': '%.*s' is read as '%.*s'",
			    STR_ARG(text), STR_ARG(buf_view(&printed)),
			    STR_ARG(buf_view(&twice)));
	}
	buf_release(&key);
	buf_release(&again);
	buf_release(&printed);
	buf_release(&twice);
}

/* Letters of other scripts are letters: of regions, of other countries. */
static void
letters_of_other_scripts_are_letters(void **state)
{
	static const char *const numbers[][2] = {
	    {"JJG(粤)067-2023", "JJG(粤)067-2023"},
	    {"JJG（浙） 067—2023", "JJG(浙)067-2023"},
	    {"jjg 粤 067-2023", "JJG(粤)067-2023"},
	    {"JJG-U7CA4-067-2023", "JJG(粤)067-2023"},
	    {"JJG(交通)132-2018", "JJG(交通)132-2018"},
	    {"JJG-U4EA4-U901A-132-2018", "JJG(交通)132-2018"},
	    {"JJF (京) 1001-2011", "JJF(京)1001-2011"},
	    {"JJG(粤)1-2023 规程", "JJG(粤)1-2023"},
	    {"ГОСТ Р 2.105-2019", "ГОСТ Р 2.105-2019"},
	    {"гост 2.105-95", "ГОСТ 2.105-95"},
	    {"ГОСТ 2.105-1995", "ГОСТ 2.105-1995"},
	    {"ГОСТ ISO 9001-2011", "ГОСТ ISO 9001-2011"},
	    {"СТБ 1234-2000", "СТБ 1234-2000"},
	    {"ΕΛΟΤ 1429-2008", "ΕΛΟΤ 1429-2008"}, {"GB(粤) 1-2020", "NULL"},
	    {"GВ 1-2020", "NULL"}, {"GB/T 190О1-2016", "NULL"},
	    {"JJG(粤浙京沪津渝冀豫云)1-2020", "NULL"}, {"ж 1-2000", "NULL"}};
	static const char *const keys[][2] = {
	    {"JJG(粤)067-2023", "JJG-U7CA4-067-2023"},
	    {"JJG(浙)067-2023", "JJG-U6D59-067-2023"},
	    {"JJG 067-2023", "JJG-067-2023"},
	    {"JJG-U7CA4-067-2023", "JJG-U7CA4-067-2023"},
	    {"ГОСТ 2.105-2019", "U0413-U041E-U0421-U0422-2.105-2019"},
	    {"гост 2.105-2019", "U0413-U041E-U0421-U0422-2.105-2019"},
	    {"テスト規格 7", "U30C6-U30B9-U30C8-U898F-U683C-7"},
	    {"農林 7", "U8FB2-U6797-7"}, {"XU7CA4 7", "XU7CA4-7"},
	    {"𠀀 7", "U20000-7"}, {"U20000 7", "U20000-7"}};

	(void)state;
	EXPECT_ALL("std_number", numbers);
	EXPECT_ALL("std_key", keys);
}

/* A number that is read in part is none, and its key is that of all of it. */
static void
a_number_read_in_part_is_refused(void **state)
{
	static const char *const keys[][2] = {
	    {"GB/T 90001-200S", "GB-T-90001-200S"},
	    {"GB/T 90001-20088", "GB-T-90001-20088"},
	    {"GB/T 90001-208", "GB-T-90001-208"},
	    {"GB/T 90001–08", "GB-T-90001-08"},
	    {"GB/T 90001-2008-1", "GB-T-90001-2008-1"},
	    {"GB/T 90001-2008A", "GB-T-90001-2008A"},
	    {"WS-10001-(HD-0001)-2002", "WS-10001-HD-0001-2002"},
	    {"CSA C22.2 No. 0-20", "CSA-C22.2-NO-0-20"},
	    {"CSA C22.2 NO 0-20", "CSA-C22.2-NO-0-20"},
	    {"UL 94 Ed. 6", "UL-94-ED-6"},
	    {"ISO 10303-50:2002/TX1", "ISO-10303-50-2002-TX1"},
	    {"IEC 61970-CGMES:2022", "IEC-61970-CGMES-2022"},
	    {"GB/T 4797.1～4797.3-2005", "GB-T-4797.1-4797.3-2005"},
	    {"DB/T 1(甲)2-2008", "DB-T-1-U7532-2-2008"}};
	static const char *const unread[][2] = {{"GB/T 90001-200S", "-200S"},
	    {"GB/T 90001 ~2008", "~2008"}, {"GB/T 90001,2008", ",2008"},
	    {"GB/T 90001第2部分", "第2部分"},
	    {"GB/T 90001-二〇〇八", "-二〇〇八"},
	    {"GB/T 90001二〇〇八年", "二〇〇八年"}, {"GB/T 90001-", "-"},
	    {"GB/T 90001-XXXX", "-XXXX"}, {"GB/T 90001-××××", "-××××"},
	    {"GB/T 90001报批稿", "报批稿"}, {"GB/T 90001-Ⅱ", "-Ⅱ"},
	    {"GB/T 90001质量 2008", "2008"}, {"GB/T 1 9001-2008", "9001-2008"},
	    {"GB/T 90001-2008=1", "=1"}, {"GB/T 90001-2008（2版）", "（2版）"},
	    {"HG/T 20592～20635-2009", "～20635-2009"},
	    {"GB/T 1.1-2020标准化第1部分 甲", "标准化第1部分"},
	    {"CSA C22.2 No. 0-20", "No. 0-20"}};

	(void)state;
	EXPECT_ALL("std_key", keys);
	EXPECT_ALL("std_unread", unread);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		expect("std_number", keys[i][0], "NULL");
	for (size_t i = 0; i < sizeof(unread) / sizeof(*unread); i++)
		expect("std_number", unread[i][0], "NULL");
	call("std_key", (struct str){NULL, 0});
}

/* What stands behind a number and changes nothing. */
static void
words_behind_a_number_change_nothing(void **state)
{
	static const char *const pairs[][2] = {{"GB/T19001质量", "GB/T 19001"},
	    {"GB/T 19001：质量", "GB/T 19001"},
	    {"GB/T 19001-质量管理体系", "GB/T 19001"},
	    {"GB/T 19001-2016版", "GB/T 19001-2016"},
	    {"GB/T 19001(2016)", "GB/T 19001-2016"},
	    {"GB/T 19001（2016）质量", "GB/T 19001-2016"},
	    {"GB/T 19001/2016", "GB/T 19001-2016"},
	    {"GB/T 19001一2016", "GB/T 19001-2016"},
	    {"GB/T 19001[2016]", "GB/T 19001-2016"},
	    {"GB/T 5009 25种元素", "GB/T 5009"},
	    {"GB/T 19001-2016 3,5-二甲苯", "GB/T 19001-2016"},
	    {"GB/T 19001-2016（2017年7月1日实施）", "GB/T 19001-2016"},
	    {"GB/T 19001-2016 (all)", "GB/T 19001-2016"},
	    {"ISO 8601(all)", "ISO 8601"},
	    {"GB/T 19001（代替GB/T 1）", "GB/T 19001"},
	    {"GB/T 19001-2016代替GB/T 19001-2008", "GB/T 19001-2016"},
	    {"GB/T 19001-2016.docx", "GB/T 19001-2016"},
	    {"GB/T 19001，甲", "GB/T 19001"}, {"GB 3095、3838", "GB 3095"},
	    {"ISO 9001:2015 Ed. 5", "ISO 9001:2015"},
	    {"ISO 9001 Quality", "ISO 9001"}};

	(void)state;
	EXPECT_ALL("std_number", pairs);
}

/* Years and editions as each body prints them; both spellings, one key. */
static void
each_body_prints_years_in_its_own_way(void **state)
{
	static const char *const numbers[][2] = {
	    {"ASTM D638-2022", "ASTM D638-22"},
	    {"ASTM A370-20e1", "ASTM A370-20e1"},
	    {"ASTM A370-20ε1", "ASTM A370-20e1"},
	    {"astm a106/a106m-19A", "ASTM A106/A106M-19a"},
	    {"ASTM D4169-16 (2021)", "ASTM D4169-16(2021)"},
	    {"ASTM-D4169-16-2021", "ASTM D4169-16(2021)"},
	    {"ASTM D1-14a(2018)e1", "ASTM D1-14a(2018)e1"},
	    {"ASTM D2-96", "ASTM D2-96"}, {"ASTM D638-2", "ASTM D638-2"},
	    {"IEEE Std 1588™-2019", "IEEE Std 1588-2019"},
	    {"IEEE 1588®-2019", "IEEE 1588-2019"},
	    {"CNAS-CL01-A001：2022", "CNAS-CL01-A001:2022"},
	    {"cnas cl01-g001:2024", "CNAS-CL01-G001:2024"},
	    {"DB 44/26-2001", "DB44/26-2001"},
	    {"DB44/ 26-2001", "DB44/26-2001"}, {"DB 44/ 26", "DB44/26"},
	    {"DB 46-2010", "DB 46-2010"}, {"DB 46", "DB 46"}, {"DB46", "NULL"},
	    {"DB46GB 1-2020", "NULL"},
	    {"DB13(J)/T 185-2015", "DB13(J)/T 185-2015"},
	    {"DBJ46-002-2006", "DBJ46-002-2006"},
	    {"dbj 46—002—2006", "DBJ 46-002-2006"},
	    {"DBJ/T 15-38-2019", "DBJ/T 15-38-2019"},
	    {"DBJ50/T-246-2016", "DBJ50/T-246-2016"},
	    {"DBS 46/001-2022", "DBS 46/001-2022"},
	    {"DBS46/ 001-2022", "DBS46/001-2022"},
	    {"ISO 10303-50:2002/TC1", "ISO 10303-50:2002/TC1"},
	    {"GB/T 1-2020 TC 28", "GB/T 1-2020"}, {"AS-A1", "NULL"},
	    {"AS 1-A1", "AS 1-A1"}};
	static const char *const keys[][2] = {
	    {"ASTM D638-2022", "ASTM-D638-22"},
	    {"ASTM A370-20e1", "ASTM-A370-20E1"},
	    {"ASTM A106/A106M-19a", "ASTM-A106-A106M-19A"},
	    {"ASTM D4169-16(2021)", "ASTM-D4169-16-2021"},
	    {"IEEE Std 1588-2019", "IEEE-1588-2019"},
	    {"IEEE 1588-2019", "IEEE-1588-2019"},
	    {"DB 44/26-2001", "DB44-26-2001"},
	    {"DBJ 46-002-2006", "DBJ46-002-2006"},
	    {"DBJ46-002-2006", "DBJ46-002-2006"},
	    {"DBJ/T 15-38-2019", "DBJ-T15-38-2019"},
	    {"DBJ/T15-38-2019", "DBJ-T15-38-2019"},
	    {"DBS 46/001-2022", "DBS46-001-2022"},
	    {"DBS46/001-2022", "DBS46-001-2022"},
	    {"DB13(J)/T 185-2015", "DB13-J-T-185-2015"}};

	(void)state;
	EXPECT_ALL("std_number", numbers);
	EXPECT_ALL("std_key", keys);
	expect("std_family", "CNAS-CL01-A001:2022", "CNAS-CL01-A001");
	expect("std_level", "DBJ46-002-2006", "地方");
	expect("std_level", "DBS 46/001-2022", "地方");
	expect("std_year", "ASTM D638-96", "1996");
	expect("std_amended", "GB 7718-2011/XG1", "GB-7718-2011");
	expect("std_amended", "GB 7718-2011", "NULL");
	call("std_key", (struct str){NULL, 0});
}

/* Too long for a key: its end is a digest, so that two are not one. */
static void
too_long_keys_end_in_a_digest(void **state)
{
	char a[300], b[300];

	(void)state;
	memset(a, 'X', sizeof(a) - 1);
	a[sizeof(a) - 1] = '\0';
	memcpy(b, a, sizeof(b));
	b[sizeof(b) - 2] = 'Y';
	snprintf(a, 4, "%s", "某");
	memcpy(b, a, 3);
	a[3] = b[3] = 'X';
	check_key(str_from(a));
	assert_int_equal(strlen(call("std_key", str_from(a))), 160);
	snprintf(a, sizeof(a), "%s", call("std_key", str_from(a)));
	assert_string_not_equal(a, call("std_key", str_from(b)));
	call("std_key", (struct str){NULL, 0});
}

static void
text_without_a_number_gives_null(void **state)
{
	static const char *const none[] = {"", " ", "-", "///", "《》", "质量",
	    "质量管理体系 要求", "GB", "GB/T", "ISO/", "T/", "Q/ 1", "DB46/T",
	    "2026-11-23", "2026-11", "0898-12345678", "gbt190012016",
	    "GB 1234567", "19001 质量", "XYZ 123", "ISO 9001xyz", "标准号：",
	    "国标", "第1号"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		expect("std_number", none[i], "NULL");
	call("std_number", (struct str){NULL, 0});
}

static void
parts_of_a_number_are_told(void **state)
{
	static const struct {
		const char *function, *text, *result;
	} list[] = {{"std_key", "gb/t 19001—2016", "GB-T-19001-2016"},
	    {"std_key", "iso/iec 27001:2022", "ISO-IEC-27001-2022"},
	    {"std_key", "GB 7718-2011 XG1", "GB-7718-2011-XG1"},
	    {"std_key", "db46t642-2024", "DB46-T-642-2024"},
	    {"std_key", "某厂 A-7/b", "U67D0-U5382-A-7-B"},
	    {"std_key", "U67D0-U5382-A-7-B", "U67D0-U5382-A-7-B"},
	    {"std_key", "《》", "NULL"}, {"std_key", "", "NULL"},
	    {"std_family", "GB/T 1.1-2020/XG1-2021", "GB-T-1.1"},
	    {"std_family", "ISO/IEC 27001:2022", "ISO-IEC-27001"},
	    {"std_family", "ITU-T X.509 (10/2019)", "ITU-T-X.509"},
	    {"std_bare", "GB/T 19001-2016", "GB-19001"},
	    {"std_bare", "GB/Z 19001", "GB-19001"},
	    {"std_bare", "DB46/T 642-2024", "DB46-642"},
	    {"std_bare", "GBZ/T 160.1", "GBZ-160.1"},
	    {"std_bare", "ISO/TS 22002-1", "ISO-TS-22002-1"},
	    {"std_digits", "GB/T 1.1-2020", "1.1"},
	    {"std_digits", "50222", "50222"},
	    {"std_digits", "ETSI EN 300 130-2", "300130-2"},
	    {"std_digits", "质量", "NULL"}, {"std_prefix", "gbt19001", "GB/T"},
	    {"std_prefix", "19001", "NULL"},
	    {"std_prefix", "T/CAS 291", "T/CAS"},
	    {"std_prefix", "bs en iso 9001", "BS EN ISO"},
	    {"std_year", "GB 2312-80", "1980"}, {"std_year", "GB 2312", "NULL"},
	    {"std_rest", "GB/T 19001-2016 《质量管理体系 要求》.pdf",
		"质量管理体系 要求"},
	    {"std_rest", "GB/T 19001-2016质量", "质量"},
	    {"std_rest", "GB/T 24001-2016/ISO 14001:2015 IDT 环境", "环境"},
	    {"std_rest", "GB 1", ""}, {"std_rest", "质量", "NULL"},
	    {"std_level", "GB 1", "国家"}, {"std_level", "YY/T 1", "行业"},
	    {"std_level", "DB46/T 1", "地方"}, {"std_level", "T/CAS 1", "团体"},
	    {"std_level", "Q/GDW 1", "企业"}, {"std_level", "ISO 1", "国际"},
	    {"std_level", "BS EN ISO 1", "国外"}, {"std_level", "1", "NULL"},
	    {"std_mandate", "GB 1", "强制"}, {"std_mandate", "GB/T 1", "推荐"},
	    {"std_mandate", "GB/Z 1", "指导"}, {"std_mandate", "GBZ 1", "强制"},
	    {"std_mandate", "DB46/T 1", "推荐"},
	    {"std_mandate", "ISO 1", "NULL"},
	    {"std_mandate", "T/CAS 1", "NULL"}};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		expect(list[i].function, list[i].text, list[i].result);
	call("std_key", (struct str){NULL, 0});
}

/* By prefix, then by value and not by digit, then by year. */
static void
numbers_sort_by_value_then_by_year(void **state)
{
	static const char *const order[] = {"GB 1.1-2020", "GB 1.10-2001",
	    "GB 2-1999", "GB 2-2000", "GB 2.1-1990", "GB 10-1980",
	    "GB 10-1980/XG1-1981", "GB/T 1-1980", "ISO 9000:2015",
	    "ISO 9001-2:1987", "ISO 10000:1999", "JIS A 1", "JIS B 1", "《》"};
	char last[128] = "";

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(order) / sizeof(*order); i++) {
		const char *key = call("std_sort", str_from(order[i]));

		if (strcmp(last, key) >= 0)
			fail_msg(
			    "%s: '%s' is not behind '%s'", order[i], key, last);
		snprintf(last, sizeof(last), "%s", key);
	}
	expect("std_sort", "《》", "NULL");
	assert_true(strcmp(last, call("std_sort", STR("某 A B"))) < 0);
	call("std_sort", (struct str){NULL, 0});
}

/* Pieces of numbers, thrown together. */
static void
the_key_of_random_pieces_is_its_own_key(void **state)
{
	static const char *const pieces[] = {"GB", "GB/T", "/", "-", " ", ".",
	    ":", "T", "Z", "Q", "1", "19001", "2016", "46", "DB", "ISO", "IEC",
	    "ISO/IEC", "TR", "R", "JIS", "A", "ETSI", "EN", "300", "130",
	    "V1.2", "(1998-06)", "ITU-T", "X.509", "(10/2019)", "Amd", "XG",
	    "CSV", "+", "AMD1", "IDT", "A1", "E01", "—", "：", "国标", "92",
	    "AS", "BS", "KS", "I", "DIN", "11", "ASTM", "D638", "14", "S", "CD",
	    "0", "GBZ", "JTG", "D60", "CNAS", "CL", "TSG", "GSB", "T/", "CAS",
	    "Q/", "320585", "ABC", "《", "质量", "年", "@", ",", "NF", "GOST",
	    "API", "HBK", "SYMBOL", ".pdf", "\xE2\x80\x8B", "\xFF", "\xE5"};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[160];
		unsigned n = 1 + draw(9);

		*text = '\0';
		while (n-- > 0) {
			size_t len = strlen(text);
			const char *piece =
			    pieces[draw(sizeof(pieces) / sizeof(*pieces))];

			snprintf(text + len, sizeof(text) - len, "%s", piece);
		}
		check_key(str_from(text));
	}
	call("std_key", (struct str){NULL, 0});
}

/* A megabyte of one thing, bad UTF-8, NULs: an answer, and soon. */
static void
a_megabyte_of_anything_is_answered(void **state)
{
	enum { SIZE = 1 << 20 };
	static const char *const fill[] = {"A", "1", "-", " ", ".", "GB/T ",
	    "\xFF", "\xE5\x9B", "质", "《", "GB 1-2020/", "T/", "1.", "ISO/",
	    "\xEF\xBB\xBF"};
	static const char *const functions[] = {"std_key", "std_number",
	    "std_rest", "std_sort", "std_list", "std_mentions"};
	char *text = malloc(SIZE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(fill) / sizeof(*fill); i++) {
		size_t n = strlen(fill[i]);

		for (size_t at = 0; at < SIZE; at++)
			text[at] = fill[i][at % n];
		for (size_t f = 0; f < sizeof(functions) / sizeof(*functions);
		     f++)
			call(functions[f], (struct str){text, SIZE});
		check_key((struct str){text, SIZE});
		check_key((struct str){text, 200});
	}
	memset(text, 0, SIZE);
	assert_string_equal(call("std_key", (struct str){text, SIZE}), "NULL");
	assert_string_equal(
	    call("std_key", (struct str){"GB 1\0-2020", 10}), "GB-1-2020");
	free(text);
	call("std_key", (struct str){NULL, 0});
}

/* All bytes, at random. */
static void
the_key_of_random_bytes_is_its_own_key(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[48];
		size_t n = draw(sizeof(text));

		for (size_t at = 0; at < n; at++)
			text[at] = (char)draw(256);
		check_key((struct str){text, n});
	}
	call("std_key", (struct str){NULL, 0});
}

/* NULL in, NULL out; fit for indexes and generated columns. */
static void
functions_fit_indexes_and_keep_null(void **state)
{
	static const char sql[] =
	    "CREATE TABLE t(number TEXT, key TEXT AS (std_key(number)));"
	    "CREATE INDEX i ON t(std_family(number), std_sort(number));"
	    "INSERT INTO t VALUES ('gbt1.1-2020'), (NULL)";

	(void)state;
	assert_string_equal(call("std_number", (struct str){NULL, 0}), "NULL");
	assert_string_equal(call("std_key", (struct str){NULL, 0}), "NULL");
	assert_string_equal(call("std_list", (struct str){NULL, 0}), "NULL");
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* What readers search for may be kept if it is a number with its code, and if
 * it is not as long as a telephone's. */
static void
only_numbers_with_a_code_are_kept(void **state)
{
	static const char *const public[] = {
	    "gb/t 19001-2016", "gb/t 18384.1-2015", "iso 9001:2015"};
	static const char *const private[] = {"19001-2016", "6620 1234",
	    "110105 19491231 0023", "gb/t 1234567-2016", "gb 138-1234-5678",
	    "gb 13812345678", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(public) / sizeof(*public); i++)
		if (!standards_module.keeps(str_from(public[i])))
			fail_msg("%s", public[i]);
	for (size_t i = 0; i < sizeof(private) / sizeof(*private); i++)
		if (standards_module.keeps(str_from(private[i])))
			fail_msg("%s", private[i]);
}

/* What a list shows as it stands: the number of a body that the tables do not
 * have, and never the number of one that they have, misspelt. */
static void
numbers_of_unknown_codes_are_told_from_misspelt_ones(void **state)
{
	static const char *const unknown[] = {"XYQ 12-2001", "XYQT 5",
	    "ABCDEFGHIJKLMNOP 7", "ABCDEFGHIJKLMNOPQ 7",
	    "XYQXYQXYQXYQXYQXYQXYQ 7"};
	static const char *const known[] = {"GB 1", "GBT 1-2000", "JBT 5000",
	    "JBZ 5000", "X 12", "XYQ", "12-2001", "XYQ 12-"};
	struct std_number number;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		if (!std_read_unknown(str_from(unknown[i]), &number))
			fail_msg("%s", unknown[i]);
		assert_string_equal(number.number, unknown[i]);
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (std_read_unknown(str_from(known[i]), &number))
			fail_msg("%s", known[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(typed_spellings_are_made_canonical),
	    cmocka_unit_test(letters_of_other_scripts_are_letters),
	    cmocka_unit_test(a_number_read_in_part_is_refused),
	    cmocka_unit_test(words_behind_a_number_change_nothing),
	    cmocka_unit_test(each_body_prints_years_in_its_own_way),
	    cmocka_unit_test(too_long_keys_end_in_a_digest),
	    cmocka_unit_test(chinese_numbers_are_made_canonical),
	    cmocka_unit_test(foreign_numbers_are_made_canonical),
	    cmocka_unit_test(text_without_a_number_gives_null),
	    cmocka_unit_test(parts_of_a_number_are_told),
	    cmocka_unit_test(numbers_sort_by_value_then_by_year),
	    cmocka_unit_test(the_key_of_random_pieces_is_its_own_key),
	    cmocka_unit_test(a_megabyte_of_anything_is_answered),
	    cmocka_unit_test(the_key_of_random_bytes_is_its_own_key),
	    cmocka_unit_test(functions_fit_indexes_and_keep_null),
	    cmocka_unit_test(only_numbers_with_a_code_are_kept),
	    cmocka_unit_test(
		numbers_of_unknown_codes_are_told_from_misspelt_ones)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
