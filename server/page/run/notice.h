/* SPDX-License-Identifier: ISC */
/*
 * A notice is one line of what an act has done. The page that the act leads to
 * shows the line once. The line is in the database, stored by the act's own
 * transaction; the address has only a one-time token behind its query:
 *
 *	/my/loans?.TOKEN	/find?words.TOKEN
 *
 * The token has the form of a seal (page/run/seal.h). No text of an address is
 * ever shown.
 */
#ifndef GUIJU_PAGE_RUN_NOTICE_H
#define GUIJU_PAGE_RUN_NOTICE_H

#include <sqlite3.h>

#include "page/request.h"
#include "page/run/seal.h"

enum {
	NOTICE_TOKEN = SEAL_TEXT,
	NOTICE_QUERY = 1 + NOTICE_TOKEN, /* the token with its mark */
	NOTICE_MAX_BYTES = 1000          /* of the line */
};

/* Cut a token that we have made off the request's query, so that no page has it
 * in :input, and put it into request->notice, unless it is older than a seal
 * may be. secret: SEAL_SECRET_BYTES. */
void notice_take(
    const unsigned char *secret, int64_t now_s, struct request *request);

/* Append a new token to an address, behind its query or as its query. *token:
 * where it stands in out, valid until out changes. If the random source fails,
 * out->err is set. */
void notice_add(struct buf *out, const unsigned char *secret, int64_t now_s,
    struct str *token);
/* The same with a token that there is already. */
void notice_add_token(struct buf *out, struct str token);

/*
 * Store a line under its token, on the writing connection, and delete lines
 * that nobody has read for the life of a seal. cert: the reader's fingerprint,
 * who alone will see the line; empty: whoever has the token. Errors: the
 * database failed.
 */
enum err notice_store(struct site *site, struct str token, struct str cert,
    struct str text, int64_t now_s) MUST_CHECK;

/* The line for this reader, in the arena. ERR_MISSING: there is none, or it has
 * been shown. Other errors: the database failed. */
enum err notice_find(struct site *site, struct arena *arena, struct str token,
    struct str cert, struct str *out) MUST_CHECK;

/* Delete the line, in a transaction of its own. ERR_MISSING: somebody else has
 * done so. Other errors: the database failed. */
enum err notice_forget(struct site *site, struct str token) MUST_CHECK;

#endif
