/* SPDX-License-Identifier: ISC */
/* Values: from SQLite's rows, for a page's names and text. */
#include "page/compile/value.h"

enum { INTEGER_DIGITS = 18 }; /* always fits in 64 bits */

struct value
value_text(struct str text)
{
	return (struct value){.type = VALUE_TEXT, .text = text};
}

struct value
value_integer(int64_t n)
{
	return (struct value){.type = VALUE_INTEGER, .integer = n};
}

struct value
value_parameter(struct str text)
{
	int64_t n;

	if (text.len <= INTEGER_DIGITS &&
	    str_to_int(text, 0, INT64_MAX, &n) == OK)
		return value_integer(n);
	return value_text(text);
}

enum err
value_column(
    struct arena *arena, sqlite3_stmt *row, int column, struct value *out)
{
	struct str text;

	switch (sqlite3_column_type(row, column)) {
	case SQLITE_NULL:
		*out = (struct value){.type = VALUE_NULL};
		return OK;
	case SQLITE_INTEGER:
		*out = value_integer(sqlite3_column_int64(row, column));
		return OK;
	case SQLITE_FLOAT:
		*out = (struct value){.type = VALUE_REAL,
		    .real = sqlite3_column_double(row, column)};
		return OK;
	default:
		break;
	}
	text.data = (const char *)sqlite3_column_text(row, column);
	text.len = (size_t)sqlite3_column_bytes(row, column);
	if (text.data == NULL && text.len > 0)
		return ERR_NOMEM;
	text = arena_str(arena, text);
	if (text.data == NULL)
		return ERR_NOMEM;
	*out = value_text(text);
	return OK;
}

int
value_bind(sqlite3_stmt *statement, int index, const struct value *value)
{
	switch (value->type) {
	case VALUE_INTEGER:
		return sqlite3_bind_int64(statement, index, value->integer);
	case VALUE_REAL:
		return sqlite3_bind_double(statement, index, value->real);
	case VALUE_TEXT:
		return sqlite3_bind_text64(statement, index,
		    value->text.data == NULL ? "" : value->text.data,
		    value->text.len, SQLITE_STATIC, SQLITE_UTF8);
	default:
		return sqlite3_bind_null(statement, index);
	}
}

bool
value_equal(const struct value *a, const struct value *b)
{
	return a->type == b->type &&
	    (a->type != VALUE_INTEGER || a->integer == b->integer) &&
	    (a->type != VALUE_REAL || a->real == b->real) &&
	    (a->type != VALUE_TEXT || str_equal(a->text, b->text));
}

void
value_add(struct buf *out, const struct value *value)
{
	switch (value->type) {
	case VALUE_INTEGER:
		buf_number(out, value->integer);
		break;
	case VALUE_REAL:
		buf_printf(out, "%.15g", value->real);
		break;
	case VALUE_TEXT:
		buf_str(out, value->text);
		break;
	default:
		break;
	}
}
