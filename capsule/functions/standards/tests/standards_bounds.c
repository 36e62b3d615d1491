/* SPDX-License-Identifier: ISC */
/*
 * Bounds of the portal's own pages, on both sides: how far the chain of a
 * standard's editions goes, and how many objections may wait for an editor,
 * and the counts that pages show of the standards.
 */
#include "portal_fixture.h"

enum {
	STEPS_MAX = 12,   /* of a chain, in each direction */
	OF_ONE_MAX = 3,   /* objections that wait, of one standard */
	WAITING_MAX = 500 /* and of all */
};

/* 14 editions, GB/T 99001-2001 to 2014, each in the place of the last. */
static const char script[] =
    "CREATE TEMP TABLE n AS WITH RECURSIVE r (y) AS (VALUES (2001)"
    " UNION ALL SELECT y + 1 FROM r WHERE y < 2014)"
    " SELECT y, 'GB/T 99001-' || y AS n FROM r;" PORTAL_INSERT_STANDARDS
    "'通则', y || '-01-01', y || '-06-01', '试验', '2026-01-01' FROM n;"
    "INSERT INTO relation (from_key, type, to_key, from_number, to_number)"
    " SELECT std_key(b.n), 'replaces', std_key(a.n), b.n, a.n"
    " FROM temp.n a JOIN temp.n b ON b.y = a.y + 1;";

static sqlite3 *db;

static int
set_up(void **state)
{
	struct portal_path database;

	portal_open(state, false, &database);
	db = portal_connect(&database);
	portal_run(db, script);
	return 0;
}

static int
tear_down(void **state)
{
	sqlite3_close(db);
	return fixture_teardown(state);
}

/* Does the page name this edition, so many generations away? */
static bool
names(const char *answer, const char *way, int steps, int year)
{
	char line[128];

	snprintf(line, sizeof(line),
	    "=> /standard/GB-T-99001-%d %s %d 代：GB/T 99001-%d", year, way,
	    steps, year);
	return strstr(answer, line) != NULL;
}

static void
a_chain_goes_twelve_steps_each_way(void **state)
{
	static const char rest[] = "共 13 个版本，这里是最近的 12 个。";
	const char *answer =
	    gemini(*state, "/standard/GB-T-99001-2014/history");

	for (int steps = 1; steps <= STEPS_MAX; steps++)
		if (!names(answer, "前", steps, 2014 - steps))
			fail_msg("not %d steps back:\n%s", steps, answer);
	assert_null(strstr(answer, "/GB-T-99001-2001 "));
	assert_non_null(strstr(answer, "只列出前后各 12 代"));
	answer = gemini(*state, "/standard/GB-T-99001-2001/history");
	for (int steps = 1; steps <= STEPS_MAX; steps++)
		if (!names(answer, "后", steps, 2001 + steps))
			fail_msg("not %d steps on:\n%s", steps, answer);
	assert_null(strstr(answer, "/GB-T-99001-2014 "));
	/* The standard's own page shows the nearest. */
	answer = gemini(*state, "/standard/GB-T-99001-2014");
	assert_true(names(answer, "前", 11, 2003));
	assert_false(names(answer, "前", 12, 2002));
	assert_non_null(strstr(answer, rest));
	answer = gemini(*state, "/standard/GB-T-99001-2007");
	assert_true(names(answer, "前", 6, 2001));
	assert_true(names(answer, "后", 5, 2012));
}

/* Object by this link of a page: the answer. */
static const char *
object(struct fixture *f, const char *page, const char *link, const char *text)
{
	const char *at = strstr(gemini(f, page), link);
	char address[400];

	assert_non_null(at);
	snprintf(address, sizeof(address), "%s%.*s?%s", page,
	    (int)strcspn(at + 3, " \n"), at + 3, text);
	return gemini(f, address);
}

static void
objections_that_wait_have_bounds(void **state)
{
	static const char begin[] =
	    "WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r"
	    " WHERE n < 499) INSERT INTO status_dispute (key, number, kind,"
	    " remark, created) SELECT 'X-' || n, 'X ' || n, '缺失', '原因', 1"
	    " FROM r";
	char text[64];

	for (int i = 0; i <= OF_ONE_MAX; i++) {
		const char *answer;

		snprintf(
		    text, sizeof(text), "GB/T%%2099990-2026%%20reason%d", i);
		answer = object(*state, "/dispute/", "=> missing/", text);
		if (strncmp(answer, i < OF_ONE_MAX ? "(go)" : "(busy)", 4) != 0)
			fail_msg("%d: %s", i, answer);
	}
	portal_run(db, "DELETE FROM status_dispute");
	portal_run(db, begin);
	for (int i = WAITING_MAX - 1; i <= WAITING_MAX; i++) {
		const char *answer;

		snprintf(
		    text, sizeof(text), "GB/T%%20%d-2026%%20reason", 99000 + i);
		answer = object(*state, "/dispute/", "=> missing/", text);
		if (strncmp(answer, i < WAITING_MAX ? "(go)" : "(busy)", 4) !=
		    0)
			fail_msg("%d: %s", i, answer);
	}
	/* What is settled waits no more. */
	portal_run(db,
	    "UPDATE status_dispute SET state = '驳回', decided = 2"
	    " WHERE key = 'X-1'");
	assert_memory_equal(object(*state, "/dispute/", "=> missing/",
				"GB/T%2099800-2026%20reason"),
	    "(go)", 4);
}

/* Do these statements leave each count as it would be made anew? */
static void
counts_are_right_after(const struct fixture *f, const char *sql)
{
	char database[120];
	struct buf report, why;

	portal_run(db, sql);
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	buf_init(&report, 4096);
	buf_init(&why, 1024);
	if (store_rebuild(database, "capsule/schema", true, &report, &why) !=
	    OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	if (str_find(buf_view(&report), STR("standard_count")) != SIZE_MAX ||
	    str_find(buf_view(&report), STR("standard_ics")) != SIZE_MAX)
		fail_msg("%s:\n%.*s", sql, STR_ARG(buf_view(&report)));
	buf_release(&report);
	buf_release(&why);
}

/* Each of them, whether a standard comes, changes or goes. */
static void
counts_follow_each_standard(void **state)
{
	const struct fixture *f = *state;

	counts_are_right_after(f,
	    "INSERT INTO org (id, name, kind) VALUES (1, 'a', 'issuer'),"
	    " (2, 'b', 'issuer'), (3, 'c', 'committee'), (4, 'd', 'committee');"
	    /* Two codes of one field, two of one group, one of both. */
	    "UPDATE standard SET issuer_id = 1, committee_id = 3,"
	    " ics = '01.120 35.030 35.040.10 35.040.20 35.040', ccs = 'A00'"
	    " WHERE year < 2010;"
	    "UPDATE standard SET ccs = 'C' WHERE year < 2003;");
	counts_are_right_after(f,
	    "UPDATE standard SET issuer_id = 2, committee_id = 4,"
	    " ics = '35.030', ccs = 'B10', level = '行业', mandate = '强制',"
	    " prefix = 'GB', year = 1999 WHERE year < 2005;");
	counts_are_right_after(f,
	    "UPDATE standard SET issuer_id = NULL, committee_id = NULL,"
	    " ics = NULL, ccs = NULL WHERE year = 2006;");
	counts_are_right_after(
	    f, "DELETE FROM standard WHERE year IN (1999, 2006, 2007, 2013);");
	counts_are_right_after(f, "DELETE FROM standard;");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_chain_goes_twelve_steps_each_way),
	    cmocka_unit_test(objections_that_wait_have_bounds),
	    cmocka_unit_test(counts_follow_each_standard)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
