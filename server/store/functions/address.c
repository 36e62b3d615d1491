/* SPDX-License-Identifier: ISC */
/*
 * Addresses as people write them: url_text() decodes. The path of a request is
 * percent-encoded, but an old address that an editor has typed or copied may be
 * encoded or not. So a page compares both forms of a path with it.
 */
#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"
#include "store/functions/functions.h"

enum { ADDRESS_BYTES_MAX = 64 * 1024 };

static void
call_text(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct arena *arena;
	struct str decoded;
	enum err err;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	arena = arena_new(2 * ADDRESS_BYTES_MAX);
	err = arena == NULL
	    ? ERR_NOMEM
	    : url_decode(arena,
		  str_slice(sql_text(value[0]), 0, ADDRESS_BYTES_MAX),
		  &decoded);
	if (err == ERR_NOMEM)
		sqlite3_result_error_nomem(context);
	else if (err == OK && utf8_valid(decoded))
		sqlite3_result_text64(context, decoded.data, decoded.len,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
	arena_free(arena);
}

int
functions_register_address(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"url_text", 1, SQL_PURE, call_text}};

	return sql_register(db, list, 1, NULL);
}
