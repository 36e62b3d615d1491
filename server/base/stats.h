/* SPDX-License-Identifier: ISC */
/*
 * Statistics per name: one row for each page and one for each statement, with
 * counts and times. The rows are in memory that all processes share and that
 * metrics_make() (base/metrics.h) allocates. A caller looks a row up by its
 * name once and keeps the pointer. A row outlives workers and generations.
 * Without shared memory there are no rows, and the stats_add_...() functions
 * do nothing.
 *
 * When a table is full, all further names share one row, "(others)".
 */
#ifndef GUIJU_BASE_STATS_H
#define GUIJU_BASE_STATS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/str.h"

enum {
	STATS_NAME_MAX = 231,   /* bytes; a longer name is cut */
	STATS_PAGES = 1024,     /* rows */
	STATS_STATEMENTS = 2048 /* rows */
};

struct page_stats;
struct statement_stats;

/* Allocate the shared memory, for metrics_make(). ERR_NOMEM. */
enum err stats_make(void) MUST_CHECK;

/* The row of a name, created if it is new. NULL: there is no shared memory. */
struct page_stats *stats_page(struct str name);
struct statement_stats *stats_statement(struct str name);

/* Count one answer of a page, one run of a statement. cpu_us: processor time of
 * the answer. Accept NULL. */
void stats_add_answer(struct page_stats *row, uint64_t us, uint64_t cpu_us);
void stats_add_run(struct statement_stats *row, uint64_t us);

/* The processor time of a page's answers, in microseconds: a moving mean in
 * which the last answers count most. NULL or no answer yet: 0. */
uint64_t stats_mean_cost(const struct page_stats *row);

/* ---- for the report -------------------------------------------------- */

/*
 * A copy of a row. Any process may have written the name, so the name may not
 * be valid UTF-8 and must be cleaned before it is shown. bytes: the storage of
 * the name.
 */
struct stats {
	char bytes[STATS_NAME_MAX + 1];
	struct str name;
	uint64_t count, total_us, max_us;
	uint64_t p50_us, p99_us; /* of a page only */
};

/* Copy row i of a table; the rows are in no order. false: there is no row i, or
 * it is unused. out->name points into *out. */
bool stats_read_page(size_t i, struct stats *out);
bool stats_read_statement(size_t i, struct stats *out);

/*
 * A histogram of durations, from one microsecond to more than two minutes. A
 * bucket is at most as wide as an eighth of its time. Several processes may add
 * to a histogram in shared memory. No lock is taken, and a reader sees what has
 * been added so far.
 */

enum {
	HISTOGRAM_PARTS = 8, /* buckets per doubling of the time */
	HISTOGRAM_DOUBLINGS = 25,
	HISTOGRAM_BUCKETS = HISTOGRAM_PARTS * HISTOGRAM_DOUBLINGS
};

/* A zeroed struct is an empty histogram. */
struct histogram {
	_Atomic uint64_t bucket[HISTOGRAM_BUCKETS];
	_Atomic uint64_t sum_us, max_us;
};

/* Add one duration. A longer one than the last bucket's counts there. */
void histogram_add(struct histogram *histogram, uint64_t us);

uint64_t histogram_count(const struct histogram *histogram);

/*
 * The time that per_mille of a thousand durations do not exceed: 500 gives the
 * median, 990 the 99th percentile. The result is the end of a bucket, but never
 * more than the longest duration added. 0 when the histogram is empty.
 */
uint64_t histogram_quantile(
    const struct histogram *histogram, unsigned per_mille);

/* Raise *max to at least value. */
void histogram_raise(_Atomic uint64_t *max, uint64_t value);

#endif
