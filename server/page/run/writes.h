/* SPDX-License-Identifier: ISC */
/*
 * How much one reader may write: one certificate or, of who shows none, one
 * address. It is counted in the database, in the transaction that writes:
 * exactly, by all workers together, across restarts, and nothing that is rolled
 * back.
 */
#ifndef GUIJU_PAGE_RUN_WRITES_H
#define GUIJU_PAGE_RUN_WRITES_H

#include <sqlite3.h>

#include "base/ip.h"
#include "base/str.h"

enum { WRITES_NAME = 48 }; /* bytes of a name for an address, with a NUL */

/*
 * A name for an address (64 bits of an IPv6 one) on this day that tells nobody
 * which it is: an HMAC by the site's secret. ERR_NOMEM.
 */
enum err writes_name(const unsigned char *secret, const struct ip *ip,
    int64_t now_s, char out[WRITES_NAME]) MUST_CHECK;

/*
 * Count a page that writes, for the certificate with this fingerprint or the
 * address of this name, inside the page's transaction on the writing
 * connection. *wait_s: the seconds after
 * which there is room again; 0: it may write. Any err: it could not be
 * counted.
 */
enum err writes_count(sqlite3 *writer, struct str who, int64_t now_s,
    unsigned *wait_s) MUST_CHECK;

#endif
