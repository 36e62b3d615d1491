/* SPDX-License-Identifier: ISC */
/*
 * SQLite for our SQL functions. In the server SQLite is linked (SQLITE_CORE is
 * defined). A loaded extension calls it through the table of routines that
 * SQLite hands over.
 */
#ifndef GUIJU_STORE_FUNCTIONS_SQLITE_H
#define GUIJU_STORE_FUNCTIONS_SQLITE_H

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

/* An entry point. All other symbols of an extension's file are hidden. */
#define SQL_ENTRY __attribute__((visibility("default")))

#include "base/buf.h"
#include "base/str.h"

struct sql_function {
	const char *name;
	int arguments;
	int flags; /* SQLITE_DETERMINISTIC, _INNOCUOUS, _DIRECTONLY */
	void (*call)(sqlite3_context *, int, sqlite3_value **);
};

/* For a function that depends on its arguments only and can do no harm. Views,
 * triggers and indexes may call it in spite of trusted_schema=OFF. */
enum { SQL_PURE = SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };

/* Register n functions. sqlite3_user_data() gives context (kept). Gives
 * SQLITE_*. */
int sql_register(sqlite3 *db, const struct sql_function *list, size_t n,
    const void *context);

/* The text of a value, borrowed until the value changes; empty for NULL. */
struct str sql_text(sqlite3_value *value);
bool sql_is_null(sqlite3_value *value);
/* A value as a number, clamped to [min, max]. */
size_t sql_size(sqlite3_value *value, size_t min, size_t max);

/* Set the function's result to the content of b, or to its error; release b. */
void sql_result(sqlite3_context *context, struct buf *b);

#endif
