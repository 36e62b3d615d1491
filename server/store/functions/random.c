/* SPDX-License-Identifier: ISC */
/*
 * random() and randomblob(n), as SQLite has them, but with bytes that repeat:
 * pages under `guiju test` give the same at each run. SQLite can be given a
 * seed, but what follows from it differs between its versions.
 */
#include "store/functions/functions.h"

#include "base/random.h"

static void
call_random(sqlite3_context *context, int count, sqlite3_value **value)
{
	sqlite3_int64 number = 0;

	(void)count, (void)value;
	if (random_bytes(&number, sizeof(number)) != OK) {
		sqlite3_result_error(context, "no random bytes", -1);
		return;
	}
	/* As in SQLite: abs() of the least number would fail. */
	sqlite3_result_int64(
	    context, number < 0 ? -(number & INT64_MAX) : number);
}

static void
call_randomblob(sqlite3_context *context, int count, sqlite3_value **value)
{
	sqlite3_int64 size = sqlite3_value_int64(value[0]);
	unsigned char *bytes;

	(void)count;
	if (size < 1)
		size = 1;
	if (size > sqlite3_limit(sqlite3_context_db_handle(context),
		       SQLITE_LIMIT_LENGTH, -1)) {
		sqlite3_result_error_toobig(context);
		return;
	}
	bytes = sqlite3_malloc64((sqlite3_uint64)size);
	if (bytes == NULL) {
		sqlite3_result_error_nomem(context);
	} else if (random_bytes(bytes, (size_t)size) != OK) {
		sqlite3_free(bytes);
		sqlite3_result_error(context, "no random bytes", -1);
	} else {
		sqlite3_result_blob64(
		    context, bytes, (sqlite3_uint64)size, sqlite3_free);
	}
}

int
functions_register_random(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"random", 0, SQLITE_INNOCUOUS, call_random},
	    {"randomblob", 1, SQLITE_INNOCUOUS, call_randomblob}};

	if (!random_repeats())
		return SQLITE_OK;
	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
