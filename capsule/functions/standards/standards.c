/* SPDX-License-Identifier: ISC */
/*
 * The entry point of the module: `functions = standards` in capsule.ini, and
 * `.load standards` in the sqlite3 shell.
 */
#include "standards.h"

#include "number.h"

SQLITE_EXTENSION_INIT1

SQL_ENTRY int sqlite3_standards_init(
    sqlite3 *db, char **error, const sqlite3_api_routines *api);

int
sqlite3_standards_init(
    sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	int (*const each[])(sqlite3 *) = {std_register_keys, std_register_list,
	    std_register_mentions, std_register_replaced, std_register_status,
	    std_register_cells};
	int code;

	SQLITE_EXTENSION_INIT2(api);
	code = sql_distrust(db);
	for (size_t i = 0;
	     code == SQLITE_OK && i < sizeof(each) / sizeof(*each); i++)
		code = each[i](db);
	if (code != SQLITE_OK && error != NULL)
		*error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
	return code;
}

/* A number with its code is public, unless it has a telephone's digits. */
static bool
keeps(struct str words)
{
	struct std_number number;
	size_t row = 0, all = 0;

	for (size_t i = 0; i < words.len; i++) {
		bool digit = words.data[i] >= '0' && words.data[i] <= '9';

		row = digit ? row + 1 : 0;
		all += digit;
		if (row >= 7 || all >= 11)
			return false;
	}
	return std_read(words, STD_ANY, &number) && number.prefix[0] != '\0';
}

const struct function_module standards_module = {
    "standards", sqlite3_standards_init, keeps};
