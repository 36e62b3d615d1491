/* SPDX-License-Identifier: ISC */
/* The clocks, and the calendar. */
#include "base/clock.h"

#include "base/banned.h"

static int64_t fixed_now_s = -1;

static int64_t
read_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
clock_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t
clock_cpu_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}

int64_t
clock_ms(void)
{
	return clock_us() / 1000;
}

int64_t
clock_now_s(void)
{
	return fixed_now_s >= 0 ? fixed_now_s : (int64_t)time(NULL);
}

void
clock_set_now_s(int64_t s)
{
	fixed_now_s = s;
}

bool
clock_is_stopped(void)
{
	return fixed_now_s >= 0;
}

int
clock_month_days(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

void
clock_add_utc(struct buf *out, int64_t s)
{
	/* The log writes the same second many times, so the text is kept. */
	static int64_t written_s = INT64_MIN;
	static char text[32];
	static int len;
	const time_t t = (time_t)s;
	struct tm tm;

	if (s != written_s) {
		if (gmtime_r(&t, &tm) == NULL)
			return;
		len = snprintf(text, sizeof(text),
		    "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
		written_s = s;
	}
	if (len > 0 && (size_t)len < sizeof(text))
		buf_add(out, text, (size_t)len);
}
