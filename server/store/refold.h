/* SPDX-License-Identifier: ISC */
/*
 * Search indexes hold folded text (functions/fold.h). The folding may change
 * with the program, with Unicode's tables or with libunistring. An index that
 * was built with another folding misses texts. So the table guiju_fold stores
 * the name of the folding that the indexes were built with.
 */
#ifndef GUIJU_STORE_REFOLD_H
#define GUIJU_STORE_REFOLD_H

#include <stdbool.h>

#include <sqlite3.h>

/* Were the search indexes built with the folding of this program? false also
 * if the database does not name a folding. */
bool refold_is_current(sqlite3 *db);

/* Store the name of this program's folding in the database, whose indexes this
 * program has built. Gives SQLITE_*. */
int refold_note(sqlite3 *db);

/*
 * Inside a transaction: build each index of the tokenizer `cjk` anew from its
 * content, and store the name of the folding. A contentless index cannot be
 * built anew; it is logged and left as it is. Gives SQLITE_*.
 */
int refold(sqlite3 *db);

#endif
