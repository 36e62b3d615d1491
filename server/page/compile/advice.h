/* SPDX-License-Identifier: ISC */
/* What would make a statement quicker: does it read whole tables? */
#ifndef GUIJU_PAGE_COMPILE_ADVICE_H
#define GUIJU_PAGE_COMPILE_ADVICE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/str.h"

/* One table that a statement reads from end to end, and the cure. */
struct advice {
	struct advice *next;
	struct str text;
};

/*
 * Look at how db would run sql, which prepares there (both borrowed). Gives
 * one entry for each table that would be read whole, in the order of reading;
 * entries live in the arena. NULL: none, or the statement carries
 * `/ * scan * /` (without its blanks), or out of memory.
 */
struct advice *advice_find(struct arena *arena, sqlite3 *db, struct str sql);

#endif
