/* SPDX-License-Identifier: ISC */
/*
 * A request, whatever protocol it came by. wire/ fills it in from bytes that
 * it has checked; page/ reads it. Everything is borrowed from the request's
 * arena and dies with it.
 */
#ifndef GUIJU_PAGE_REQUEST_H
#define GUIJU_PAGE_REQUEST_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/str.h"
#include "base/url.h"
#include "page/protocol.h"
#include "page/words.h"

/* What a client certificate says; wire/ does not judge it. */
struct identity {
	struct str fingerprint; /* SHA-256 of the DER, 64 lower-case hex */
	struct str name;        /* common name, cleaned; may be empty */
	bool valid;             /* in its dates, signature sound */
	/* If not: why, and the date that the word names. */
	enum word fault;
	struct str fault_date;
};

/* A Titan upload, whole. */
struct upload {
	struct str body;
	struct str mime;  /* as the client said it; empty: text/gemini */
	struct str token; /* may be empty */
};

struct request {
	struct arena *arena;
	const struct protocol *protocol;
	struct path path;
	bool has_input;   /* a query was there, were it empty */
	struct str input; /* decoded, line ends are LF; TAB, no other control */
	struct str query; /* the same, as it came; empty without one */
	const struct identity *identity; /* NULL: no certificate */
	const struct upload *upload;     /* NULL: nothing uploaded */
	const struct ip *peer;           /* who asks; NULL: of no account */
	bool edit;                       /* Titan's ";edit" */
};

/* Is it an upload, or does it ask for a text to be edited for one? */
static inline bool
request_uploads(const struct request *request)
{
	return request->upload != NULL || request->edit;
}

#endif
