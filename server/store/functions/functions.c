/* SPDX-License-Identifier: ISC */
/* All of our SQL functions, on one connection. */
#include "store/functions/functions.h"

#include "capsule/functions/standards/standards.h"

int
functions_register(sqlite3 *db, const struct function_host *host)
{
	int code = functions_register_cjk(db);

	if (code == SQLITE_OK)
		code = functions_register_query(db);
	if (code == SQLITE_OK)
		code = functions_register_has(db);
	if (code == SQLITE_OK)
		code = functions_register_clean(db);
	if (code == SQLITE_OK)
		code = functions_register_address(db);
	if (code == SQLITE_OK)
		code = functions_register_day(db);
	if (code == SQLITE_OK)
		code = functions_register_local(db);
	if (code == SQLITE_OK)
		code = functions_register_snippet(db);
	if (code == SQLITE_OK)
		code = functions_register_pages(db);
	if (code == SQLITE_OK)
		code = functions_register_std_keys(db);
	if (code == SQLITE_OK)
		code = functions_register_std_list(db);
	if (code == SQLITE_OK)
		code = functions_register_std_mentions(db);
	if (code == SQLITE_OK)
		code = functions_register_std_said(db);
	if (code == SQLITE_OK)
		code = functions_register_std_replaced(db);
	if (code == SQLITE_OK)
		code = functions_register_std_status(db);
	if (code == SQLITE_OK)
		code = functions_register_std_title(db);
	if (code == SQLITE_OK)
		code = functions_register_sha256(db);
	if (code == SQLITE_OK)
		code = functions_register_count(db, host);
	if (code == SQLITE_OK)
		code = functions_register_term(db, host);
	return code;
}
