/* SPDX-License-Identifier: ISC */
/*
 * A request in one form for all protocols. wire/ checks the bytes and fills in
 * the request; page/ reads the request. All memory is in the request's arena
 * and is freed with that arena.
 */
#ifndef GUIJU_PAGE_REQUEST_H
#define GUIJU_PAGE_REQUEST_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/str.h"
#include "base/url.h"
#include "page/protocol.h"
#include "page/words.h"

/* What a client certificate says. wire/ does not refuse a certificate; pages
 * do. */
struct identity {
	struct str fingerprint; /* SHA-256 of the DER, 64 lower-case hex */
	struct str name;        /* common name, cleaned; may be empty */
	bool valid;             /* within its dates, with a good signature */
	/* If not valid: the reason, and the date that fills its hole. */
	enum word fault;
	struct str fault_date;
};

/* A complete Titan upload. */
struct upload {
	struct str body;
	struct str mime;  /* as the client says; empty: text/gemini */
	struct str token; /* may be empty */
};

struct request {
	struct arena *arena;
	const struct protocol *protocol;
	struct path path;
	bool has_input;   /* the reader sent input, perhaps empty */
	struct str input; /* decoded; its line ends are LF; its only
			   * other control is TAB */
	struct str query; /* the same, still encoded; empty without input */
	const struct identity *identity; /* NULL: no certificate */
	const struct upload *upload;     /* NULL: nothing uploaded */
	const struct ip *peer;           /* the client; NULL: not counted */
	bool edit;                       /* Titan's ";edit" */
};

/* Is it an upload, or does it ask for the text that the reader will edit? */
static inline bool
request_uploads(const struct request *request)
{
	return request->upload != NULL || request->edit;
}

#endif
