/* SPDX-License-Identifier: ISC */
/* Reads dates. The time zone of the process decides what a local time is. */
#include "tools/import/customs/date.h"

#include "base/utf8.h"
#include "base/zone.h"
#include "text/space.h"
#include "tools/import/clean.h"

enum {
	YEAR_MIN = 1971, /* no date before 1970 in any zone */
	YEAR_MAX = 4000  /* far below what the pages can show */
};

struct moment {
	int64_t year, month, day, hour, minute, second;
	bool zoned; /* zone_s is said, in seconds east of UTC */
	int64_t zone_s;
};

/* Take off a digit, of full or half width; -1: there is none. */
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
take_numeral(const struct customs *customs, struct str *rest)
{
	const struct word_list *numerals = &customs->words[WORDS_NUMERAL];

	for (size_t i = 0; i < numerals->count; i++)
		if (words_take((struct word_list){&numerals->list[i], 1}, rest))
			return (int)i;
	return words_take(customs->words[WORDS_ZERO], rest) ? 0 : -1;
}

/* 十一, 二十, 三, 元: a month or a day. */
static bool
take_counted(const struct customs *customs, struct str *rest, int64_t *out)
{
	int first, last;

	if (words_take(customs->words[WORDS_FIRST], rest)) {
		*out = 1;
		return true;
	}
	first = take_numeral(customs, rest);
	if (!words_take(customs->words[WORDS_TEN], rest)) {
		*out = first;
		return first > 0;
	}
	last = take_numeral(customs, rest);
	*out = (first < 0 ? 1 : first) * 10 + (last < 0 ? 0 : last);
	return first != 0 && last != 0;
}

/* A word that may stand apart: 2019 年. */
static bool
take_unit(
    const struct customs *customs, struct str *rest, enum custom_words unit)
{
	struct str at = space_skip(*rest);

	if (!words_take(customs->words[unit], &at))
		return false;
	*rest = space_skip(at);
	return true;
}

/* A number of up to two digits, or in words. */
static bool
take_either(const struct customs *customs, struct str *rest, int64_t *out)
{
	return take_number(rest, 2, out) || take_counted(customs, rest, out);
}

/* 二〇一九, before a 年. */
static bool
take_year_in_words(
    const struct customs *customs, struct str *rest, int64_t *out)
{
	struct str at = *rest;
	int64_t year = 0;

	for (int i = 0; i < 4; i++) {
		int numeral = take_numeral(customs, &at);
		if (numeral < 0)
			return false;
		year = year * 10 + numeral;
	}
	*rest = at;
	*out = year;
	return true;
}

static bool
take_day(const struct customs *customs, struct str *rest, struct moment *m)
{
	static const char *const signs[] = {"-", "/", ".", "\u2014", "\u2013",
	    "\uFF0D", "\u2212", "\u2010", "\uFF0F", "\uFF0E"};
	struct str at;

	if (!take_number(rest, 4, &m->year) &&
	    !take_year_in_words(customs, rest, &m->year))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (clean_take(rest, signs[i]))
			return take_number(rest, 2, &m->month) &&
			    clean_take(rest, signs[i]) &&
			    take_number(rest, 2, &m->day);
	if (!take_unit(customs, rest, WORDS_YEAR) ||
	    !take_either(customs, rest, &m->month) ||
	    !take_unit(customs, rest, WORDS_MONTH) ||
	    !take_either(customs, rest, &m->day))
		return false;
	at = space_skip(*rest);
	if (words_take(customs->words[WORDS_DAY], &at))
		*rest = at;
	return true;
}

