/* SPDX-License-Identifier: ISC */
/* Registers all our SQL functions on one connection. */
#include "store/functions/functions.h"

int
functions_register(sqlite3 *db, const struct function_host *host)
{
	int (*const each[])(sqlite3 *) = {functions_register_cjk,
	    functions_register_query, functions_register_has,
	    functions_register_clean, functions_register_columns,
	    functions_register_address, functions_register_day,
	    functions_register_local, functions_register_snippet,
	    functions_register_pages, functions_register_sha256,
	    functions_register_random};
	int code = functions_register_count(db, host);

	if (code == SQLITE_OK)
		code = functions_register_term(db, host);
	if (code == SQLITE_OK)
		code = functions_register_accounts(db, host);
	for (size_t i = 0;
	     code == SQLITE_OK && i < sizeof(each) / sizeof(*each); i++)
		code = each[i](db);
	return code;
}
