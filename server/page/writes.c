/* SPDX-License-Identifier: ISC */
/*
 * A row a certificate: how often it has written in the minute and on the day
 * (UTC) in which it last did. Rows of days gone by are forgotten by whoever
 * writes next.
 */
#include "page/writes.h"

#include "base/limits.h"
#include "store/store.h"

enum { MINUTE_S = 60, DAY_S = 24 * 3600 };

static const char forget[] = "DELETE FROM guiju_writes WHERE day < ?1";

static const char count[] =
    "INSERT INTO guiju_writes (cert, minute, in_minute, day, in_day)"
    " VALUES (?1, ?2, 1, ?3, 1)"
    " ON CONFLICT (cert) DO UPDATE SET"
    " in_minute = CASE minute WHEN excluded.minute THEN in_minute + 1"
    " ELSE 1 END, minute = excluded.minute,"
    " in_day = CASE day WHEN excluded.day THEN in_day + 1 ELSE 1 END,"
    " day = excluded.day"
    " RETURNING in_minute, in_day";

static unsigned
left_s(int64_t now_s, int64_t period_s)
{
	return (unsigned)(period_s - now_s % period_s);
}

static int
forget_days_before(sqlite3 *writer, int64_t day)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(writer, forget, -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, day);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return code;
}

enum err
writes_count(sqlite3 *writer, struct str cert, int64_t now_s, unsigned *wait_s)
{
	sqlite3_stmt *stmt = NULL;
	int code = forget_days_before(writer, now_s / DAY_S);

	*wait_s = 0;
	if (code == SQLITE_DONE)
		code = sqlite3_prepare_v2(writer, count, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(
		    stmt, 1, cert.data, (int)cert.len, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 2, now_s / MINUTE_S);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 3, now_s / DAY_S);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW) {
		if (sqlite3_column_int64(stmt, 1) > LIMIT_WRITES_DAY)
			*wait_s = left_s(now_s, DAY_S);
		else if (sqlite3_column_int64(stmt, 0) > LIMIT_WRITES_MINUTE)
			*wait_s = left_s(now_s, MINUTE_S);
		code = sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	return store_err(code);
}
