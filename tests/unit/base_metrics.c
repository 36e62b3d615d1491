/* SPDX-License-Identifier: ISC */
/* Counters, gauges and times in memory that processes share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/stats.h"
#include "base/metrics.h"

/* Run first: nothing has been made yet. */
static void
metrics_without_memory_do_no_harm(void **state)
{
	struct stats stats;

	(void)state;
	metrics_count(METRIC_CONNECTIONS);
	metrics_set(METRIC_CONNECTIONS, 7);
	metrics_sit(0);
	metrics_gauge_add(GAUGE_CONNECTIONS, 1);
	assert_int_equal(metrics_value(METRIC_CONNECTIONS), 0);
	assert_int_equal(metrics_take_seat(), METRICS_NO_SEAT);
	assert_int_equal(metrics_gauge(0, GAUGE_CONNECTIONS), 0);
	assert_null(stats_page(STR("pages/x.gmi")));
	stats_add_answer(NULL, 1, 1);
	assert_int_equal(stats_mean_cost(NULL), 0);
	stats_add_run(NULL, 1);
	assert_false(stats_read_page(0, &stats));
	assert_false(stats_read_statement(0, &stats));
	metrics_sit(METRICS_NO_SEAT);
}

static void
every_row_is_named(void **state)
{
	(void)state;
	for (int i = 0; i < METRIC_COUNT; i++) {
		const struct metric_row *row = &metric_rows[i];
		const struct str name = str_from(row->name);

		assert_non_null(row->name);
		assert_non_null(row->help);
		assert_true(str_starts(name, STR("guiju_")));
		if (i < METRIC_REQUESTS || i > METRIC_REQUESTS_LAST)
			assert_int_equal(
			    row->label == NULL, row->value == NULL);
		if (row->type == METRIC_COUNTER)
			assert_true(
			    str_equal(str_slice(name, name.len - 6, name.len),
				STR("_total")));
		/* Rows of a name stand together and say the same. */
		for (int j = 0; j < i; j++) {
			if (strcmp(metric_rows[j].name, row->name) != 0)
				continue;
			assert_string_equal(metric_rows[i - 1].name, row->name);
			assert_string_equal(metric_rows[j].help, row->help);
			if (row->value != NULL)
				assert_string_not_equal(
				    metric_rows[j].value, row->value);
		}
	}
}

/* Run in a child; it ends as told. */
static pid_t
in_child(void (*work)(void), bool dies)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	work();
	if (dies)
		raise(SIGKILL);
	_exit(0);
}

static void
count_much(void)
{
	struct page_stats *page = stats_page(STR("pages/shared.gmi"));
	struct statement_stats *statement =
	    stats_statement(STR("pages/shared.gmi:3"));

	for (int i = 0; i < 10000; i++) {
		metrics_count(METRIC_REQUESTS);
		stats_add_answer(page, 100, 50);
		stats_add_run(statement, (uint64_t)i);
	}
}

static void
counts_of_all_processes_are_added(void **state)
{
	struct stats stats = {.count = 0};
	bool seen = false;
	int status;

	(void)state;
	assert_int_equal(metrics_make(), OK);
	for (int i = 0; i < 4; i++)
		assert_true(in_child(count_much, i % 2 == 0) > 0);
	while (wait(&status) > 0)
		;
	assert_int_equal(metrics_value(METRIC_REQUESTS), 40000);
	for (size_t i = 0; i <= STATS_PAGES && !seen; i++)
		seen = stats_read_page(i, &stats);
	assert_true(seen);
	assert_true(str_equal(stats.name, STR("pages/shared.gmi")));
	assert_int_equal(stats.count, 40000);
	assert_int_equal(stats.total_us, 4000000);
	assert_int_equal(stats.p50_us, 100);
	seen = false;
	for (size_t i = 0; i <= STATS_STATEMENTS && !seen; i++)
		seen = stats_read_statement(i, &stats);
	assert_true(seen);
	assert_true(str_equal(stats.name, STR("pages/shared.gmi:3")));
	assert_int_equal(stats.count, 40000);
	assert_int_equal(stats.max_us, 9999);
	assert_int_equal(stats.total_us, 4 * (uint64_t)(9999 * 5000));
}

