/* SPDX-License-Identifier: ISC */
/*
 * Reading dates. mktime() would ask the machine for its time zone; the few
 * lines of calendar here ask nobody.
 */
#include "tools/import/customs/date.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/customs/customs.h"

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

/* A digit of either width, taken off; -1: none. */
static int
take_digit(struct str *rest)
{
	struct str at = *rest;
	uint32_t c = at.len > 0 ? utf8_next(&at) : 0;

	if (c >= 0xFF10 && c <= 0xFF19)
		c = c - 0xFF10 + '0';
	if (c < '0' || c > '9')
		return -1;
	*rest = at;
	return (int)(c - '0');
}

/* One to max digits; "08" is 8. */
static bool
take_number(struct str *rest, size_t max, int64_t *out)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < max; i++) {
		int digit = take_digit(rest);
		if (digit < 0)
			break;
		n = n * 10 + digit;
	}
	if (i > 0)
		*out = n;
	return i > 0;
}

/* 〇 to 九, with what people type for 〇; -1: none. */
static int
take_numeral(struct str *rest)
{
	static const char *const numerals[] = {
	    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	static const char *const zeros[] = {
	    "○", "零", "O", "o", "Ｏ", "0", "０", "Ο", "О", "◯"};

	for (int i = 0; i < 10; i++)
		if (clean_take(rest, numerals[i]))
			return i;
	return clean_take_any(rest, zeros, sizeof(zeros) / sizeof(*zeros)) ? 0
									   : -1;
}

/* 十一, 二十, 三, 元: a month or a day. */
static bool
take_counted(struct str *rest, int64_t *out)
{
	int first, last;

	if (clean_take(rest, "元")) {
		*out = 1;
		return true;
	}
	first = take_numeral(rest);
	if (!clean_take(rest, "十")) {
		*out = first;
		return first > 0;
	}
	last = take_numeral(rest);
	*out = (first < 0 ? 1 : first) * 10 + (last < 0 ? 0 : last);
	return first != 0 && last != 0;
}

/* A number in digits or in words. */
static bool
take_either(struct str *rest, size_t max, int64_t *out)
{
	return take_number(rest, max, out) || take_counted(rest, out);
}

/* A word that may stand apart: 2019 年. */
static bool
take_unit(struct str *rest, const char *unit)
{
	struct str at = space_skip(*rest);

	if (!clean_take(&at, unit))
		return false;
	*rest = space_skip(at);
	return true;
}

/* 二〇一九, before a 年. */
static bool
take_year_in_words(struct str *rest, int64_t *out)
{
	struct str at = *rest;
	int64_t year = 0;

	for (int i = 0; i < 4; i++) {
		int numeral = take_numeral(&at);
		if (numeral < 0)
			return false;
		year = year * 10 + numeral;
	}
	*rest = at;
	*out = year;
	return true;
}

static bool
take_day(struct str *rest, struct moment *m)
{
	static const char *const signs[] = {
	    "-", "/", ".", "—", "–", "－", "−", "‐", "／", "．"};
	struct str at;

	if (!take_number(rest, 4, &m->year) &&
	    !take_year_in_words(rest, &m->year))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (clean_take(rest, signs[i]))
			return take_number(rest, 2, &m->month) &&
			    clean_take(rest, signs[i]) &&
			    take_number(rest, 2, &m->day);
	if (!take_unit(rest, "年") || !take_either(rest, 2, &m->month) ||
	    !take_unit(rest, "月") || !take_either(rest, 2, &m->day))
		return false;
	at = space_skip(*rest);
	if (clean_take(&at, "日"))
		*rest = at;
	return true;
}

/* 20190111 */
static bool
take_joined(struct str *rest, struct moment *m)
{
	struct str at = *rest;
	int64_t n;

	if (!take_number(&at, 8, &n) || n < 10000000)
		return false;
	m->year = n / 10000;
	m->month = n / 100 % 100;
	m->day = n % 100;
	*rest = at;
	return true;
}

static bool
take_month_name(struct str *rest, int64_t *out)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	size_t n = 0;

	while (n < rest->len &&
	    ((rest->data[n] >= 'a' && rest->data[n] <= 'z') ||
		(rest->data[n] >= 'A' && rest->data[n] <= 'Z')))
		n++;
	if (n < 3)
		return false;
	for (int i = 0; i < 12; i++)
		if (str_equal_nocase(str_slice(*rest, 0, 3),
			(struct str){names + 3 * i, 3})) {
			*rest = str_slice(*rest, n, rest->len);
			clean_take(rest, ".");
			*out = i + 1;
			return true;
		}
	return false;
}

/* Between the parts of a date in English. */
static void
skip_marks(struct str *rest)
{
	while (rest->len > 0 && strchr(" -,/", rest->data[0]) != NULL)
		*rest = str_slice(*rest, 1, rest->len);
}

