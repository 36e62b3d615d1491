/* SPDX-License-Identifier: ISC */
/*
 * Local times of zones whose rules are old and will stay: over changes of
 * summer time, before the first and behind the last that is listed, on days
 * that begin late or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"

static const char *
written(int64_t s, enum zone_form form)
{
	static char text[64];
	struct buf out;
	bool some;

	buf_init(&out, sizeof(text) - 1);
	some = zone_add(&out, s, form);
	snprintf(text, sizeof(text), "%.*s", STR_ARG(buf_view(&out)));
	buf_release(&out);
	return some ? text : "none";
}

static void
moments_are_written_in_the_zone(void **state)
{
	static const struct {
		const char *zone;
		int64_t s;
		const char *stamp;
	} cases[] = {
	    {"UTC", 0, "1970-01-01T00:00:00+00:00"},
	    {"Asia/Shanghai", 1790000000, "2026-09-21T22:13:20+08:00"},
	    {"Asia/Shanghai", 1790006399, "2026-09-21T23:59:59+08:00"},
	    {"Asia/Shanghai", 1790006400, "2026-09-22T00:00:00+08:00"},
	    {"Asia/Kathmandu", 1790000000, "2026-09-21T19:58:20+05:45"},
	    {"America/St_Johns", 1700000000, "2023-11-14T18:43:20-03:30"},
	    /* Summer time begins and ends. */
	    {"Europe/Paris", 1711846799, "2024-03-31T01:59:59+01:00"},
	    {"Europe/Paris", 1711846800, "2024-03-31T03:00:00+02:00"},
	    {"Europe/Paris", 1729990799, "2024-10-27T02:59:59+02:00"},
	    {"Europe/Paris", 1729990800, "2024-10-27T02:00:00+01:00"},
	    /* By the rule behind the last change that is listed. */
	    {"America/New_York", 4118083199, "2100-06-30T19:59:59-04:00"},
	    {"America/New_York", 4133894400, "2100-12-30T19:00:00-05:00"},
	    {"America/New_York", -2208970800, "1900-01-01T00:00:00-05:00"},
	    {"UTC", 253402300799, "9999-12-31T23:59:59+00:00"},
	    {"UTC", 253402300800, "none"},
	    {"UTC", -62167219201, "none"},
	    {"UTC", INT64_MAX, "none"},
	    {"UTC", INT64_MIN, "none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(zone_use(cases[i].zone), OK);
		assert_string_equal(
		    written(cases[i].s, ZONE_STAMP), cases[i].stamp);
	}
	assert_int_equal(zone_use("Asia/Shanghai"), OK);
	assert_string_equal(written(1790006400, ZONE_DAY), "2026-09-22");
	assert_string_equal(written(1790006400, ZONE_TIME), "2026-09-22 00:00");
}

static void
days_begin_in_the_zone(void **state)
{
	static const struct {
		const char *zone, *day;
		int64_t s;
	} cases[] = {
	    {"UTC", "1970", 0},
	    {"Asia/Shanghai", "2026-09-22", 1790006400},
	    {"Asia/Shanghai", "2026-09", 1788192000},
	    {"Asia/Shanghai", "2026", 1767196800},
	    {"Asia/Shanghai", "2100", 4102416000},
	    {"America/New_York", "1900", -2208970800},
	    /* Summer time began at midnight: the day began at one. */
	    {"America/Sao_Paulo", "2018-11-04", 1541300400},
	    /* A day that Samoa never had. */
	    {"Pacific/Apia", "2011-12-30", 1325239200},
	    {"Pacific/Apia", "2011-12-31", 1325239200},
	    {"UTC", "0001", -62135596800},
	    {"UTC", "9999-12-31", 253402214400},
	};
	static const char *const none[] = {"", "2026-02-29", "2026-13",
	    "2026-00", "2026-01-00", "2026-1-1", "20260101", "2026-01-01 ",
	    "0000", "now", "2026/01/01"};
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(zone_use(cases[i].zone), OK);
		assert_true(zone_day_begins(str_from(cases[i].day), &s));
		assert_int_equal(s, cases[i].s);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(zone_day_begins(str_from(none[i]), &s));
}

/* Each day of these years begins when it begins to be written. */
static void
days_and_moments_agree(void **state)
{
	static const char *const zones[] = {"Asia/Shanghai", "Europe/London",
	    "America/Sao_Paulo", "Australia/Lord_Howe"};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		assert_int_equal(zone_use(zones[i]), OK);
		for (int64_t at = -2208945600; at < 4102444800;
		     at += 86400 * 97) {
			char day[16];
			int64_t s;

			snprintf(day, sizeof(day), "%s", written(at, ZONE_DAY));
			assert_true(zone_day_begins(str_from(day), &s));
			assert_true(s <= at && at - s < 26 * 3600);
			assert_string_equal(written(s, ZONE_DAY), day);
			assert_string_not_equal(written(s - 1, ZONE_DAY), day);
		}
	}
}

static void
an_unknown_zone_is_told(void **state)
{
	static const struct {
		const char *name, *near;
	} cases[] = {{"Asia/Shangai", "did you mean Asia/Shanghai?"},
	    {"asia/shanghai", "did you mean Asia/Shanghai?"},
	    {"shanghai", "did you mean Asia/Shanghai?"},
	    {"America/Argentina/Saltaa",
		"did you mean America/Argentina/Salta?"},
	    {"posix/Asia/Shanghai", "name a zone"}, {"", "name a zone"},
	    {"right/UTC", "name a zone"},
	    {"../../../etc/passwd", "name a zone"},
	    {"/usr/share/zoneinfo/Asia/Shanghai", "name a zone"},
	    {"Asia", "name a zone"}, {"Asia/", "name a zone"},
	    {"Asia//Shanghai", "did you mean Asia/Shanghai?"},
	    {"tzdata.zi", "name a zone"}, {"CST-8", "name a zone"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf why;

		buf_init(&why, 400);
		assert_int_equal(
		    zone_check(str_from(cases[i].name), &why), ERR_INPUT);
		if (str_find(buf_view(&why), str_from(cases[i].near)) ==
		    SIZE_MAX)
			fail_msg(
			    "%s: %.*s", cases[i].name, STR_ARG(buf_view(&why)));
		buf_clear(&why);
		assert_int_equal(zone_check(STR("Asia/Shanghai"), &why), OK);
		assert_int_equal(zone_check(STR("UTC"), &why), OK);
		buf_release(&why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(moments_are_written_in_the_zone),
	    cmocka_unit_test(days_begin_in_the_zone),
	    cmocka_unit_test(days_and_moments_agree),
	    cmocka_unit_test(an_unknown_zone_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
