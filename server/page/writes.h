/* SPDX-License-Identifier: ISC */
/*
 * How much may be written with one certificate. It is counted in the
 * database, in the transaction that writes: exactly, by all workers together,
 * across restarts, and nothing that is rolled back.
 */
#ifndef GUIJU_PAGE_WRITES_H
#define GUIJU_PAGE_WRITES_H

#include <sqlite3.h>

#include "base/str.h"

/*
 * Count a page that writes, for the certificate with this fingerprint, inside
 * the page's transaction on the writing connection. *wait_s: the seconds after
 * which there is room again; 0: it may write. Any err: it could not be
 * counted.
 */
enum err writes_count(sqlite3 *writer, struct str cert, int64_t now_s,
    unsigned *wait_s) MUST_CHECK;

#endif
