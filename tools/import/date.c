/* SPDX-License-Identifier: ISC */
/*
 * Reading dates. mktime() would ask the machine for its time zone; the few
 * lines of calendar here ask nobody.
 */
#include "tools/import/date.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/customs.h"

enum {
	SHANGHAI_S = 8 * 3600,
	DAY_S = 24 * 3600,
	YEAR_MIN = 1971, /* no date before 1970 in any zone */
	YEAR_MAX = 4000  /* far below what the pages can show */
};

struct moment {
	int64_t year, month, day, hour, minute, second;
	int64_t zone_s;
};

/* Days since 1970-01-01 in the Gregorian calendar: years are counted from
 * March, so that the leap day is a year's last. */
static int64_t
day_number(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	    1 - 719468;
}

static int64_t
days_in(int64_t year, int64_t month)
{
	int64_t next = month == 12 ? day_number(year + 1, 1, 1)
				   : day_number(year, month + 1, 1);

	return next - day_number(year, month, 1);
}

/* One to max digits; "08" is 8. */
static bool
take_number(struct str *rest, size_t max, int64_t *out)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < max && i < rest->len; i++) {
		int digit = rest->data[i] - '0';
		if (digit < 0 || digit > 9)
			break;
		n = n * 10 + digit;
	}
	if (i == 0)
		return false;
	*rest = str_slice(*rest, i, rest->len);
	*out = n;
	return true;
}

static bool
take_day(struct str *rest, struct moment *m)
{
	static const char *const signs[] = {"-", "/", "."};

	if (!take_number(rest, 4, &m->year))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (clean_take(rest, signs[i]))
			return take_number(rest, 2, &m->month) &&
			    clean_take(rest, signs[i]) &&
			    take_number(rest, 2, &m->day);
	if (!clean_take(rest, "年") || !take_number(rest, 2, &m->month) ||
	    !clean_take(rest, "月") || !take_number(rest, 2, &m->day))
		return false;
	clean_take(rest, "日");
	return true;
}

