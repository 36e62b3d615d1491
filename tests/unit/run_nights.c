/* SPDX-License-Identifier: ISC */
/* When a night's work is due, by an offset and by a time zone. */
#include "run/parent/parent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

enum { NOON = 1795406400 /* 2026-11-23 04:00 UTC, noon in Shanghai */ };

static char zone[] = "UTC";

static struct config_time
at(unsigned hour, unsigned minute, int offset_min)
{
	return (struct config_time){.minute = 60 * hour + minute,
	    .has_offset = true,
	    .offset_min = offset_min};
}

static void
the_next_night_follows_the_offset(void **state)
{
	const struct config_time utc = at(3, 30, 0), hainan = at(3, 30, 480),
				 west = at(23, 0, -210);

	(void)state;
	/* 03:30 UTC has passed today; in Shanghai too. */
	assert_int_equal(nights_after(&utc, NOON), NOON - 1800 + 86400);
	assert_int_equal(nights_after(&hainan, NOON), NOON + 15 * 3600 + 1800);
	/* 23:00 at -03:30 is 02:30 UTC. */
	assert_int_equal(nights_after(&west, NOON), NOON + 81000);
	/* Never now: always after. */
	assert_int_equal(nights_after(&utc, NOON - 1800), NOON - 1800 + 86400);
	assert_int_equal(nights_after(&utc, NOON - 1801), NOON - 1800);
	assert_int_equal(
	    nights_after(&(struct config_time){.off = true}, NOON), 0);
}

static void
the_next_night_follows_the_zone(void **state)
{
	const struct config_time time = {.minute = 150}; /* 02:30 */
	int64_t next;

	(void)state;
	setenv("TZ", "UTC-8", 1); /* POSIX: east is negative */
	tzset();
	assert_int_equal(nights_after(&time, NOON), NOON + 14 * 3600 + 1800);
	/* Where 02:30 does not exist on one day there is a night all the
	 * same, within a day and an hour. */
	setenv("TZ", "XST+5XDT,M3.2.0,M11.1.0", 1);
	tzset();
	for (int64_t now = 1772928000; now < 1773187200; now += 1800) {
		next = nights_after(&time, now);
		assert_true(next > now && next <= now + 25 * 3600);
	}
	unsetenv("TZ");
	tzset();
}

static void
a_night_is_planned_once(void **state)
{
	char state_dir[] = "/tmp/guiju-nights-XXXXXX", path[64];
	struct config config = {
	    .state = state_dir, .zone = zone, .nightly = at(3, 30, 0)};
	struct nights nights = {0};
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(state_dir));
	clock_set_now_s(NOON);
	nights_plan(&nights, &config, 1000);
	assert_true(nights.soon_ms > 1000);
	assert_int_equal(nights.next_s, NOON - 1800 + 86400);
	assert_int_equal(nights_next_ms(&nights, 1000), nights.soon_ms);
	/* A reload brings no second first one. */
	nights.soon_ms = 0;
	nights_plan(&nights, &config, 2000);
	assert_int_equal(nights.soon_ms, 0);
	assert_int_equal(nights_next_ms(&nights, 2000), 62000);
	clock_set_now_s(nights.next_s - 3);
	assert_int_equal(nights_next_ms(&nights, 2000), 5000);
	/* Off. */
	config.nightly = (struct config_time){.off = true};
	nights = (struct nights){0};
	nights_plan(&nights, &config, 1000);
	assert_int_equal(nights_next_ms(&nights, 1000), INT64_MAX);
	nights_tick(&nights, &config, 1000);
	assert_int_equal(nights.pid, 0);
	/* A recent one is enough. */
	clock_set_now_s(-1);
	config.nightly = at(3, 30, 0);
	snprintf(path, sizeof(path), "%s/nightly", state_dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/nightly/done", state_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	nights = (struct nights){0};
	nights_plan(&nights, &config, 1000);
	assert_int_equal(nights.soon_ms, 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/nightly", state_dir);
	rmdir(path);
	rmdir(state_dir);
}

/* The clock strikes: one child, and the next one a day later. */
static void
one_night_runs_at_a_time(void **state)
{
	char nowhere[] = "/nowhere/at/all", user[] = "";
	struct config config = {.state = nowhere,
	    .capsule = nowhere,
	    .zone = zone,
	    .user = user,
	    .nightly = at(3, 30, 0)};
	struct nights nights = {0};
	int64_t due;
	pid_t pid;
	int status = 0;

	(void)state;
	clock_set_now_s(NOON);
	nights_plan(&nights, &config, 1000);
	nights.soon_ms = 0;
	due = nights.next_s;
	clock_set_now_s(due - 1);
	nights_tick(&nights, &config, 2000);
	assert_int_equal(nights.pid, 0);
	clock_set_now_s(due);
	nights_tick(&nights, &config, 3000);
	pid = nights.pid;
	assert_true(pid > 0);
	assert_int_equal(nights.next_s, due + 86400);
	/* Still at work when the next strikes: never two. */
	clock_set_now_s(due + 86400);
	nights_tick(&nights, &config, 4000);
	assert_int_equal(nights.pid, pid);
	assert_int_equal(nights.next_s, due + 2 * 86400);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	assert_false(nights_ended(&nights, pid + 1, status));
	assert_true(nights_ended(&nights, pid, status));
	assert_false(nights_ended(&nights, pid, status));
	assert_int_equal(nights.pid, 0);
	/* A clock that was set back by days does not wait for days. */
	clock_set_now_s(due - 5 * 86400 - 10);
	nights_tick(&nights, &config, 5000);
	assert_int_equal(nights.next_s, due - 5 * 86400);
	clock_set_now_s(-1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_next_night_follows_the_offset),
	    cmocka_unit_test(the_next_night_follows_the_zone),
	    cmocka_unit_test(a_night_is_planned_once),
	    cmocka_unit_test(one_night_runs_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
