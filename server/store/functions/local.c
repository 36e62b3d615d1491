/* SPDX-License-Identifier: ISC */
/*
 * Moments as people of the capsule's zone write them. These functions are not
 * marked deterministic, so no index can hold their results: after a change of
 * the zone the index would be wrong.
 */
#include "base/clock.h"
#include "base/zone.h"
#include "store/functions/functions.h"

enum { STAMP_MAX_BYTES = 40 };

static void
write(sqlite3_context *context, sqlite3_value *seconds, enum zone_form form)
{
	struct buf text;

	if (sql_is_null(seconds))
		return;
	buf_init(&text, STAMP_MAX_BYTES);
	if (zone_add(&text, sqlite3_value_int64(seconds), form))
		sql_result(context, &text);
	else
		buf_release(&text);
}

static void
call_day(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	write(context, value[0], ZONE_DAY);
}

static void
call_time(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	write(context, value[0], ZONE_TIME);
}

static void
call_stamp(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	write(context, value[0], ZONE_STAMP);
}

static void
call_start(sqlite3_context *context, int count, sqlite3_value **value)
{
	int64_t s;

	(void)count;
	if (!sql_is_null(value[0]) && zone_day_begins(sql_text(value[0]), &s))
		sqlite3_result_int64(context, s);
}

static void
call_now(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count, (void)value;
	sqlite3_result_int64(context, clock_now_s());
}

int
functions_register_local(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"local_day", 1, SQLITE_INNOCUOUS, call_day},
	    {"local_time", 1, SQLITE_INNOCUOUS, call_time},
	    {"local_stamp", 1, SQLITE_INNOCUOUS, call_stamp},
	    {"local_start", 1, SQLITE_INNOCUOUS, call_start},
	    {"now", 0, SQLITE_INNOCUOUS, call_now}};

	return sql_register(db, list, 5, NULL);
}
