/* SPDX-License-Identifier: ISC */
/*
 * The prepared statements of all pages of a site. Pages share partials, and
 * their pagers and conditions look alike, so more than half of the SQL texts
 * are repeated. Preparing takes most of the time of opening a site. Therefore
 * each text is prepared once. The engine's own statements of acts stand here,
 * too: to prepare them takes as long as to run them.
 */
#ifndef GUIJU_PAGE_COMPILE_PREPARED_H
#define GUIJU_PAGE_COMPILE_PREPARED_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/str.h"

/* Advice about slow statements: which tables does a statement read whole? */

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

/* One statement. All directives with the same text use it in turn. */
struct prepared {
	struct prepared *next;
	struct str sql; /* borrowed */
	sqlite3 *db;
	int kind;
	sqlite3_stmt *stmt;          /* owned */
	const struct advice *advice; /* about its speed; NULL: none */
	/* The directive's block is being compiled. A directive in that block
	 * needs a statement of its own, because this one is still stepped. */
	bool walked;
};

enum { PREPARED_BUCKETS = 256 };

/* Zeroed: empty. */
struct prepared_set {
	struct prepared *bucket[PREPARED_BUCKETS];
};

/* The statement of this text and kind on db that is not being walked; NULL:
 * none.
 */
struct prepared *prepared_find(
    const struct prepared_set *set, sqlite3 *db, int kind, struct str sql);

/* Add a statement. The set owns stmt from then on; sql is borrowed and must
 * live as long as the set; the entry is in the arena. NULL: out of memory, and
 * the caller still owns stmt. */
struct prepared *prepared_add(struct prepared_set *set, struct arena *arena,
    sqlite3 *db, int kind, struct str sql, sqlite3_stmt *stmt);

/*
 * The statement of this text on db, prepared now or by an earlier call. sql:
 * kept; a statement of the engine itself, one for all its callers. The caller
 * binds all values, steps, and resets it before it is taken again. Gives
 * SQLITE_*; if not SQLITE_OK, *out is NULL.
 */
int prepared_take(struct prepared_set *set, struct arena *arena, sqlite3 *db,
    const char *sql, sqlite3_stmt **out);

/* Finalize all statements and empty the set. */
void prepared_release(struct prepared_set *set);

#endif
