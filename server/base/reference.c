/* SPDX-License-Identifier: ISC */
/*
 * A reference is a counter that is scrambled, so that two successive references
 * do not look alike. The counter's start depends on the process and the time.
 * The scrambling is a bijection on 30 bits, so a process repeats a reference
 * only after it has used all.
 */
#include "base/log.h"

#include <unistd.h>

#include "base/clock.h"

enum { DIGITS = 32, BITS = 30 };
#define MASK ((UINT32_C(1) << BITS) - 1)

/* A product with an odd factor and an XOR with a right shift are invertible, so
 * two numbers never give the same result. */
static uint32_t
stir(uint32_t x)
{
	x = (x * UINT32_C(0x2545F491)) & MASK;
	x ^= x >> 15;
	x = (x * UINT32_C(0x1B873593)) & MASK;
	x ^= x >> 13;
	return x;
}

void
reference_make(char out[REFERENCE_SIZE])
{
	/* Without I, L, O (misread as digits) and U (it makes words). */
	static const char digits[DIGITS + 1] =
	    "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	static uint32_t next;
	static pid_t owner;
	uint32_t x;

	if (owner != getpid()) { /* the first call in this process */
		owner = getpid();
		next = stir((uint32_t)clock_us()) +
		    stir((uint32_t)clock_now_s()) + stir((uint32_t)owner);
	}
	x = stir(next++ & MASK);
	for (int i = 0; i < REFERENCE_SIZE - 1; i++) {
		out[i] = digits[x % DIGITS];
		x /= DIGITS;
	}
	out[REFERENCE_SIZE - 1] = '\0';
}
