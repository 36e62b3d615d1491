/* SPDX-License-Identifier: ISC */
/*
 * The parameters of the scripts of one import, by name, and their values.
 * What the tool provides has the first places, in the order in which it is
 * named; behind it come what the scripts ask for and what their columns give.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_NAMES_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_NAMES_H

#include <sqlite3.h>

#include "base/err.h"
#include "base/str.h"

struct names;

enum names_rule {
	NAMES_OPEN,  /* what nothing provides is NULL */
	NAMES_CLOSED /* what nothing provides is refused, and a column hides
		      * from later statements what the tool provides */
};

/* Provide count names (borrowed), at the places 0, 1, 2 ... ERR_NOMEM. */
enum err names_new(const char *const *provided, size_t count,
    enum names_rule rule, struct names **out) MUST_CHECK;
/* Accepts NULL. Scripts that use the names must be closed before. */
void names_free(struct names *names);

/* The place of a name that a statement asks for; SIZE_MAX: none does. */
size_t names_asked(const struct names *names, struct str name);

/* Give a place a value: text (borrowed, until the next one; without data it is
 * NULL), or an integer. */
void names_set_text(struct names *names, size_t place, struct str text);
void names_set_int(struct names *names, size_t place, int64_t value);

/* ---- for steps.c -------------------------------------------------------- */

/* A statement asks for a parameter. ERR_INPUT: nothing provides it; ERR_LIMIT:
 * there are too many names; ERR_NOMEM. */
enum err names_ask(
    struct names *names, struct str name, size_t *place) MUST_CHECK;
/* A statement has a column. ERR_LIMIT, ERR_NOMEM. */
enum err names_give(
    struct names *names, struct str name, size_t *place) MUST_CHECK;

bool names_is_null(const struct names *names, size_t place);

/* The value that a column has in a row, copied if anything asks for it. A
 * false result: memory is out. */
bool names_set_column(struct names *names, size_t place, sqlite3_stmt *handle,
    int column) MUST_CHECK;
/* Make NULL what a column gave. */
void names_forget_column(struct names *names, size_t place);

/* Bind a place's value to a parameter. Unless it is copied, it must stay until
 * the statement is reset. Gives SQLite's code. */
int names_bind(const struct names *names, size_t place, sqlite3_stmt *handle,
    int parameter, bool copy);

#endif
