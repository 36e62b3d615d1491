/* SPDX-License-Identifier: ISC */
/*
 * Is a standard in force on a day: each rule, on the last day before it holds
 * and on the first day on which it does.
 */
#include "../standards.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* When the source was asked, in rows that do not say it. */
static const char asked[] = "1990-01-01";

static const struct row {
	/* day, issued, implemented, abolished, stated, verified, successor
	 * issued, successor implemented, partly, mandate changed */
	const char *in[10];
	const char *status;
} rows[] = {
    /* Its own dates. */
    {{"2020-09-30", "2020-03-31", "2020-10-01"}, "即将实施"},
    {{"2020-10-01", "2020-03-31", "2020-10-01"}, "现行"},
    {{"2020-01-01", "2020-03-31", NULL}, "即将实施"},
    {{"2020-03-31", "2020-03-31", NULL}, "待核实"},
    {{"2020-10-01", NULL, NULL}, "待核实"},
    {{"2020-10-01", NULL, NULL, NULL, "现行", "2020-01-01"}, "待核实"},
    {{"2020-10-01", NULL, "2020-13-01"}, "待核实"},
    {{"2020-10-01", NULL, "2019-02-29"}, "待核实"},
    {{"2020-10-01", NULL, "soon"}, "待核实"},
    {{"2020-10-01", NULL, ""}, "待核实"},
    /* Months and years: known before and from their last day on. */
    {{"2019-12-31", NULL, "2020"}, "即将实施"},
    {{"2020-01-01", NULL, "2020"}, "待核实"},
    {{"2020-12-30", NULL, "2020"}, "待核实"},
    {{"2020-12-31", NULL, "2020"}, "现行"},
    {{"2020-01-31", NULL, "2020-02"}, "即将实施"},
    {{"2020-02-28", NULL, "2020-02"}, "待核实"},
    {{"2020-02-29", NULL, "2020-02"}, "现行"},
    /* Abolished. */
    {{"2020-12-31", NULL, "2010-01-01", "2021-01-01"}, "现行"},
    {{"2021-01-01", NULL, "2010-01-01", "2021-01-01"}, "废止"},
    {{"2021-06-01", NULL, "2010-01-01", "2021"}, "待核实"},
    {{"2021-12-31", NULL, "2010-01-01", "2021"}, "废止"},
    {{"2021-06-01", NULL, "2010-01-01", "?"}, "待核实"},
    {{"2021-01-01", NULL, NULL, "2021-01-01"}, "废止"},
    {{"2021-01-01", NULL, "2010-01-01", "2021-01-01", NULL, NULL, "2020-06-01",
	 "2022-01-01"},
	"被代替"},
    {{"2021-01-01", NULL, "2010-01-01", "2021-01-01", NULL, NULL, "2023-06-01",
	 "2024-01-01"},
	"废止"},
    /* A successor: GB 2760-2014 and -2024. */
    {{"2024-02-07", "2014-12-24", "2015-05-24", NULL, NULL, NULL, "2024-02-08",
	 "2025-02-08"},
	"现行"},
    {{"2024-02-08", "2014-12-24", "2015-05-24", NULL, NULL, NULL, "2024-02-08",
	 "2025-02-08"},
	"现行(将被代替)"},
    {{"2025-02-07", "2014-12-24", "2015-05-24", NULL, NULL, NULL, "2024-02-08",
	 "2025-02-08"},
	"现行(将被代替)"},
    {{"2025-02-08", "2014-12-24", "2015-05-24", NULL, NULL, NULL, "2024-02-08",
	 "2025-02-08"},
	"被代替"},
    {{"2025-01-01", NULL, "2015-05-24", NULL, NULL, NULL, "2024-02-08", NULL},
	"待核实"},
    {{"2024-02-07", NULL, "2015-05-24", NULL, NULL, NULL, "2024-02-08", NULL},
	"现行"},
    {{"2025-06-01", NULL, "2015-05-24", NULL, NULL, NULL, "2024-02-08", "2025"},
	"待核实"},
    {{"2025-02-08", NULL, NULL, NULL, NULL, NULL, NULL, "2025-02-08"},
	"被代替"},
    /* The dates speak louder than the source, which is early. */
    {{"2024-06-01", NULL, "2015-05-24", NULL, "被代替", "2024-03-01",
	 "2024-02-08", "2025-02-08"},
	"现行(将被代替)"},
    /* It has ended, nobody says when: known since the source was asked. */
    {{"2024-02-29", NULL, "2015-05-24", NULL, "废止", "2024-03-01"}, "待核实"},
    {{"2024-03-01", NULL, "2015-05-24", NULL, "废止", "2024-03-01"}, "废止"},
    {{"2024-03-01", NULL, NULL, NULL, "被代替", "2024-03-01"}, "被代替"},
    {{"2014-03-01", NULL, "2015-05-24", NULL, "废止", "2024-03-01"},
	"即将实施"},
    {{"2024-03-01", NULL, "2015-05-24", NULL, "现行", "2024-03-01"}, "现行"},
    /* In part, or only in its mandate. */
    {{"2016-12-31", NULL, "2010-01-01", NULL, NULL, NULL, NULL, NULL, NULL,
	 "2017-01-01"},
	"现行"},
    {{"2017-01-01", NULL, "2010-01-01", NULL, NULL, NULL, NULL, NULL, NULL,
	 "2017-01-01"},
	"转为推荐性"},
    {{"2016-12-31", NULL, "2010-01-01", NULL, NULL, NULL, NULL, NULL,
	 "2017-01-01", NULL},
	"现行"},
    {{"2017-01-01", NULL, "2010-01-01", NULL, NULL, NULL, NULL, NULL,
	 "2017-01-01", NULL},
	"部分被代替"},
    {{"2017-06-01", NULL, "2010-01-01", NULL, NULL, NULL, NULL, NULL, "2017",
	 NULL},
	"待核实"},
    {{"2017-01-01", NULL, "2010-01-01", "2017-01-01", NULL, NULL, NULL, NULL,
	 "2015-01-01", "2015-01-01"},
	"废止"},
    /* No day, no status. */
    {{NULL, NULL, "2010-01-01"}, NULL}, {{"", NULL, "2010-01-01"}, NULL},
    {{"2020", NULL, "2010-01-01"}, NULL},
    {{"2020-02-30", NULL, "2010-01-01"}, NULL},
    {{"2020-01-01x", NULL, "2010-01-01"}, NULL}};

