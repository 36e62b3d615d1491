/* SPDX-License-Identifier: ISC */
/* Time: a clock for deadlines and a clock for people. */
#ifndef GUIJU_BASE_CLOCK_H
#define GUIJU_BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* Milliseconds on the monotonic clock: for deadlines only. */
int64_t clock_ms(void);
/* Microseconds on the same clock: for measuring. */
int64_t clock_us(void);

/* Seconds since 1970 UTC: for people and the database. */
int64_t clock_now_s(void);
/* Tests and `guiju get --now` stop that clock; a negative s starts it again.
 * Process-wide. */
void clock_set_now_s(int64_t s);

/* Append "2026-11-23T04:05:06Z" (RFC 3339), without any time zone's file. */
void clock_add_utc(struct buf *out, int64_t s);

#endif
