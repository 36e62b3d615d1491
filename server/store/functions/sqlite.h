/* SPDX-License-Identifier: ISC */
/*
 * SQLite as a function of ours sees it: linked into the server (SQLITE_CORE is
 * defined), or reached through the table of routines that SQLite hands to a
 * loaded extension.
 */
#ifndef GUIJU_STORE_FUNCTIONS_SQLITE_H
#define GUIJU_STORE_FUNCTIONS_SQLITE_H

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

/* An entry point. All else in the file of an extension is hidden. */
#define SQL_ENTRY __attribute__((visibility("default")))

#include "base/buf.h"
#include "base/str.h"

struct sql_function {
	const char *name;
	int arguments;
	int flags; /* SQLITE_DETERMINISTIC, _INNOCUOUS, _DIRECTONLY */
	void (*call)(sqlite3_context *, int, sqlite3_value **);
};

/* What depends on its arguments only and can do no harm: such a function may
 * stand in views, triggers and indexes in spite of trusted_schema=OFF. */
enum { SQL_PURE = SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };

/* Register n functions; context (kept) is what sqlite3_user_data() gives. */
int sql_register(sqlite3 *db, const struct sql_function *list, size_t n,
    const void *context);

/* A value's text, borrowed until the value changes; NULL is empty. */
struct str sql_text(sqlite3_value *value);
bool sql_is_null(sqlite3_value *value);
/* A value as a number brought into [min, max]. */
size_t sql_size(sqlite3_value *value, size_t min, size_t max);

/* Make b's content (or its error) the result; b is released. */
void sql_result(sqlite3_context *context, struct buf *b);

#endif
