/* SPDX-License-Identifier: ISC */
/*
 * The first eight buckets hold 0, 1, ... 7 microseconds. Above that, each
 * doubling of the time has eight buckets: the three bits below the highest set
 * bit of the time select one.
 */
#include "base/stats.h"

#include <stddef.h>

enum { PART_BITS = 3 };

_Static_assert(1 << PART_BITS == HISTOGRAM_PARTS, "parts are bits");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
    "processes share counters only where atomics need no lock");

static size_t
bucket_of(uint64_t us)
{
	unsigned shift = 0;

	while (
	    us >> shift >= 2 * HISTOGRAM_PARTS && shift < HISTOGRAM_DOUBLINGS)
		shift++;
	us >>= shift;
	if (us >= 2 * HISTOGRAM_PARTS || shift > HISTOGRAM_DOUBLINGS - 2)
		return HISTOGRAM_BUCKETS - 1;
	return (size_t)(shift * HISTOGRAM_PARTS + us);
}

/* The longest time in a bucket. */
static uint64_t
bucket_end(size_t bucket)
{
	const size_t shift =
	    bucket < HISTOGRAM_PARTS ? 0 : bucket / HISTOGRAM_PARTS - 1;

	return ((uint64_t)(bucket - shift * HISTOGRAM_PARTS + 1) << shift) - 1;
}

void
histogram_raise(_Atomic uint64_t *max, uint64_t value)
{
	uint64_t seen = atomic_load_explicit(max, memory_order_relaxed);

	while (seen < value &&
	    !atomic_compare_exchange_weak_explicit(
		max, &seen, value, memory_order_relaxed, memory_order_relaxed))
		;
}

void
histogram_add(struct histogram *histogram, uint64_t us)
{
	atomic_fetch_add_explicit(
	    &histogram->bucket[bucket_of(us)], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum_us, us, memory_order_relaxed);
	histogram_raise(&histogram->max_us, us);
}

uint64_t
histogram_count(const struct histogram *histogram)
{
	uint64_t count = 0;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		count += atomic_load(&histogram->bucket[i]);
	return count;
}

uint64_t
histogram_quantile(const struct histogram *histogram, unsigned per_mille)
{
	const uint64_t max = atomic_load(&histogram->max_us);
	const uint64_t count = histogram_count(histogram);
	/* The rank, counted from one and rounded up. */
	uint64_t rank = (count / 1000) * per_mille +
	    ((count % 1000) * per_mille + 999) / 1000;

	if (count == 0)
		return 0;
	for (size_t i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
		const uint64_t n = atomic_load(&histogram->bucket[i]);

		if (n >= rank)
			return bucket_end(i) < max ? bucket_end(i) : max;
		rank -= n;
	}
	return max;
}