static void
the_cost_of_a_page_is_a_moving_mean(void **state)
{
	struct page_stats *page;

	(void)state;
	page = stats_page(STR("pages/costly.gmi"));
	assert_non_null(page);
	assert_int_equal(stats_mean_cost(page), 0);
	stats_add_answer(page, 9, 8000);
	assert_int_equal(stats_mean_cost(page), 1000);
	for (int i = 0; i < 100; i++)
		stats_add_answer(page, 9, 8000);
	assert_in_range(stats_mean_cost(page), 7990, 8000);
	for (int i = 0; i < 5; i++)
		stats_add_answer(page, 9, 0);
	assert_in_range(stats_mean_cost(page), 4000, 4200);
	for (int i = 0; i < 100; i++)
		stats_add_answer(page, 9, 0);
	assert_int_equal(stats_mean_cost(page), 0);
}

/* ---- one row a name ------------------------------------------------- */

enum { CHILDREN = 3, NAMES = 400 };

static _Atomic int *arrived; /* at each name, of all children */

/* All ask for a new name at once, for one after the other. */
static void
name_together(void)
{
	char name[STATS_NAME_MAX + 1];

	for (int i = 0; i < NAMES; i++) {
		int n = snprintf(name, sizeof(name), "%0*d", STATS_NAME_MAX, i);

		atomic_fetch_add(&arrived[i], 1);
		for (int spins = 0; atomic_load(&arrived[i]) < CHILDREN;
		     spins++)
			if (spins > 1000)
				sched_yield();
		stats_add_run(
		    stats_statement((struct str){name, (size_t)n}), 1);
	}
}

