/* SPDX-License-Identifier: ISC */
/*
 * A notice is one line of what an act has done. The page that the act leads to
 * shows the line once. The line is in the database, stored by the act's own
 * transaction; the address has only a one-time token behind its query:
 *
 *	/my/loans?.TOKEN	/find?words.TOKEN
 *
 * The token is a seal (page/run/seal.h), which says that it is ours and how
 * old, and a tag, which binds it to the page that it leads to and, for a reader
 * without a certificate, to his address as far as that is known. So a link that
 * was handed on shows nobody's line on another page. No text of an address is
 * ever shown.
 */
#ifndef GUIJU_PAGE_RUN_NOTICE_H
#define GUIJU_PAGE_RUN_NOTICE_H

#include <sqlite3.h>

#include "page/request.h"
#include "page/run/seal.h"

enum {
	NOTICE_TOKEN = SEAL_TEXT + SEAL_TAG_TEXT,
	NOTICE_QUERY = 1 + NOTICE_TOKEN, /* the token with its mark */
	NOTICE_MAX_BYTES = 1000          /* of the line */
};

/* Cut a token that we have made off the request's query, so that no page has it
 * in :input, and put it into request->notice, unless it is older than a seal
 * may be, or for another page or address. secret: SEAL_SECRET_BYTES. */
void notice_take(
    const unsigned char *secret, int64_t now_s, struct request *request);

/* Where a line is shown, and to whom. */
struct notice_scope {
	const unsigned char *secret; /* SEAL_SECRET_BYTES */
	int64_t now_s;
	const struct path *page;
	/* The address of a reader without a certificate; NULL: any. */
	const struct ip *peer;
};

/* Append a token to an address, behind its query or as its query. old: the
 * token of the request that leads on to this page; empty: a new token is made.
 * *token: where it stands in out, valid until out changes. If the random source
 * fails, out->err is set. */
void notice_add(struct buf *out, const struct notice_scope *notice,
    struct str old, struct str *token);

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
