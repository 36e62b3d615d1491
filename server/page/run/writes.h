/* SPDX-License-Identifier: ISC */
/*
 * Limits how often one reader may write. A reader is one certificate; without a
 * certificate, one IP address. Writes are counted in the database, in the
 * transaction that writes. So the count is exact for all workers together, it
 * survives a restart, and a rollback is not counted.
 */
#ifndef GUIJU_PAGE_RUN_WRITES_H
#define GUIJU_PAGE_RUN_WRITES_H

#include <sqlite3.h>

#include "base/ip.h"
#include "base/str.h"

enum { WRITES_NAME = 48 }; /* bytes of an address's name, with the NUL */

/*
 * The name of an IP address for this day (of IPv6, its first 64 bits). The name
 * is an HMAC with the site's secret and does not reveal the address. secret:
 * SEAL_SECRET_BYTES. ERR_NOMEM.
 */
enum err writes_name(const unsigned char *secret, const struct ip *ip,
    int64_t now_s, char out[WRITES_NAME]) MUST_CHECK;

/*
 * Count a page that writes, inside the page's transaction on the writing
 * connection. who: a certificate's fingerprint, or the name of an address.
 * *wait_s: 0 if the reader may write; otherwise the seconds until the reader
 * may write again. On an error the write is not counted.
 */
enum err writes_count(sqlite3 *writer, struct str who, int64_t now_s,
    unsigned *wait_s) MUST_CHECK;

#endif