/* "Z", "+08:00", "+0800", or nothing. */
static bool
take_zone(struct str *rest, struct moment *m)
{
	int64_t hours, minutes, sign = 1;

	if (clean_take(rest, "Z")) {
		m->zone_s = 0;
		return true;
	}
	if (clean_take(rest, "-"))
		sign = -1;
	else if (!clean_take(rest, "+"))
		return true;
	if (!take_number(rest, 2, &hours))
		return false;
	clean_take(rest, ":");
	if (!take_number(rest, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	m->zone_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* The minutes, the seconds and what is smaller; the hour has been read. */
static bool
take_minutes(struct str *rest, struct moment *m)
{
	bool words = clean_take(rest, "时") || clean_take(rest, "点");
	int64_t smaller;

	if (!words && !clean_take(rest, ":") && !clean_take(rest, "："))
		return false;
	if (!take_number(rest, 2, &m->minute))
		return words; /* 8时 */
	if (words && !clean_take(rest, "分"))
		return false;
	if (words ? take_number(rest, 2, &m->second)
		  : clean_take(rest, ":") || clean_take(rest, "：")) {
		if (words)
			return clean_take(rest, "秒");
		if (!take_number(rest, 2, &m->second))
			return false;
		if (rest->len > 1 && rest->data[0] == '.' &&
		    rest->data[1] >= '0' && rest->data[1] <= '9') {
			clean_take(rest, ".");
			(void)take_number(rest, 9, &smaller);
		}
	}
	return true;
}

static const struct custom_half *
take_half(struct str *rest)
{
	for (size_t i = 0; i < custom_halves_count; i++)
		if (clean_take(rest, custom_halves[i].name))
			return &custom_halves[i];
	return NULL;
}

/* 下午 3 is 15. */
static bool
apply_half(const struct custom_half *half, struct moment *m)
{
	if (half == NULL)
		return true;
	if (m->hour < half->first || m->hour > half->last)
		return false;
	if (m->hour == 12)
		m->hour = half->twelve;
	else if (m->hour < 12)
		m->hour += half->more;
	return m->hour >= 0;
}

/* 星期五, in brackets or not. */
static void
skip_weekday(struct str *rest)
{
	static const char *const words[] = {"星期", "周", "礼拜"};
	static const char *const days[] = {
	    "一", "二", "三", "四", "五", "六", "日", "天"};
	struct str at = space_skip(*rest);
	bool open = clean_take(&at, "(") || clean_take(&at, "（");

	if (!clean_take_any(&at, words, sizeof(words) / sizeof(*words)) ||
	    !clean_take_any(&at, days, sizeof(days) / sizeof(*days)))
		return;
	if (!open || clean_take(&at, ")") || clean_take(&at, "）"))
		*rest = at;
}

/* A time, if one follows; text that is none is left alone. */
static bool
take_time(struct str *rest, struct moment *m)
{
	const struct custom_half *half;
	struct str at = *rest, behind;

	skip_weekday(&at);
	at = space_skip(at);
	clean_take(&at, "T");
	half = take_half(&at);
	at = space_skip(at);
	if (at.len == 0 || at.data[0] < '0' || at.data[0] > '9')
		return true;
	if (!take_number(&at, 2, &m->hour) || !take_minutes(&at, m))
		return false;
	behind = space_skip(at);
	if (half == NULL && (half = take_half(&behind)) != NULL)
		at = behind;
	if (!apply_half(half, m) || !take_zone(&at, m))
		return false;
	*rest = at;
	return true;
}

enum err
date_take(struct str *rest, int64_t *out)
{
	struct moment m = {.zone_s = SHANGHAI_S};
	struct str at = *rest;

	if (!take_day(&at, &m) || !take_time(&at, &m))
		return ERR_INPUT;
	/* A digit more would be another number. */
	if (at.len > 0 && at.data[0] >= '0' && at.data[0] <= '9')
		return ERR_INPUT;
	if (m.year < YEAR_MIN || m.year > YEAR_MAX || m.month < 1 ||
	    m.month > 12 || m.day < 1 || m.day > days_in(m.year, m.month) ||
	    m.hour > 23 || m.minute > 59 || m.second > 59)
		return ERR_INPUT;
	*rest = at;
	*out = day_number(m.year, m.month, m.day) * DAY_S + m.hour * 3600 +
	    m.minute * 60 + m.second - m.zone_s;
	return OK;
}

bool
date_find(struct str text, struct str *before, struct str *rest, int64_t *out)
{
	struct str at = text;
	uint32_t last = ' ';

	while (at.len > 0) {
		struct str behind = at;
		bool begins = clean_is_space(last) ||
		    (last < 0x80 && strchr("[(|,;:", (int)last) != NULL) ||
		    last == 0x3010 || last == 0xFF08 || last == 0xFF1A;
		if (begins && at.data[0] >= '1' && at.data[0] <= '9' &&
		    date_take(&behind, out) == OK) {
			*before = str_slice(text, 0, text.len - at.len);
			*rest = behind;
			return true;
		}
		last = utf8_next(&at);
	}
	return false;
}

enum err
date_read(struct str text, int64_t *out)
{
	struct str rest = space_trim(text);
	int64_t s;

	if (date_take(&rest, &s) != OK || space_trim(rest).len > 0)
		return ERR_INPUT;
	*out = s;
	return OK;
}

void
date_add(struct buf *out, int64_t s)
{
	size_t at = out->len;

	/* clock_add_utc() would show UTC; shift, then drop its T and Z. */
	clock_add_utc(out, s + SHANGHAI_S);
	if (out->err != OK)
		return;
	out->len--;
	for (size_t i = at; i < out->len; i++)
		if (out->data[i] == 'T')
			out->data[i] = ' ';
}
