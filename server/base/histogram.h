/* SPDX-License-Identifier: ISC */
/*
 * A histogram of durations, from one microsecond to more than two minutes. A
 * bucket is at most as wide as an eighth of its time. Several processes may add
 * to a histogram in shared memory. No lock is taken, and a reader sees what has
 * been added so far.
 */
#ifndef GUIJU_BASE_HISTOGRAM_H
#define GUIJU_BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

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
