/* SPDX-License-Identifier: ISC */
/*
 * A seal is the one-time token in the address of a page that writes. It is good
 * for one folder, for one reader's certificate (or for no certificate) and for
 * 15 minutes. Its form uses RFC 2104 (HMAC) and RFC 4648 (base64url).
 *
 *	seal = base64url( time[4] nonce[8] HMAC-SHA-256(...)[12] )
 */
#ifndef GUIJU_PAGE_RUN_SEAL_H
#define GUIJU_PAGE_RUN_SEAL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "page/run/base64url.h"
#include "page/site.h"

enum {
	SEAL_BYTES = 24,
	SEAL_TEXT = BASE64URL_TEXT(SEAL_BYTES), /* characters */
	SEAL_TAG_BYTES = 12,
	SEAL_TAG_TEXT = BASE64URL_TEXT(SEAL_TAG_BYTES), /* characters */
	SEAL_LIFE_S = 15 * 60,                          /* seconds */
	SEAL_MARGIN_S = 5 * 60 /* so much longer a used seal is remembered */
};

struct seal_scope {
	const unsigned char *secret; /* SEAL_SECRET_BYTES */
	struct str folder;           /* the path before the seal, "/contact/" */
	struct str cert;             /* the reader's fingerprint, or empty */
	int64_t now_s;
};

/* Append a new seal. If the random source fails, out->err is set. */
void seal_add(struct buf *out, const struct seal_scope *scope);

/*
 * Did seal_add make this token for the same scope, at most SEAL_LIFE_S ago?
 * ERR_INPUT: the token is not for this scope. ERR_LATE: the token is for this
 * scope, but older. ERR_NOMEM: unknown, out of memory.
 */
enum err seal_check(struct str text, const struct seal_scope *scope) MUST_CHECK;

/* Append a tag: the HMAC of a seal for another scope than its own. If the text
 * is not a seal, or memory is out, out->err is set. */
void seal_add_tag(
    struct buf *out, struct str text, const struct seal_scope *scope);

/* Append the time and the nonce of a seal in hex, as the database has them.
 * ERR_INPUT: the text is not a seal. */
enum err seal_add_nonce(struct buf *out, struct str text) MUST_CHECK;

/* Was this seal, which is good, not used yet? ERR_INPUT: it was. Other errors:
 * the database failed. */
enum err seal_find(struct site *site, struct str text) MUST_CHECK;

/*
 * Use the seal up, inside the page's transaction on the writing connection, and
 * delete expired seals from the database. ERR_INPUT: the seal has been used
 * before. Other errors: the database failed.
 */
enum err seal_use(struct site *site, struct str text, int64_t now_s) MUST_CHECK;

#endif
