/* SPDX-License-Identifier: ISC */
/* The kernel's random bytes, and those that tests repeat. */
#include "base/random.h"

#include <unistd.h>

enum { ENTROPY_MAX = 256 }; /* getentropy(3) gives no more at once */

static bool repeats;
static uint64_t state; /* of the repeated bytes */

/* SplitMix64 (Steele, Lea, Flood 2014): each state gives one number. */
static uint64_t
next_number(void)
{
	uint64_t x = state += UINT64_C(0x9E3779B97F4A7C15);

	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static void
repeat(unsigned char *out, size_t len)
{
	uint64_t number = 0;

	/* Byte by byte: the same on each processor. */
	for (size_t i = 0; i < len; i++) {
		if (i % sizeof(number) == 0)
			number = next_number();
		out[i] = (unsigned char)number;
		number >>= 8;
	}
}

enum err
random_bytes(void *out, size_t len)
{
	unsigned char *at = out;

	if (repeats) {
		repeat(at, len);
		return OK;
	}
	while (len > 0) {
		const size_t n = len < ENTROPY_MAX ? len : ENTROPY_MAX;

		if (getentropy(at, n) != 0)
			return ERR_IO;
		at += n;
		len -= n;
	}
	return OK;
}

void
random_repeat(struct str seed)
{
	repeats = true;
	state = str_hash(seed);
}

bool
random_repeats(void)
{
	return repeats;
}
