/* SPDX-License-Identifier: ISC */
/*
 * 标准跟踪: whatever happens to an edition, each list that follows it is told
 * once, and no other. What had happened before is no news.
 */
#include "portal_fixture.h"

#define STANDARD(n, issued, implemented)                                    \
	PORTAL_INSERT_STANDARDS                                             \
	"'名称', " issued ", " implemented ", '试验', '2026-01-01' FROM " \
	"(SELECT std_number('" n "') AS n);"

static const char catalogue[] = STANDARD("GB/T 99001-2020", "'2020-01-01'",
    "'2020-06-01'") STANDARD("GB/T 99001-2010", "'2010-01-01'",
    "'2010-06-01'") STANDARD("GB/T 99002-2026", "'2026-11-01'",
    "'2027-03-01'") STANDARD("GB/T 99003-2020", "'2020-01-01'",
    "'2020-06-01'") "UPDATE standard SET ics = '03.120.10 35.240', ccs = 'A00'"
		    " WHERE key = 'GB-T-99003-2020';";

/* Three lists of two accounts. Nobody is told of the past. */
static const char lists[] =
    "INSERT INTO account (id, name, folded, consent, consented, created,"
    " last_seen) SELECT column1, column2, name_fold(column2), '1', 0, 0, 0"
    " FROM (VALUES (1, 'reader'), (2, 'other'));"
    "INSERT INTO watch_list (id, account_id, name, token, created)"
    " SELECT column1, column2, 'list ' || column1,"
    " format('%032d', column1), 0"
    " FROM (VALUES (1, 1), (2, 1), (3, 2));"
    "UPDATE watch_round SET day = '2026-12-01';"
    "INSERT INTO watch_item (list_id, kind, value, label, created)"
    " SELECT column1, column2, column3, column3, 0 FROM (VALUES"
    " (1, 'standard', 'GB-T-99001-2020'), (1, 'family', 'GB-T-99001'),"
    " (2, 'family', 'GB-T-99001'), (3, 'standard', 'GB-T-99002-2026'),"
    " (3, 'standard', 'GB-T-99009-2026'), (2, 'ics', '03'),"
    " (3, 'ccs', 'A'));";

/* All that is followed is looked at on a day. */
#define LOOK(day)                                 \
	"UPDATE watch_round SET day = '" day "';" \
	"INSERT INTO watch_look SELECT id FROM standard;"

static const char told[] =
    "SELECT coalesce(group_concat(said, char(10)), '') FROM (SELECT"
    " s.number || ' ' || e.kind || ' ' || e.other || ' ' || e.day || ' to '"
    " || (SELECT group_concat(list_id, ' ') FROM (SELECT list_id FROM"
    " watch_notice WHERE event_id = e.id ORDER BY list_id)) AS said"
    " FROM watch_event e JOIN standard s ON s.id = e.standard_id"
    " WHERE e.id > (SELECT coalesce(max(event), 0) FROM told)"
    " ORDER BY e.id);";