/* Fri, 11 Jan 2019; 11-Jan-2019; January 11, 2019. */
static bool
take_english(struct str *rest, struct moment *m)
{
	static const char *const days[] = {
	    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	struct str at = *rest;
	size_t before;
	bool month;

	if (clean_take_any(&at, days, sizeof(days) / sizeof(*days))) {
		while (at.len > 0 && at.data[0] >= 'a' && at.data[0] <= 'z')
			at = str_slice(at, 1, at.len);
		skip_marks(&at);
	}
	month = take_month_name(&at, &m->month);
	skip_marks(&at);
	if (!take_number(&at, 2, &m->day))
		return false;
	skip_marks(&at);
	if (!month && !take_month_name(&at, &m->month))
		return false;
	skip_marks(&at);
	before = at.len;
	if (!take_number(&at, 4, &m->year) || before - at.len != 4)
		return false;
	*rest = at;
	return true;
}

/* "Z", "+08:00", "+0800", "GMT", "GMT+8", or nothing. */
static bool
take_zone(struct str *rest, struct moment *m)
{
	struct str at = space_skip(*rest);
	int64_t hours, minutes = 0, sign = 1;
	bool named = clean_take(&at, "GMT") || clean_take(&at, "UTC");

	if (named || clean_take(&at, "Z")) {
		*rest = at;
		m->zone_s = 0;
	}
	at = named ? *rest : space_skip(*rest);
	if (clean_take(&at, "-"))
		sign = -1;
	else if (!clean_take(&at, "+"))
		return true;
	/* Behind a blank it may be a dash. */
	if (!named && at.data != rest->data + 1 &&
	    (at.len < 4 || at.data[0] < '0' || at.data[0] > '1' ||
		at.data[3] < '0' || at.data[3] > '9'))
		return true;
	if (!take_number(&at, 2, &hours))
		return false;
	clean_take(&at, ":");
	if ((!take_number(&at, 2, &minutes) && !named) || hours > 14 ||
	    minutes > 59)
		return false;
	*rest = at;
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
	/* The next row may say the same word's other hours. */
	if (m->hour < half->first && strcmp(half[1].name, half->name) == 0)
		half++;
	if (m->hour < half->first || m->hour > half->last)
		return false;
	if (m->hour == 12)
		m->hour = half->twelve;
	else if (m->hour < 12)
		m->hour += half->more;
	return m->hour >= 0;
}

void
date_skip_weekday(struct str *rest)
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

	date_skip_weekday(&at);
	at = space_skip(at);
	clean_take(&at, "T");
	half = take_half(&at);
	at = space_skip(at);
	if (!take_number(&at, 2, &m->hour))
		return true;
	if (!take_minutes(&at, m))
		return false;
	behind = space_skip(at);
	if (half == NULL && (half = take_half(&behind)) != NULL)
		at = behind;
	if (!apply_half(half, m) || !take_zone(&at, m))
		return false;
	*rest = at;
	return true;
}

/* The time behind a day that has been taken, and what both come to. */
static enum err
finish(struct str *rest, struct str at, struct moment *m, int64_t *out)
{
	struct str more;

	if (!take_time(&at, m))
		return ERR_INPUT;
	/* A digit more would be another number. */
	more = at;
	if (take_digit(&more) >= 0)
		return ERR_INPUT;
	if (m->year < YEAR_MIN || m->year > YEAR_MAX || m->month < 1 ||
	    m->month > 12 || m->day < 1 ||
	    m->day > days_in(m->year, m->month) || m->hour > 23 ||
	    m->minute > 59 || m->second > 59)
		return ERR_INPUT;
	*rest = at;
	*out = day_number(m->year, m->month, m->day) * DAY_S + m->hour * 3600 +
	    m->minute * 60 + m->second - m->zone_s;
	return OK;
}

enum err
date_take(struct str *rest, int64_t *out)
{
	struct moment m = {.zone_s = SHANGHAI_S};
	struct str at = *rest;

	return take_day(&at, &m) ? finish(rest, at, &m, out) : ERR_INPUT;
}

enum err
date_take_said(struct str *rest, int64_t *out)
{
	static bool (*const forms[])(struct str *, struct moment *) = {
	    take_day, take_joined, take_english};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct moment m = {.zone_s = SHANGHAI_S};
		struct str at = *rest;
		if (forms[i](&at, &m) && finish(rest, at, &m, out) == OK)
			return OK;
	}
	return ERR_INPUT;
}

/* May a date begin here? Most characters say no at once. */
static bool
may_begin(struct str at)
{
	struct str copy = at;

	return (at.data[0] >= '1' && at.data[0] <= '9') ||
	    take_digit(&copy) > 0 || str_starts(at, STR("二")) ||
	    str_starts(at, STR("一九"));
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
		if (begins && may_begin(at) && date_take(&behind, out) == OK) {
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

	if (date_take_said(&rest, &s) != OK || space_trim(rest).len > 0)
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
