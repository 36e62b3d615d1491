/* SPDX-License-Identifier: ISC */
/*
 * Counts of views in SQL. In the server they come from the mapped counters. The
 * stock shell and the tools have no counters and read the table guiju_tally,
 * which may be some seconds behind.
 */
#include "store/functions/functions.h"

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

/* An id is an integer, or a text or a real with the value of an integer. -1:
 * the value is not an id. */
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
	const struct function_host *host = sqlite3_user_data(context);

	(void)count;
	if (host == NULL || host->read == NULL)
		read_table(context, value);
	else
		sqlite3_result_int64(context,
		    (sqlite3_int64)host->read(
			host->context, sql_text(value[0]), id_of(value[1])));
}

static void
call_add(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct function_host *host = sqlite3_user_data(context);

	if (host == NULL || host->add == NULL)
		call_read(context, count, value);
	else
		sqlite3_result_int64(context,
		    (sqlite3_int64)host->add(
			host->context, sql_text(value[0]), id_of(value[1])));
}

int
functions_register_count(sqlite3 *db, const struct function_host *host)
{
	/* Views may read a count; only a page's own statement may add. */
	static const struct sql_function list[] = {
	    {"tally", 2, SQLITE_INNOCUOUS, call_read},
	    {"tally_add", 2, SQLITE_DIRECTONLY, call_add}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), host);
}
