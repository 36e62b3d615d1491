/* SPDX-License-Identifier: ISC */
/*
 * What C adds to SQL. One file a subject; each registers its functions on a
 * connection. The same files make the server and the loadable extension
 * guiju_sql.so, with which the stock sqlite3 shell can read and search a
 * database of ours.
 */
#ifndef GUIJU_STORE_FUNCTIONS_FUNCTIONS_H
#define GUIJU_STORE_FUNCTIONS_FUNCTIONS_H

#include "base/str.h"
#include "store/functions/sqlite.h"

struct tally;

/*
 * Register everything below on db. tally (kept, may be NULL: then counts are
 * read from guiju_tally) and count_views serve tally() and tally_add().
 * Result: SQLITE_*.
 */
int functions_register(sqlite3 *db, struct tally *tally, bool count_views);

/* cjk.c: the FTS5 tokenizer `cjk`. */
int functions_register_cjk(sqlite3 *db);
/* query.c: fts_query(words, mode [, column]). */
int functions_register_query(sqlite3 *db);
/* has.c: text_has(text, words), text_fold(text). */
int functions_register_has(sqlite3 *db);
/* snippet.c: text_snippet(text, words, n), text_excerpt(gemtext, n). */
int functions_register_snippet(sqlite3 *db);
/* pages.c: text_pages(gemtext, n), text_page(gemtext, page, n). */
int functions_register_pages(sqlite3 *db);
/* count.c: tally(name, id), tally_add(name, id). */
int functions_register_count(
    sqlite3 *db, struct tally *tally, bool count_views);

#endif
