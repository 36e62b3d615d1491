/* SPDX-License-Identifier: ISC */
/*
 * The entry point for the stock sqlite3 shell: after `.load guiju_sql` the
 * shell has our tokenizer and functions, and trusts no schema. SQLite derives
 * the entry point's name from the name of the file.
 */
#include "store/functions/functions.h"

SQLITE_EXTENSION_INIT1

SQL_ENTRY int sqlite3_guijusql_init(
    sqlite3 *db, char **error, const sqlite3_api_routines *api);

int
sqlite3_guijusql_init(
    sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	int code;

	SQLITE_EXTENSION_INIT2(api);
	code = sql_distrust(db);
	if (code == SQLITE_OK)
		code = functions_register(db, NULL);
	if (code != SQLITE_OK)
		*error = sqlite3_mprintf("guiju_sql: %s", sqlite3_errmsg(db));
	return code;
}
