/* SPDX-License-Identifier: ISC */
/*
 * Tallies: counters of views. A tally is a file of atomic 64-bit counters, one
 * per id. Every worker maps the file, which outlives all processes. Every few
 * seconds one process folds the tallies: it stores the counters that have
 * changed in the table guiju_tally(name, id, n). A view costs one atomic add
 * and no SQL; reading a count never waits for a write. A crash of the whole
 * machine loses at most what was counted since the last fold.
 */
#ifndef GUIJU_STORE_TALLY_H
#define GUIJU_STORE_TALLY_H

#include <sqlite3.h>

#include "base/ip.h"
#include "base/str.h"
#include "store/functions/functions.h"

enum { TALLY_ID_MAX = 16 * 1024 * 1024 - 1, TALLY_WHY_SIZE = 160 };

/* All tallies of one state folder. */
struct tally;
struct terms;

/* dir: the folder of the files NAME.tally, each made at the first use of its
 * name, and of tally.lock; made if it is missing, and not a link. At most 32
 * names. ERR_MISSING, ERR_IO (the reason is logged), ERR_NOMEM. */
enum err tally_open(const char *dir, struct tally **out) MUST_CHECK;
void tally_close(struct tally *tally);

/* The terms that this process counts besides views; borrowed. */
struct terms *tally_terms(struct tally *tally);

/* The host of the SQL functions that count: this tally (kept) and its terms.
 * count false: the functions read tallies and count nothing. */
struct function_host tally_host(struct tally *tally, bool count);

/*
 * name: 1 to 32 of [a-z0-9_]; id: 0 to TALLY_ID_MAX. Other names and ids are
 * not counted and read as 0. tally_add() gives the new count.
 */
uint64_t tally_add(struct tally *tally, struct str name, int64_t id);
uint64_t tally_read(struct tally *tally, struct str name, int64_t id);

/* While the tally is paused, this process counts neither views nor terms;
 * tally_add() gives the count unchanged. */
void tally_pause(struct tally *tally, bool paused);

/*
 * tally_load() raises each counter to at least its value in guiju_tally, after
 * a start or the restore of a backup.
 *
 * tally_fold() stores the counters that have changed since the last fold, in
 * one transaction of at most 20,000 rows; the next fold stores the rest. It
 * waits 0.1 s for the database. ERR_BUSY: another process is folding, or the
 * database is locked. Nothing is lost: the next fold stores the counters.
 */
enum err tally_load(struct tally *tally, sqlite3 *db) MUST_CHECK;
enum err tally_fold(struct tally *tally, sqlite3 *writer) MUST_CHECK;
/* Why the last fold failed: the message of the system or of SQLite. */
const char *tally_why(const struct tally *tally);

/*
 * Terms: words that pages count, such as words that were searched for and not
 * found. A worker keeps a bounded number of terms in memory. Every few seconds
 * it folds them: it adds them to the table guiju_term(name, term, day, n). Who
 * used a word, from where, and at which time of the day is not stored. A crash
 * loses at most what was counted since the last fold.
 *
 * The table is bounded and the rarest rows are deleted first. So that one
 * reader cannot push out the words of all others, a worker counts few terms of
 * one network per day. In a year one network adds fewer rows than the table
 * holds. Networks are known by a keyed hash, in memory only.
 */

enum {
	TERMS_MAX = 256,        /* between two folds; more are not counted */
	TERMS_ROWS_MAX = 10000, /* rows per name in the table */
	TERMS_DAYS_MAX = 366,   /* older rows are deleted at night */
	TERMS_NETWORK_MAX = 20, /* per network, day (UTC) and worker */
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

/* Who asks from now on: an IPv4 address, or the /48 network of an IPv6 address.
 * peer NULL: not known, and not limited. now_s: UTC seconds. */
void terms_reader(struct terms *terms, const struct ip *peer, int64_t now_s);

/*
 * Count a term that term_clean() (store/functions/functions.h) has accepted.
 * name: 1 to 32 of [a-z0-9_]; day: YYYY-MM-DD. A term with another name or day
 * is not counted, nor one for which there is no room, nor one of a network that
 * has used its TERMS_NETWORK_MAX terms of the day.
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
