/* SPDX-License-Identifier: ISC */
/* Conversions between SQLite's values and ours, for all functions. */
#include "store/functions/functions.h"

int
sql_distrust(sqlite3 *db)
{
	return sqlite3_db_config(
	    db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
}

int
sql_register(
    sqlite3 *db, const struct sql_function *list, size_t n, const void *context)
{
	for (size_t i = 0; i < n; i++) {
		int code = sqlite3_create_function_v2(db, list[i].name,
		    list[i].arguments, SQLITE_UTF8 | list[i].flags,
		    (void *)(uintptr_t)context, list[i].call, NULL, NULL, NULL);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

struct str
sql_text(sqlite3_value *value)
{
	const unsigned char *text = sqlite3_value_text(value);

	if (text == NULL)
		return (struct str){"", 0};
	return (struct str){
	    (const char *)text, (size_t)sqlite3_value_bytes(value)};
}

bool
sql_is_null(sqlite3_value *value)
{
	return sqlite3_value_type(value) == SQLITE_NULL;
}

size_t
sql_size(sqlite3_value *value, size_t min, size_t max)
{
	sqlite3_int64 n = sqlite3_value_int64(value);

	if (n < 0 || (uint64_t)n < min)
		return min;
	return (uint64_t)n > max ? max : (size_t)n;
}

void
sql_result(sqlite3_context *context, struct buf *b)
{
	if (b->err == ERR_NOMEM) {
		sqlite3_result_error_nomem(context);
	} else if (b->err != OK) {
		sqlite3_result_error_toobig(context);
	} else if (b->data == NULL) {
		sqlite3_result_text(context, "", 0, SQLITE_STATIC);
	} else {
		sqlite3_result_text64(
		    context, b->data, b->len, free, SQLITE_UTF8);
		return; /* SQLite owns the bytes now */
	}
	buf_release(b);
}