/* 20190111 */
static bool
take_joined(const struct customs *customs, struct str *rest, struct moment *m)
{
	struct str at = *rest;
	int64_t n;

	(void)customs;
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
take_english(const struct customs *customs, struct str *rest, struct moment *m)
{
	static const char *const days[] = {
	    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	struct str at = *rest;
	size_t before;
	bool month;

	(void)customs;
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
		m->zoned = true;
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
	m->zoned = true;
	m->zone_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* The minutes, the seconds and what is smaller; the hour has been read. */
static bool
take_minutes(const struct customs *customs, struct str *rest, struct moment *m)
{
	bool words = words_take(customs->words[WORDS_HOUR], rest);
	int64_t smaller;

	if (!words && !clean_take_colon(rest))
		return false;
	if (!take_number(rest, 2, &m->minute))
		return words; /* 8时 */
	if (words && !words_take(customs->words[WORDS_MINUTE], rest))
		return false;
	if (words ? take_number(rest, 2, &m->second) : clean_take_colon(rest)) {
		if (words)
			return words_take(customs->words[WORDS_SECOND], rest);
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

/* 下午 before an hour, or PM behind it. Two rows of the same words follow each
 * other. */
static const struct half {
	enum custom_words words;
	int first, last; /* the hours that it may stand with */
	int twelve;      /* what 12 means; -1: nobody knows */
	int more;        /* what makes those below 12 hours of 24 */
} halves[] = {
    {WORDS_BEFORE_NOON, 0, 12, 0, 0},
    {WORDS_EARLY, 1, 12, 12, 0},
    {WORDS_MORNING, 1, 11, 12, 0},
    {WORDS_NOON, 10, 12, 12, 0},
    {WORDS_NOON, 1, 2, 12, 12},
    {WORDS_MIDDAY, 11, 12, 12, 0},
    {WORDS_MIDDAY, 1, 2, 12, 12},
    {WORDS_AFTERNOON, 1, 23, 12, 12},
    {WORDS_DUSK, 4, 20, -1, 12},
    {WORDS_EVENING, 5, 23, -1, 12},
};

enum { HALVES = sizeof(halves) / sizeof(*halves) };

/* Find the longest word for a half of the day at the beginning of *rest. */
static const struct half *
take_half(const struct customs *customs, struct str *rest)
{
	static const struct str am[] = {
	    {"AM", 2}, {"am", 2}, {"Am", 2}, {"A.M.", 4}, {"a.m.", 4}};
	static const struct str pm[] = {
	    {"PM", 2}, {"pm", 2}, {"Pm", 2}, {"P.M.", 4}, {"p.m.", 4}};
	const struct half *half = NULL;
	struct str behind = *rest;

	for (size_t i = 0; i < HALVES; i++) {
		enum custom_words words = halves[i].words;
		struct str at = *rest;
		if ((words_take(customs->words[words], &at) ||
			(words == WORDS_BEFORE_NOON &&
			    words_take((struct word_list){am, 5}, &at)) ||
			(words == WORDS_AFTERNOON &&
			    words_take((struct word_list){pm, 5}, &at))) &&
		    at.len < behind.len) {
			half = &halves[i];
			behind = at;
		}
	}
	*rest = behind;
	return half;
}

/* 下午 3 is 15. */
static bool
apply_half(const struct half *half, struct moment *m)
{
	if (half == NULL)
		return true;
	/* The next row may say the same word's other hours. */
	if (m->hour < half->first && half + 1 < halves + HALVES &&
	    half[1].words == half->words)
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
date_skip_weekday(const struct customs *customs, struct str *rest)
{
	struct str at = space_skip(*rest);
	bool open = clean_take(&at, "(") || clean_take(&at, "\uFF08");

	if (!words_take(customs->words[WORDS_WEEK], &at) ||
	    !words_take(customs->words[WORDS_WEEKDAY], &at))
		return;
	if (!open || clean_take(&at, ")") || clean_take(&at, "\uFF09"))
		*rest = at;
}

/* Take off a time, if one follows; any other text stays. */
static bool
take_time(const struct customs *customs, struct str *rest, struct moment *m)
{
	const struct half *half;
	struct str at = *rest, behind;

	date_skip_weekday(customs, &at);
	at = space_skip(at);
	clean_take(&at, "T");
	half = take_half(customs, &at);
	at = space_skip(at);
	if (!take_number(&at, 2, &m->hour))
		return true;
	if (!take_minutes(customs, &at, m))
		return false;
	behind = space_skip(at);
	if (half == NULL && (half = take_half(customs, &behind)) != NULL)
		at = behind;
	if (!apply_half(half, m) || !take_zone(&at, m))
		return false;
	*rest = at;
	return true;
}

/* Take off the time behind a day, and compute the UTC seconds of both. */
static enum err
finish(const struct customs *customs, struct str *rest, struct str at,
    struct moment *m, int64_t *out)
{
	struct tm local, utc;
	struct str more;
	int64_t s;

	if (!take_time(customs, &at, m))
		return ERR_INPUT;
	/* A digit more would be another number. */
	more = at;
	if (take_digit(&more) >= 0)
		return ERR_INPUT;
	if (m->year < YEAR_MIN || m->year > YEAR_MAX || m->hour > 23 ||
	    m->minute > 59 || m->second > 59)
		return ERR_INPUT;
	local = (struct tm){.tm_year = (int)m->year - 1900,
	    .tm_mon = (int)m->month - 1,
	    .tm_mday = (int)m->day,
	    .tm_hour = (int)m->hour,
	    .tm_min = (int)m->minute,
	    .tm_sec = (int)m->second};
	utc = local;
	s = (int64_t)timegm(&utc);
	/* timegm() makes 30 February a day of March. */
	if (utc.tm_mon != local.tm_mon || utc.tm_mday != local.tm_mday)
		return ERR_INPUT;
	*rest = at;
	*out = m->zoned ? s - m->zone_s : zone_moment(&local);
	return OK;
}

enum err
date_take(const struct customs *customs, struct str *rest, int64_t *out)
{
	struct moment m = {.zoned = false};
	struct str at = *rest;

	return take_day(customs, &at, &m) ? finish(customs, rest, at, &m, out)
					  : ERR_INPUT;
}

enum err
date_take_said(const struct customs *customs, struct str *rest, int64_t *out)
{
	static bool (*const forms[])(const struct customs *, struct str *,
	    struct moment *) = {take_day, take_joined, take_english};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct moment m = {.zoned = false};
		struct str at = *rest;
		if (forms[i](customs, &at, &m) &&
		    finish(customs, rest, at, &m, out) == OK)
			return OK;
	}
	return ERR_INPUT;
}

/* May a date begin here? Most characters say no at once. */
static bool
may_begin(const struct customs *customs, struct str at)
{
	struct str copy = at;
	int numeral;

	if ((at.data[0] >= '1' && at.data[0] <= '9') || take_digit(&copy) > 0)
		return true;
	copy = at;
	numeral = take_numeral(customs, &copy);
	return numeral == 2 ||
	    (numeral == 1 && take_numeral(customs, &copy) == 9);
}

bool
date_find(const struct customs *customs, struct str text, struct str *before,
    struct str *rest, int64_t *out)
{
	struct str at = text;
	uint32_t last = ' ';

	while (at.len > 0) {
		struct str behind = at;
		bool begins = clean_is_space(last) ||
		    (last < 0x80 && strchr("[(|,;:", (int)last) != NULL) ||
		    last == 0x3010 || last == 0xFF08 || last == 0xFF1A;
		if (begins && may_begin(customs, at) &&
		    date_take(customs, &behind, out) == OK) {
			*before = str_slice(text, 0, text.len - at.len);
			*rest = behind;
			return true;
		}
		last = utf8_next(&at);
	}
	return false;
}

enum err
date_read(const struct customs *customs, struct str text, int64_t *out)
{
	struct str rest = space_trim(text);
	int64_t s;

	if (date_take_said(customs, &rest, &s) != OK ||
	    space_trim(rest).len > 0)
		return ERR_INPUT;
	*out = s;
	return OK;
}