static const struct {
	const char *what, *sql, *said;
} steps[] = {{"the past is no news", LOOK("2026-12-01"), ""},
    {"a look without a change tells nothing", LOOK("2026-12-01"), ""},
    {"a successor is announced: its day is to come",
	STANDARD("GB/T 99001-2026", "'2026-12-03'",
	    "'2027-07-01'") "INSERT INTO relation (from_key, type, to_key, "
			    "from_number, to_number)"
			    " VALUES ('GB-T-99001-2026', 'replaces', "
			    "'GB-T-99001-2020',"
			    " 'GB/T 99001-2026', 'GB/T 99001-2020');" LOOK(
				"2026-12-04"),
	"GB/T 99001-2020 新版发布 GB-T-99001-2026 2027-07-01 to 1 2\n"
	"GB/T 99001-2026 新标准  2026-12-03 to 1 2"},
    {"thirty-one days before nothing is said", LOOK("2027-01-29"), ""},
    {"thirty days before a standard is about to be in force",
	LOOK("2027-01-30"), "GB/T 99002-2026 即将实施  2027-03-01 to 3"},
    {"it is said once", LOOK("2027-02-15"), ""},
    {"by the date alone it is in force", LOOK("2027-03-01"),
	"GB/T 99002-2026 现行  2027-03-01 to 3"},
    {"an amendment",
	"INSERT INTO relation (from_key, type, to_key, from_number, to_number)"
	" VALUES ('GB-T-99002-2026-XG1-2027', 'amends', 'GB-T-99002-2026',"
	" 'GB/T 99002-2026/XG1-2027', 'GB/T 99002-2026');" LOOK("2027-03-02"),
	"GB/T 99002-2026 修改单 GB-T-99002-2026-XG1-2027 2027-03-02 to 3"},
    {"the old edition ends, the new one begins", LOOK("2027-06-10"),
	"GB/T 99001-2020 即将失效  2027-07-01 to 1 2\n"
	"GB/T 99001-2026 即将实施  2027-07-01 to 1 2"},
    {"a night was missed", LOOK("2027-07-09"),
	"GB/T 99001-2020 被代替 GB-T-99001-2026 2027-07-01 to 1 2\n"
	"GB/T 99001-2026 现行  2027-07-01 to 1 2"},
    {"a class: one of it is repealed",
	"UPDATE standard SET abolished = '2027-07-10'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-10"),
	"GB/T 99003-2020 废止  2027-07-10 to 2 3"},
    {"an import that is taken back",
	"UPDATE standard SET abolished = NULL"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 状态变化 废止→现行 2027-07-11 to 2 3"},
    {"the same change comes back, with the same day",
	"UPDATE standard SET abolished = '2027-07-10'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 废止  2027-07-10 to 2 3"},
    {"and is taken back again",
	"UPDATE standard SET abolished = NULL"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 状态变化 废止→现行 2027-07-11 to 2 3"},
    {"an end is announced",
	"UPDATE standard SET abolished = '2027-08-01'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 即将失效  2027-08-01 to 2 3"},
    {"the announced day moves within the thirty days",
	"UPDATE standard SET abolished = '2027-08-05'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 状态变化 2027-08-01→2027-08-05 2027-07-11 to 2 3"},
    {"it moves far away",
	"UPDATE standard SET abolished = '2028-01-01'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	"GB/T 99003-2020 状态变化 2027-08-05→2028-01-01 2027-07-11 to 2 3"},
    {"what is far away and goes was not told",
	"UPDATE standard SET abolished = NULL"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-11"),
	""},
    {"two amendments, the older one last",
	"INSERT INTO relation (from_key, type, to_key, from_number, to_number)"
	" VALUES ('GB-T-99002-2026-XG3-2027', 'amends', 'GB-T-99002-2026',"
	" 'GB/T 99002-2026/XG3-2027', 'GB/T 99002-2026');" LOOK(
	    "2027-07-11") "INSERT INTO relation (from_key, type, to_key, "
			  "from_number, to_number)"
			  " VALUES ('GB-T-99002-2026-XG2-2027', 'amends', "
			  "'GB-T-99002-2026',"
			  " 'GB/T 99002-2026/XG2-2027', 'GB/T "
			  "99002-2026');" LOOK("2027-07-11"),
	"GB/T 99002-2026 修改单 GB-T-99002-2026-XG3-2027 2027-07-11 to 3\n"
	"GB/T 99002-2026 修改单 GB-T-99002-2026-XG2-2027 2027-07-11 to 3"},
    {"a class that has not been looked through",
	"UPDATE watch_item SET filled = 0 WHERE kind = 'ccs';" STANDARD(
	    "GB/T 99011-2027", "'2027-07-01'",
	    "'2027-07-02'") "UPDATE standard SET ccs = 'A00' WHERE key = "
			    "'GB-T-99011-2027';" LOOK("2027-07-11") "UPDATE "
								    "watch_"
								    "item SET "
								    "filled = "
								    "NULL;",
	""},
    {"a number that was absent comes",
	STANDARD("GB/T 99009-2026", "'2020-01-01'", "'2020-02-01'")
	    LOOK("2027-07-12"),
	"GB/T 99009-2026 新标准  2020-01-01 to 3"},
    {"old editions of a class that come late are no news",
	STANDARD("GB/T 99010-2001", "'2001-01-01'",
	    "'2001-02-01'") "UPDATE standard SET ccs = 'A00' WHERE key = "
			    "'GB-T-99010-2001';" LOOK("2027-07-12"),
	""},
    {"a dispute is accepted",
	"INSERT INTO status_dispute (key, number, kind, remark, created,"
	" state, decided) VALUES ('GB-T-99002-2026', 'GB/T 99002-2026',"
	" '作废', '理由', 0, '通过', 1);" LOOK("2027-07-13"),
	"GB/T 99002-2026 状态异议 1 2027-07-13 to 3"},
    {"a draft of the next edition",
	STANDARD("GB/T 99002-2028", "NULL",
	    "NULL") "UPDATE standard SET stated = '制定中' WHERE key = "
		    "'GB-T-99002-2028';" LOOK("2027-07-14"),
	"GB/T 99002-2026 征求意见 GB-T-99002-2028 2027-07-14 to 3"},
    {"who follows it no more is told no more",
	"DELETE FROM watch_item WHERE list_id = 3;"
	"UPDATE standard SET abolished = '2027-07-15'"
	" WHERE key = 'GB-T-99003-2020';" LOOK("2027-07-15"),
	"GB/T 99003-2020 废止  2027-07-15 to 2"}};

static void
test_each_change_is_told_once(void **state)
{
	struct portal_path path;
	struct fixture *f;
	sqlite3 *db;

	f = portal_open(state, false, &path);
	db = portal_connect(&path);
	portal_run(db, catalogue);
	portal_run(db, lists);
	portal_run(db, "CREATE TEMP TABLE told (event)");
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		sqlite3_stmt *statement;

		portal_run(db, steps[i].sql);
		assert_int_equal(
		    sqlite3_prepare_v2(db, told, -1, &statement, NULL),
		    SQLITE_OK);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		if (strcmp((const char *)sqlite3_column_text(statement, 0),
			steps[i].said) != 0)
			fail_msg("%s:\n%s", steps[i].what,
			    sqlite3_column_text(statement, 0));
		sqlite3_finalize(statement);
		portal_run(
		    db, "INSERT INTO told SELECT max(id) FROM watch_event");
	}
	sqlite3_close(db);
	assert_int_equal(fixture_teardown((void **)&f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_change_is_told_once)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
