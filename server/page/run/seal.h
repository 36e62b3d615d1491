/* SPDX-License-Identifier: ISC */
/*
 * Seals: the one-time token in the address of a page that writes. A seal is
 * good for one folder, one reader's certificate (or none) and a quarter of an
 * hour. Source of the form: RFC 2104 (HMAC), RFC 4648 (base64url).
 *
 *	seal = base64url( time[4] nonce[8] HMAC-SHA-256(...)[12] )
 */
#ifndef GUIJU_PAGE_RUN_SEAL_H
#define GUIJU_PAGE_RUN_SEAL_H

#include <sqlite3.h>

#include "base/buf.h"

enum {
	SEAL_BYTES = 24,
	SEAL_TEXT = 32,        /* characters of its base64url */
	SEAL_LIFE_S = 15 * 60, /* seconds */
	SEAL_SECRET_BYTES = 32
};

struct seal_scope {
	const unsigned char *secret; /* SEAL_SECRET_BYTES */
	struct str folder;           /* the path before the seal, "/contact/" */
	struct str cert;             /* the reader's fingerprint, or empty */
	int64_t now_s;
};

/* Append a fresh seal. A failing random source sets out->err. */
void seal_add(struct buf *out, const struct seal_scope *scope);

/*
 * Was this token made by seal_add for the same scope, not too long ago?
 * ERR_INPUT: it was not made for this scope. ERR_LATE: it was made for it more
 * than SEAL_LIFE_S ago. ERR_NOMEM: that could not be found out.
 */
enum err seal_check(struct str text, const struct seal_scope *scope) MUST_CHECK;

/*
 * Use it up, inside the page's transaction on the writing connection.
 * ERR_INPUT: it was used before. Forgets seals that have expired.
 */
enum err seal_use(sqlite3 *writer, struct str text, int64_t now_s) MUST_CHECK;

#endif
