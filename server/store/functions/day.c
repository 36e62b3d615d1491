/* SPDX-License-Identifier: ISC */
/*
 * Dates that people and spreadsheets write, in the form that a database keeps:
 * 2027/5/1 and 20270501 become 2027-05-01; 2027/5 becomes 2027-05, and 2027
 * stays. A time after the date is dropped. A text in which the year comes last,
 * such as 5/1/2027, is not a date: the day and the month cannot be told apart.
 *
 * For a language with a character after each number, 2027年5月1日, the caller
 * names those characters: 年月日.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "store/functions/fold.h"
#include "store/functions/functions.h"

enum { TEXT_BYTES_MAX = 64, YEAR_MIN = 1000, MARKS_MAX = 8 };

/* The characters after the year and after the month, and then all that may
 * come after the day. */
struct marks {
	struct str mark[MARKS_MAX];
	size_t count;
};

/* 0: not known. */
struct day {
	int year, month, day;
};

/* Take a number of least to most digits from *rest. false: *rest is
 * unchanged. */
static bool
take_number(struct str *rest, size_t least, size_t most, int *out)
{
	size_t n = 0;
	int value = 0;

	while (n < most && n < rest->len && rest->data[n] >= '0' &&
	    rest->data[n] <= '9')
		value = value * 10 + (rest->data[n++] - '0');
	if (n < least)
		return false;
	*rest = str_slice(*rest, n, rest->len);
	*out = value;
	return true;
}

static bool
take_str(struct str *rest, struct str s)
{
	if (!str_starts(*rest, s))
		return false;
	*rest = str_slice(*rest, s.len, rest->len);
	return true;
}

static bool
take(struct str *rest, const char *sign)
{
	return take_str(rest, str_from(sign));
}

/* Take -5 or -5-1: month and day after the same sign. */
static bool
take_signs(struct str *rest, struct day *out)
{
	static const char *const signs[] = {"-", "/", "."};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (take(rest, signs[i]))
			return take_number(rest, 1, 2, &out->month) &&
			    (!take(rest, signs[i]) ||
				take_number(rest, 1, 2, &out->day));
	return true;
}

/* Take 5月 or 5月1日. Nothing after 年 is right, too. */
static bool
take_words(struct str *rest, const struct marks *marks, struct day *out)
{
	*rest = str_trim(*rest);
	if (!take_number(rest, 1, 2, &out->month))
		return true;
	if (!take_str(rest, marks->mark[1]))
		return false;
	*rest = str_trim(*rest);
	if (!take_number(rest, 1, 2, &out->day))
		return true;
	for (size_t i = 2; i < marks->count; i++)
		if (take_str(rest, marks->mark[i]))
			return true;
	return false;
}

/* Take a fraction of a second, such as .000. true: it is not 0. */
static bool
take_fraction(struct str *rest)
{
	bool some = false;
	int digit;

	if (take(rest, "."))
		while (take_number(rest, 1, 1, &digit))
			some |= digit != 0;
	return some;
}

/* Take the offset that the zone of this process has at that time of the day. */
static bool
take_our_offset(struct str *rest, const struct day *day, int hour, int minute)
{
	const struct tm local = {.tm_year = day->year - 1900,
	    .tm_mon = day->month - 1,
	    .tm_mday = day->day,
	    .tm_hour = hour,
	    .tm_min = minute,
	    .tm_isdst = -1};
	struct str offset = STR("");
	struct buf stamp;
	bool ours;

	buf_init(&stamp, TEXT_BYTES_MAX);
	if (zone_add(&stamp, zone_moment(&local), ZONE_STAMP))
		offset = str_slice(
		    buf_view(&stamp), stamp.len - strlen("+08:00"), stamp.len);
	ours = offset.len > 0 &&
	    (take_str(rest, offset) ||
		(str_equal(offset, STR("+00:00")) && take(rest, "z")));
	buf_release(&stamp);
	return ours;
}

