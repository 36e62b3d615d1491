/* SPDX-License-Identifier: ISC */
/*
 * How long something took, as counts in buckets that grow with the time: from
 * one microsecond to more than two minutes a bucket is at most an eighth of
 * its time wide. Several processes may add to one that lies in memory they
 * share; nothing is locked, and a reader sees what has been added so far.
 */
#ifndef GUIJU_BASE_HISTOGRAM_H
#define GUIJU_BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	HISTOGRAM_PARTS = 8, /* buckets to a doubling of the time */
	HISTOGRAM_DOUBLINGS = 25,
	HISTOGRAM_BUCKETS = HISTOGRAM_PARTS * HISTOGRAM_DOUBLINGS
};

/* Zeroed: nothing added. */
struct histogram {
	_Atomic uint64_t bucket[HISTOGRAM_BUCKETS];
	_Atomic uint64_t sum_us, max_us;
};

/* Add one time. What is longer than the last bucket counts there. */
void histogram_add(struct histogram *histogram, uint64_t us);

uint64_t histogram_count(const struct histogram *histogram);

/*
 * The time that so many of a thousand did not exceed: 500 is the median, 990
 * the 99th percentile. The end of a bucket, but never more than the longest
 * time added; 0 when nothing was added.
 */
uint64_t histogram_quantile(
    const struct histogram *histogram, unsigned per_mille);

/* Raise *max to at least value. */
void histogram_raise(_Atomic uint64_t *max, uint64_t value);

#endif
