/* SPDX-License-Identifier: ISC */
/* The values that a page's names stand for while it runs. */
#ifndef GUIJU_PAGE_COMPILE_VALUE_H
#define GUIJU_PAGE_COMPILE_VALUE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/buf.h"

enum value_type { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

struct value {
	enum value_type type;
	int64_t integer;
	double real;
	struct str text; /* arena */
};

struct value value_text(struct str text);
struct value value_integer(int64_t n);
/* A page's parameter: 1 to 18 digits without a leading zero is an integer,
 * everything else text. */
struct value value_parameter(struct str text);

/* Copy a result column into the arena; a blob is taken as text. ERR_NOMEM. */
enum err value_column(struct arena *arena, sqlite3_stmt *row, int column,
    struct value *out) MUST_CHECK;
/* Bind; the text must live until the statement is reset. SQLITE_*. */
int value_bind(sqlite3_stmt *statement, int index, const struct value *value);

/* Append as text: NULL is empty, numbers in decimal. Nothing is escaped. */
void value_add(struct buf *out, const struct value *value);

#endif