/* Take a time that does not change the day: midnight, which spreadsheets and
 * databases add (0:00, 00:00:00.000, 12:00:00 AM), or any time with the offset
 * of our own zone. A time with another offset may be on another day here, so
 * it is not taken. */
static void
take_time(struct str *rest, const struct day *day)
{
	struct str at = *rest;
	int hour, minute, second = 0;
	bool late;

	if (!take(&at, " ") && !take(&at, "t"))
		return;
	at = str_trim(at);
	if (!take_number(&at, 1, 2, &hour) || hour > 23 || !take(&at, ":") ||
	    !take_number(&at, 2, 2, &minute) || minute > 59)
		return;
	if (take(&at, ":") && (!take_number(&at, 2, 2, &second) || second > 59))
		return;
	late = take_fraction(&at) || minute > 0 || second > 0;
	at = str_trim(at);
	if (hour == 12 && take(&at, "am"))
		hour = 0;
	if (take_our_offset(&at, day, hour, minute) || (hour == 0 && !late))
		*rest = at;
}

static bool
was_ever(const struct day *day)
{
	if (day->year < YEAR_MIN || day->month < 0 || day->month > 12)
		return false;
	return day->day <= 0 || day->month == 0
	    ? day->day == 0
	    : day->day <= clock_month_days(day->year, day->month);
}

/* false: the text is not a date. */
static bool
read_day(struct str text, const struct marks *marks, struct day *out)
{
	struct str rest = str_trim(text);
	bool good;

	*out = (struct day){.month = -1, .day = -1};
	if (!take_number(&rest, 4, 4, &out->year))
		return false;
	if (take_number(&rest, 4, 4, &out->day)) {
		out->month = out->day / 100;
		out->day %= 100;
		return rest.len == 0 && out->month > 0 && out->day > 0 &&
		    was_ever(out);
	}
	good = marks->count > 2 && take_str(&rest, marks->mark[0])
	    ? take_words(&rest, marks, out)
	    : take_signs(&rest, out);
	take_time(&rest, out);
	if (!good || rest.len > 0 || out->month == 0 || out->day == 0)
		return false;
	out->month = out->month < 0 ? 0 : out->month;
	out->day = out->day < 0 ? 0 : out->day;
	return was_ever(out);
}

/* Split text into its characters. */
static struct marks
read_marks(struct str text)
{
	struct marks marks = {.count = 0};
	struct str rest = text;

	while (rest.len > 0 && marks.count < MARKS_MAX) {
		const char *begin = rest.data;

		(void)utf8_next(&rest);
		marks.mark[marks.count++] =
		    (struct str){begin, (size_t)(rest.data - begin)};
	}
	return marks;
}

static void
call_day(sqlite3_context *context, int count, sqlite3_value **value)
{
	char place[TEXT_BYTES_MAX];
	struct marks marks = {.count = 0};
	struct buf text;
	struct day day;
	bool good;
	int n;

	if (sql_is_null(value[0]))
		return;
	if (count > 1 && !sql_is_null(value[1]))
		marks = read_marks(sql_text(value[1]));
	buf_init(&text, TEXT_BYTES_MAX);
	fold_add(&text, sql_text(value[0]));
	good = text.err == OK && read_day(buf_view(&text), &marks, &day);
	if (text.err == ERR_NOMEM)
		sqlite3_result_error_nomem(context);
	buf_release(&text);
	if (!good)
		return;
	n = snprintf(place, sizeof(place), "%04d-%02d-%02d", day.year,
	    day.month, day.day);
	if (n < 0 || n >= (int)sizeof(place))
		return;
	sqlite3_result_text(context, place,
	    day.month == 0     ? (int)strlen("YYYY")
		: day.day == 0 ? (int)strlen("YYYY-MM")
			       : n,
	    SQLITE_TRANSIENT);
}

int
functions_register_day(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_day", 1, SQL_PURE, call_day},
	    {"text_day", 2, SQL_PURE, call_day}};

	return sql_register(db, list, 2, NULL);
}
