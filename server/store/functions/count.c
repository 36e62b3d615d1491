/* SPDX-License-Identifier: ISC */
/*
 * Counts of views in SQL. In the server they come from the mapped counters;
 * without these (the stock shell, the tools) from the table that they are
 * folded into, which may be some seconds behind.
 */
#include "store/functions/functions.h"

#ifndef GUIJU_EXTENSION
#include "store/tally.h"
#endif

static void
read_table(sqlite3_context *context, sqlite3_value **value)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(sqlite3_context_db_handle(context),
	    "SELECT n FROM guiju_tally WHERE name = ?1 AND id = ?2", -1,
	    &statement, NULL);

	if (code != SQLITE_OK) {
		sqlite3_result_error_code(context, code);
		return;
	}
	sqlite3_bind_value(statement, 1, value[0]);
	sqlite3_bind_value(statement, 2, value[1]);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		sqlite3_result_int64(
		    context, sqlite3_column_int64(statement, 0));
	else if (code == SQLITE_DONE)
		sqlite3_result_int64(context, 0);
	else
		sqlite3_result_error_code(context, code);
	sqlite3_finalize(statement);
}

#ifndef GUIJU_EXTENSION

/* An id is an integer, or a text or real that is one; else it is none. */
static int64_t
id_of(sqlite3_value *value)
{
	return sqlite3_value_numeric_type(value) == SQLITE_INTEGER
	    ? sqlite3_value_int64(value)
	    : -1;
}

static void
call_read(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct tally *tally = sqlite3_user_data(context);

	(void)count;
	if (tally == NULL)
		read_table(context, value);
	else
		sqlite3_result_int64(context,
		    (sqlite3_int64)tally_read(
			tally, sql_text(value[0]), id_of(value[1])));
}

static void
call_add(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct tally *tally = sqlite3_user_data(context);

	(void)count;
	sqlite3_result_int64(context,
	    (sqlite3_int64)tally_add(
		tally, sql_text(value[0]), id_of(value[1])));
}

#else

static void
call_read(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	read_table(context, value);
}

#endif

int
functions_register_count(sqlite3 *db, struct tally *tally, bool count_views)
{
	/* To look is harmless in a view; to count must be a page's own wish,
	 * not that of a schema. */
	struct sql_function list[] = {{"tally", 2, SQLITE_INNOCUOUS, call_read},
	    {"tally_add", 2, SQLITE_DIRECTONLY, call_read}};

#ifndef GUIJU_EXTENSION
	if (tally != NULL && count_views)
		list[1].call = call_add;
#else
	(void)count_views;
#endif
	return sql_register(db, list, sizeof(list) / sizeof(*list), tally);
}
