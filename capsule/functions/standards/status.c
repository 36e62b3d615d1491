/* SPDX-License-Identifier: ISC */
/*
 * Tells by its dates whether a standard is in force on a day. A date may be
 * only a month or a year: for a day inside that period, the answer is not
 * known. An unknown answer is 待核实, never 现行. An edition stays in force
 * until its successor comes into force, even if the successor has been issued.
 * If an edition has ended and its dates do not say when, the status that the
 * source states counts, from the day on which the source was asked. Without
 * such a day, nothing is known about the standard.
 */
#include "standards.h"

#include "base/clock.h"

/* When something happened: not at all, some day of a period, or unknown. */
struct when {
	enum { WHEN_NEVER, WHEN_KNOWN, WHEN_UNKNOWN } kind;
	int from, to; /* 20261123 */
};
enum answer { NO, YES, UNKNOWN };

enum argument {
	DAY,
	ISSUED,
	IMPLEMENTED,
	ABOLISHED,
	STATED,
	VERIFIED,
	SUCCESSOR_ISSUED,
	SUCCESSOR_IMPLEMENTED,
	PARTLY,
	MANDATE_CHANGED,
	ARGUMENTS
};

/* Read n digits at *at of s, and the dash before them; -1: they are not there.
 */
static int
read_part(struct str s, size_t *at, size_t n, bool dash)
{
	int value = 0;

	if (dash && (*at >= s.len || s.data[(*at)++] != '-'))
		return -1;
	if (s.len - *at < n)
		return -1;
	for (; n > 0; n--, ++*at) {
		char c = s.data[*at];

		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	return value;
}

/* Read a date. NULL: the event never happened. A text that is not a date: the
 * event happened on an unknown day. */
static struct when
read_when(sqlite3_value *value)
{
	const struct when unknown = {WHEN_UNKNOWN, 0, 0};
	struct str s = sql_text(value);
	int year, month, day;
	size_t at = 0;

	if (sql_is_null(value))
		return (struct when){WHEN_NEVER, 0, 0};
	year = read_part(s, &at, 4, false);
	if (year < 1)
		return unknown;
	if (at == s.len)
		return (struct when){
		    WHEN_KNOWN, year * 10000 + 101, year * 10000 + 1231};
	month = read_part(s, &at, 2, true);
	if (month < 1 || month > 12)
		return unknown;
	if (at == s.len)
		return (struct when){WHEN_KNOWN, year * 10000 + month * 100 + 1,
		    year * 10000 + month * 100 + clock_month_days(year, month)};
	day = read_part(s, &at, 2, true);
	if (day < 1 || day > clock_month_days(year, month) || at != s.len)
		return unknown;
	day += year * 10000 + month * 100;
	return (struct when){WHEN_KNOWN, day, day};
}

/* Had the event happened by the end of this day? */
static enum answer
by(struct when when, int day)
{
	if (when.kind == WHEN_NEVER ||
	    (when.kind == WHEN_KNOWN && when.from > day))
		return NO;
	return when.kind == WHEN_KNOWN && when.to <= day ? YES : UNKNOWN;
}

/* Read a flag: 0 or 1, or the date from which it holds. */
static enum answer
flag_by(sqlite3_value *value, int day)
{
	if (sql_is_null(value) || sql_text(value).len == 0)
		return NO;
	if (sqlite3_value_type(value) == SQLITE_INTEGER &&
	    sqlite3_value_int64(value) < 1000)
		return sqlite3_value_int64(value) != 0 ? YES : NO;
	return by(read_when(value), day);
}

enum ended { IN_FORCE, REPLACED, WITHDRAWN };

static enum ended
stated_end(sqlite3_value *value)
{
	struct str stated = sql_text(value);

	if (str_find(stated, STR("代替")) != SIZE_MAX &&
	    str_find(stated, STR("将被代替")) == SIZE_MAX &&
	    str_find(stated, STR("部分")) == SIZE_MAX)
		return REPLACED;
	if (str_find(stated, STR("废止")) != SIZE_MAX ||
	    str_find(stated, STR("作废")) != SIZE_MAX)
		return WITHDRAWN;
	return IN_FORCE;
}

static const char not_known[] = "待核实";
static const char replaced[] = "被代替";
static const char withdrawn[] = "废止";

/* How a standard had ended on this day; NULL: it had not ended. */
static const char *
end_by(int day, sqlite3_value **value)
{
	struct when abolished = read_when(value[ABOLISHED]);
	struct when after = read_when(value[SUCCESSOR_IMPLEMENTED]);
	struct when issued = read_when(value[SUCCESSOR_ISSUED]);
	enum ended stated = stated_end(value[STATED]);
	bool followed =
	    (after.kind != WHEN_NEVER || issued.kind != WHEN_NEVER) &&
	    by(issued.kind != WHEN_NEVER ? issued : after, day) != NO;

	if (by(after, day) == YES)
		return replaced;
	if (by(abolished, day) == YES)
		return followed || stated == REPLACED ? replaced : withdrawn;
	if (by(abolished, day) == UNKNOWN || by(after, day) == UNKNOWN)
		return not_known;
	if (abolished.kind == WHEN_KNOWN || after.kind == WHEN_KNOWN)
		return NULL; /* later than this day: the dates say so */
	if (stated == IN_FORCE)
		return by(issued, day) == NO ? NULL : not_known;
	/* It has ended on an unknown day: known since the source was asked. */
	if (by(read_when(value[VERIFIED]), day) != YES)
		return not_known;
	return followed || stated == REPLACED ? replaced : withdrawn;
}

static const char *
status_on(int day, sqlite3_value **value)
{
	struct when implemented = read_when(value[IMPLEMENTED]);
	enum answer begun = by(implemented, day);
	const char *end = end_by(day, value);
	enum answer changed, partly;

	if (sql_is_null(value[VERIFIED]))
		return not_known;
	if (end != NULL && end != not_known)
		return end;
	if (implemented.kind == WHEN_KNOWN && begun == NO)
		return "即将实施";
	if (implemented.kind == WHEN_NEVER) {
		struct when issued = read_when(value[ISSUED]);

		if (issued.kind == WHEN_KNOWN && by(issued, day) == NO)
			return "即将实施";
	}
	if (end != NULL || begun != YES)
		return not_known;
	if (by(read_when(value[SUCCESSOR_ISSUED]), day) == YES)
		return "现行(将被代替)";
	changed = flag_by(value[MANDATE_CHANGED], day);
	partly = flag_by(value[PARTLY], day);
	if (changed == YES)
		return "转为推荐性";
	if (partly == YES)
		return "部分被代替";
	return changed == NO && partly == NO ? "现行" : not_known;
}

static void
call_status(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct when day = read_when(value[DAY]);

	(void)count;
	if (day.kind != WHEN_KNOWN || day.from != day.to)
		return;
	sqlite3_result_text(
	    context, status_on(day.from, value), -1, SQLITE_STATIC);
}

int
std_register_status(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_status", ARGUMENTS, SQL_PURE, call_status}};

	return sql_register(db, list, 1, NULL);
}
