/* SPDX-License-Identifier: ISC */
/*
 * Search indexes hold folded text (functions/fold.h). Where that is folded
 * otherwise than it was, by a new program, other tables of Unicode or another
 * libunistring, they no longer find what they hold. So the table guiju_fold
 * notes which folding they were built with.
 */
#ifndef GUIJU_STORE_REFOLD_H
#define GUIJU_STORE_REFOLD_H

#include <stdbool.h>

#include <sqlite3.h>

/* Were the search indexes built with the folding of this program? false also
 * where the database does not say. */
bool refold_is_current(sqlite3 *db);

/* Note the folding of this program: of indexes that it has built. Gives an
 * SQLite code. */
int refold_note(sqlite3 *db);

/*
 * Inside a transaction: build each index of the tokenizer `cjk` anew, from its
 * content, and note the folding. An index that cannot be built from its own
 * content (contentless) is logged and left. Gives an SQLite code.
 */
int refold(sqlite3 *db);

#endif
