/* SPDX-License-Identifier: ISC */
/*
 * The prepared statements of all pages of a site. Pages share what they
 * include, and pagers and conditions look alike: more than half of their SQL
 * has been seen before. Preparing is most of what opening a site costs, so
 * each text is prepared once.
 */
#ifndef GUIJU_PAGE_COMPILE_PREPARED_H
#define GUIJU_PAGE_COMPILE_PREPARED_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/str.h"
#include "page/compile/advice.h"

/* One statement that all directives with its text use, one after the other. */
struct prepared {
	struct prepared *next;
	struct str sql; /* kept */
	sqlite3 *db;
	int kind;
	sqlite3_stmt *stmt;          /* owned */
	const struct advice *advice; /* what would make it quicker */
	/* Its rows are being walked: what stands in its block may not begin
	 * it anew. */
	bool walked;
};

enum { PREPARED_BUCKETS = 256 };

/* Zeroed: none. */
struct prepared_set {
	struct prepared *bucket[PREPARED_BUCKETS];
};

/* The statement of that text and kind on db, if there is one that is not
 * being walked; else NULL. */
struct prepared *prepared_find(
    const struct prepared_set *set, sqlite3 *db, int kind, struct str sql);

/* Keep stmt (given) and sql (kept) for others; the entry is in the arena.
 * NULL: out of memory, and stmt is still the caller's. */
struct prepared *prepared_add(struct prepared_set *set, struct arena *arena,
    sqlite3 *db, int kind, struct str sql, sqlite3_stmt *stmt);

/* Finalize them all. The set is empty then. */
void prepared_release(struct prepared_set *set);

#endif
