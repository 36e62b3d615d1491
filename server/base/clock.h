/* SPDX-License-Identifier: ISC */
/* The clocks: a monotonic one for deadlines, the processor time, UTC for
 * people. And the calendar. */
#ifndef GUIJU_BASE_CLOCK_H
#define GUIJU_BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* Milliseconds on the monotonic clock, for deadlines only. */
int64_t clock_ms(void);
/* Microseconds on the monotonic clock, for measuring. */
int64_t clock_us(void);
/* Microseconds of processor time that this thread has used. */
int64_t clock_cpu_us(void);

/* Seconds since 1970 UTC, for people and the database. */
int64_t clock_now_s(void);
/* Stop the clock of clock_now_s() at s, for `guiju test` and `guiju get --now`.
 * A negative s starts the clock again. The whole process is affected. */
void clock_set_now_s(int64_t s);
/* Is that clock stopped? */
bool clock_is_stopped(void);

/* The days of a month of the Gregorian calendar. month: 1 to 12. */
int clock_month_days(int year, int month);

/* Append "2026-11-23T04:05:06Z" (RFC 3339). Reads no time zone file. */
void clock_add_utc(struct buf *out, int64_t s);

#endif