static void
dates_and_source_decide_the_status(void **state)
{
	sqlite3 *db = *state;
	sqlite3_stmt *statement;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT std_status(?,?,?,?,?,?,?,?,?,?)", -1,
		&statement, NULL),
	    SQLITE_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *given;

		for (int n = 0; n < 10; n++)
			sqlite3_bind_text(statement, n + 1,
			    n == 5 && rows[i].in[n] == NULL ? asked
							    : rows[i].in[n],
			    -1, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		given = (const char *)sqlite3_column_text(statement, 0);
		if ((given == NULL) != (rows[i].status == NULL) ||
		    (given != NULL && strcmp(given, rows[i].status) != 0))
			fail_msg("row %zu (%s): '%s', not '%s'", i,
			    rows[i].in[0], given, rows[i].status);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
}

/* Nobody has checked it: whatever its dates and its source say. */
static void
what_nobody_verified_is_to_be_verified(void **state)
{
	sqlite3 *db = *state;
	sqlite3_stmt *statement;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT std_status(?,?,?,?,?,NULL,?,?,?,?)",
		-1, &statement, NULL),
	    SQLITE_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *given;

		for (int n = 0, at = 1; n < 10; n++)
			if (n != 5)
				sqlite3_bind_text(statement, at++,
				    rows[i].in[n], -1, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		given = (const char *)sqlite3_column_text(statement, 0);
		if (rows[i].status == NULL)
			assert_null(given);
		else
			assert_string_equal(given, "待核实");
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
}

/* Flags as numbers, as a comparison in SQL gives them. */
static void
flags_may_be_numbers(void **state)
{
	static const char sql[] =
	    "SELECT std_status('2020-01-01', NULL, '2010-01-01', NULL, NULL,"
	    " '2019', NULL, NULL, 0, 0) = '现行' AND"
	    " std_status('2020-01-01', NULL, '2010-01-01', NULL, NULL, '2019',"
	    " NULL, NULL, 1, NULL) = '部分被代替' AND"
	    " std_status('2020-01-01', NULL, '2010-01-01', NULL, NULL, '2019',"
	    " NULL, NULL, 1, 1) = '转为推荐性' AND"
	    " std_status('2020-01-01', NULL, 2010, NULL, NULL, '2019', NULL,"
	    " NULL, NULL, NULL) = '现行'";
	sqlite3_stmt *statement;

	assert_int_equal(
	    sqlite3_prepare_v2(*state, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(statement, 0), 1);
	sqlite3_finalize(statement);
}

static int
set_up(void **state)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	*state = db;
	return standards_module.init(db, NULL, NULL);
}

static int
tear_down(void **state)
{
	return sqlite3_close(*state);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_and_source_decide_the_status),
	    cmocka_unit_test(what_nobody_verified_is_to_be_verified),
	    cmocka_unit_test(flags_may_be_numbers)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
