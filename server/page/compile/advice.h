/* SPDX-License-Identifier: ISC */
/* Advice about slow statements: which tables does a statement read whole? */
#ifndef GUIJU_PAGE_COMPILE_ADVICE_H
#define GUIJU_PAGE_COMPILE_ADVICE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/str.h"

/* One table that a statement reads from end to end, and what would help. */
struct advice {
	struct advice *next;
	struct str text;
};

/*
 * Look at how db would run sql. Both are borrowed; sql must be a statement that
 * db can prepare. Returns one entry per table that the statement reads whole,
 * in the order of reading. Entries live in the arena. NULL: no such table, or
 * out of memory, or the statement contains `/ * scan * /` (without the blanks
 * inside).
 */
struct advice *advice_find(struct arena *arena, sqlite3 *db, struct str sql);

#endif