static void
processes_share_one_row_for_a_name(void **state)
{
	struct stats stats;
	size_t rows = 0;
	int status;

	(void)state;
	arrived = mmap(NULL, NAMES * sizeof(*arrived), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(arrived != MAP_FAILED);
	for (int i = 0; i < CHILDREN; i++)
		assert_true(in_child(name_together, false) > 0);
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	for (size_t i = 0; i <= STATS_STATEMENTS; i++) {
		if (!stats_read_statement(i, &stats) ||
		    stats.name.len < STATS_NAME_MAX)
			continue;
		assert_int_equal(stats.count, CHILDREN);
		rows++;
	}
	assert_int_equal(rows, NAMES);
}

static int child_seat;

static void
open_three(void)
{
	metrics_sit(child_seat);
	metrics_gauge_add(GAUGE_CONNECTIONS, 4);
	metrics_gauge_add(GAUGE_CONNECTIONS, -1);
}

static void
gauges_end_with_their_worker(void **state)
{
	int other = metrics_take_seat();
	int status;

	(void)state;
	child_seat = metrics_take_seat();
	assert_true(child_seat >= 0);
	assert_int_not_equal(child_seat, other);
	assert_true(in_child(open_three, true) > 0);
	wait(&status);
	assert_int_equal(metrics_gauge(child_seat, GAUGE_CONNECTIONS), 3);
	assert_int_equal(metrics_gauge(other, GAUGE_CONNECTIONS), 0);
	metrics_leave_seat(child_seat);
	assert_int_equal(metrics_take_seat(), child_seat);
	assert_int_equal(metrics_gauge(child_seat, GAUGE_CONNECTIONS), 0);
	for (int i = 2; i < METRICS_SEATS; i++)
		assert_true(metrics_take_seat() >= 0);
	assert_int_equal(metrics_take_seat(), METRICS_NO_SEAT);
	metrics_leave_seat(METRICS_NO_SEAT);
	metrics_sit(METRICS_NO_SEAT);
	metrics_gauge_add(GAUGE_CONNECTIONS, 1);
}

static void
levels_are_set(void **state)
{
	(void)state;
	metrics_add(METRIC_BYTES_SENT, 1000);
	metrics_add(METRIC_BYTES_SENT, 24);
	assert_int_equal(metrics_value(METRIC_BYTES_SENT), 1024);
	metrics_set(METRIC_BYTES_SENT, 5);
	assert_int_equal(metrics_value(METRIC_BYTES_SENT), 5);
}

/* ---- times ---------------------------------------------------------- */

static void
buckets_are_narrow(void **state)
{
	(void)state;
	for (uint64_t us = 0; us < UINT64_C(200000000); us += us / 37 + 1) {
		struct histogram h = {.sum_us = 0};
		uint64_t seen;

		histogram_add(&h, us);
		/* A longer one, so that the longest does not help. */
		histogram_add(&h, UINT64_MAX / 2);
		seen = histogram_quantile(&h, 500);
		assert_true(seen >= us);
		if (us < UINT64_C(100000000))
			assert_true(seen - us <= us / 8);
	}
}

static void
the_longest_time_has_a_bucket(void **state)
{
	struct histogram h = {.sum_us = 0};

	(void)state;
	assert_int_equal(histogram_quantile(&h, 500), 0);
	histogram_add(&h, UINT64_MAX);
	histogram_add(&h, UINT64_C(1) << 40);
	assert_int_equal(histogram_count(&h), 2);
	assert_true(histogram_quantile(&h, 990) == UINT64_MAX);
}

static void
quantiles_are_exact_to_an_eighth(void **state)
{
	struct histogram h = {.sum_us = 0};

	(void)state;
	/* 10 us to 10 ms, in steps of 10: each rank knows its time. */
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_add(&h, 10 * i);
	for (unsigned p = 1; p <= 1000; p++) {
		uint64_t exact = 10 * (uint64_t)p;
		uint64_t seen = histogram_quantile(&h, p);

		assert_true(seen >= exact && seen <= exact + exact / 8);
	}
	assert_int_equal(histogram_quantile(&h, 1000), 10000);
	/* One slow answer in a hundred is not the 99th percentile's. */
	h = (struct histogram){.sum_us = 0};
	for (int i = 0; i < 99; i++)
		histogram_add(&h, 3);
	histogram_add(&h, 500000);
	assert_int_equal(histogram_quantile(&h, 990), 3);
	assert_int_equal(histogram_quantile(&h, 991), 500000);
}

/* ---- rows ----------------------------------------------------------- */

static void
each_name_has_one_row(void **state)
{
	char longest[STATS_NAME_MAX + 20];
	struct page_stats *page = stats_page(STR("pages/标准.gmi"));

	(void)state;
	assert_non_null(page);
	assert_ptr_equal(stats_page(STR("pages/标准.gmi")), page);
	assert_ptr_not_equal(stats_page(STR("pages/标.gmi")), page);
	memset(longest, 'x', sizeof(longest));
	assert_ptr_equal(stats_page((struct str){longest, sizeof(longest)}),
	    stats_page((struct str){longest, STATS_NAME_MAX}));
	assert_non_null(stats_page(STR("")));
}

static void
names_beyond_the_table_share_one_row(void **state)
{
	struct page_stats *others;
	struct stats stats;
	char name[32];
	size_t rows = 0;

	(void)state;
	for (int i = 0; i < 2 * STATS_PAGES; i++) {
		int n = snprintf(name, sizeof(name), "pages/%d.gmi", i);

		stats_add_answer(
		    stats_page((struct str){name, (size_t)n}), 1, 1);
	}
	others = stats_page(STR("pages/one-too-many.gmi"));
	assert_non_null(others);
	assert_ptr_equal(stats_page(STR("pages/two-too-many.gmi")), others);
	assert_true(stats_read_page(STATS_PAGES, &stats));
	assert_true(str_equal(stats.name, STR("(others)")));
	assert_true(stats.count >= STATS_PAGES);
	for (size_t i = 0; stats_read_page(i, &stats) || i < STATS_PAGES; i++)
		rows++;
	assert_int_equal(rows, STATS_PAGES + 1);
	/* Those that have a row keep it. */
	assert_ptr_not_equal(stats_page(STR("pages/标准.gmi")), others);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(metrics_without_memory_do_no_harm),
	    cmocka_unit_test(every_row_is_named),
	    cmocka_unit_test(buckets_are_narrow),
	    cmocka_unit_test(the_longest_time_has_a_bucket),
	    cmocka_unit_test(quantiles_are_exact_to_an_eighth),
	    cmocka_unit_test(counts_of_all_processes_are_added),
	    cmocka_unit_test(the_cost_of_a_page_is_a_moving_mean),
	    cmocka_unit_test(processes_share_one_row_for_a_name),
	    cmocka_unit_test(gauges_end_with_their_worker),
	    cmocka_unit_test(levels_are_set),
	    cmocka_unit_test(each_name_has_one_row),
	    cmocka_unit_test(names_beyond_the_table_share_one_row)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
