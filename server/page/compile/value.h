/* SPDX-License-Identifier: ISC */
/* The values of a page's names while the page runs. */
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
	struct str text; /* in the arena */
};

struct value value_text(struct str text);
struct value value_integer(int64_t n);
/* The value of a page's parameter. 1 to 18 digits without a leading zero are an
 * integer; everything else is text. */
struct value value_parameter(struct str text);

/* Copy a result column into the arena. A blob becomes text. ERR_NOMEM. */
enum err value_column(struct arena *arena, sqlite3_stmt *row, int column,
    struct value *out) MUST_CHECK;
/* Bind a value. Its text must live until the statement is reset. Returns
 * SQLITE_OK or SQLite's error. */
int value_bind(sqlite3_stmt *statement, int index, const struct value *value);

/* Are the two of the same type and value? */
bool value_equal(const struct value *a, const struct value *b);

/* Append a value as text, without escapes. NULL is empty; numbers are decimal.
 */
void value_add(struct buf *out, const struct value *value);

#endif
