/* SPDX-License-Identifier: ISC */
/*
 * Tallies: counters of views. A tally is a file of atomic 64-bit counters
 * that every worker maps, one counter for each id; it outlives any process.
 * Every few seconds one process folds what has changed into the table
 * guiju_tally(name, id, n). A view costs an atomic add, never SQL; reading a
 * count never waits for a write. What a crash of the whole machine may lose
 * is what was counted since the last fold.
 */
#ifndef GUIJU_STORE_TALLY_H
#define GUIJU_STORE_TALLY_H

#include <sqlite3.h>

#include "base/str.h"
#include "store/functions/functions.h"

enum { TALLY_ID_MAX = 16 * 1024 * 1024 - 1, TALLY_WHY_SIZE = 160 };

/* All tallies of one state folder. */
struct tally;
struct terms;

/* dir: where NAME.tally files are made as names come up, and tally.lock. At
 * most 32 names. ERR_MISSING, ERR_IO (the log says why), ERR_NOMEM. */
enum err tally_open(const char *dir, struct tally **out) MUST_CHECK;
void tally_close(struct tally *tally);

/* The terms that this process counts beside its views; borrowed. */
struct terms *tally_terms(struct tally *tally);

/* What SQL counts with: this tally (kept) and its terms. count false: tallies
 * are read, nothing is counted. */
struct function_host tally_host(struct tally *tally, bool count);

/*
 * name: 1 to 32 of [a-z0-9_]; id: 0 to TALLY_ID_MAX. Other names and ids
 * count nothing and read 0. add gives the new count.
 */
uint64_t tally_add(struct tally *tally, struct str name, int64_t id);
uint64_t tally_read(struct tally *tally, struct str name, int64_t id);

/* While it is paused this process counts nothing, views or terms; add gives
 * the count as it is. */
void tally_pause(struct tally *tally, bool paused);

/*
 * Raise each counter to at least what guiju_tally says (start, restore of a
 * backup). Then fold: write counters that changed since the last fold, in one
 * transaction of at most 20,000 rows (the rest: next time). It waits 0.1 s
 * for the database. ERR_BUSY: another process is folding, or the database is
 * locked; nothing is lost, the next fold takes it.
 */
enum err tally_load(struct tally *tally, sqlite3 *db) MUST_CHECK;
enum err tally_fold(struct tally *tally, sqlite3 *writer) MUST_CHECK;
/* Why the last fold failed, the system's or SQLite's words. */
const char *tally_why(const struct tally *tally);

#endif
