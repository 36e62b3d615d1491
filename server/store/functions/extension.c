/* SPDX-License-Identifier: ISC */
/*
 * The door for the stock sqlite3 shell: `.load guiju_sql` and it has our
 * tokenizer and functions. The name of the door follows from the file's.
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
	code = functions_register(db, NULL);
	if (code != SQLITE_OK)
		*error = sqlite3_mprintf("guiju_sql: %s", sqlite3_errmsg(db));
	return code;
}
