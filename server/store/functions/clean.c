/* SPDX-License-Identifier: ISC */
/*
 * Cleaning a pasted text before it is stored: invisible characters are removed,
 * and the lines stay lines.
 */
#include "base/utf8.h"
#include "store/functions/functions.h"

enum { TEXT_BYTES_MAX = 16 * 1024 * 1024 };

static void
call_clean(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct str text = sql_text(value[0]);
	struct buf out;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&out, TEXT_BYTES_MAX);
	while (text.len > 0) {
		size_t clean = utf8_clean_len(text);
		uint32_t c;
		buf_add(&out, text.data, clean);
		text = str_slice(text, clean, text.len);
		if (text.len == 0)
			break;
		c = utf8_next(&text);
		if (c == UTF8_BAD || c == '\t')
			utf8_add(&out, c);
		else if (utf8_is_line_end(c))
			buf_char(&out, '\n');
		else if (utf8_is_control(c))
			buf_char(&out, ' ');
	}
	sql_result(context, &out);
}

int
functions_register_clean(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_clean", 1, SQL_PURE, call_clean}};

	return sql_register(db, list, 1, NULL);
}
