/* SPDX-License-Identifier: ISC */
/*
 * Terms: words that pages count, such as what was searched for in vain. A
 * worker keeps them in memory, a bounded number, and every few seconds adds
 * them to the table guiju_term(name, term, day, n). Nothing says who used a
 * word, from where, or at which time of the day. What a crash may lose is
 * what was counted since the last fold.
 */
#ifndef GUIJU_STORE_TERMS_H
#define GUIJU_STORE_TERMS_H

#include <sqlite3.h>

#include "base/str.h"

enum {
	TERMS_MAX = 256,        /* between two folds; more are not counted */
	TERMS_ROWS_MAX = 10000, /* of one name in the table */
	TERMS_DAYS_MAX = 366,   /* then a night sweeps them away */
	TERMS_WHY_SIZE = 160
};

/* One process's terms. */
struct terms;

/* NULL: memory is out. Accepts NULL to free. */
struct terms *terms_new(void);
void terms_free(struct terms *terms);

/*
 * Count a term that term_clean() (store/functions/functions.h) has let through.
 * name: as a tally's, 1 to 32 of [a-z0-9_]; day: YYYY-MM-DD. Anything else,
 * and what finds no room, is not counted.
 */
void terms_add(
    struct terms *terms, struct str name, struct str term, struct str day);

/*
 * Add all to the table, in one transaction, and forget them. Where a name has
 * more than TERMS_ROWS_MAX rows, those counted least go, of these the oldest.
 * It waits 0.1 s for the database. On failure nothing is forgotten: ERR_BUSY,
 * ERR_IO.
 */
enum err terms_fold(struct terms *terms, sqlite3 *writer) MUST_CHECK;
/* Why the last fold failed, SQLite's words. */
const char *terms_why(const struct terms *terms);

#endif
