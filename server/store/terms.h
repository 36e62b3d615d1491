/* SPDX-License-Identifier: ISC */
/*
 * Terms: words that pages count, such as words that were searched for and not
 * found. A worker keeps a bounded number of terms in memory. Every few seconds
 * it folds them: it adds them to the table guiju_term(name, term, day, n). Who
 * used a word, from where, and at which time of the day is not stored. A crash
 * loses at most what was counted since the last fold.
 */
#ifndef GUIJU_STORE_TERMS_H
#define GUIJU_STORE_TERMS_H

#include <sqlite3.h>

#include "base/str.h"

enum {
	TERMS_MAX = 256,        /* between two folds; more are not counted */
	TERMS_ROWS_MAX = 10000, /* rows per name in the table */
	TERMS_DAYS_MAX = 366,   /* older rows are deleted at night */
	TERMS_WHY_SIZE = 160
};

/* One process's terms. */
struct terms;

/* Can counters have this name: 1 to most lower-case letters, digits and
 * underscores? */
bool terms_is_name(struct str name, size_t most);

/* NULL when out of memory. terms_free() accepts NULL. */
struct terms *terms_new(void);
void terms_free(struct terms *terms);

/*
 * Count a term that term_clean() (store/functions/functions.h) has accepted.
 * name: 1 to 32 of [a-z0-9_]; day: YYYY-MM-DD. A term with another name or day
 * is not counted, nor one for which there is no room.
 */
void terms_add(
    struct terms *terms, struct str name, struct str term, struct str day);

/*
 * Add all terms to the table in one transaction, and clear them in memory. If a
 * name has more than TERMS_ROWS_MAX rows, the rows with the lowest counts are
 * deleted, the oldest of these first. It waits 0.1 s for the database. On
 * failure the terms stay in memory: ERR_BUSY, ERR_IO.
 */
enum err terms_fold(struct terms *terms, sqlite3 *writer) MUST_CHECK;
/* Why the last fold failed: SQLite's message. */
const char *terms_why(const struct terms *terms);

#endif
