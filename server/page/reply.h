/* SPDX-License-Identifier: ISC */
/*
 * A reply, before a protocol has turned it into bytes. Each protocol has one
 * small table from enum refusal to its own form (status code, error item). All
 * memory of a reply is in the request's arena; the file descriptor belongs to
 * the caller.
 */
#ifndef GUIJU_PAGE_REPLY_H
#define GUIJU_PAGE_REPLY_H

#include "text/block.h"

enum reply_type {
	REPLY_BLOCKS,   /* blocks, document, language */
	REPLY_BYTES,    /* bytes, mime */
	REPLY_FILE,     /* file, size, mime */
	REPLY_PROMPT,   /* text, secret */
	REPLY_REDIRECT, /* text (path-absolute or absolute URL), permanent */
	REPLY_REFUSAL   /* refusal, text, wait_s */
};

enum refusal {
	REFUSAL_MISSING,    /* nothing is here: Gemini 51 */
	REFUSAL_GONE,       /* removed on purpose: 52 */
	REFUSAL_BAD,        /* malformed: 59 */
	REFUSAL_FOREIGN,    /* not our scheme, host or port: 53 */
	REFUSAL_FORBIDDEN,  /* not for this identity: 61 */
	REFUSAL_NEEDS_CERT, /* no certificate: 60 */
	REFUSAL_BAD_CERT,   /* expired, not yet valid, malformed: 62 */
	REFUSAL_BUSY,  /* wait wait_s seconds: 44; with a page's own text: 40 */
	REFUSAL_DOWN,  /* maintenance, no database: 41 */
	REFUSAL_BROKEN /* a failure of the server, may pass: 40 */
};

struct words;

struct reply {
	enum reply_type type;
	struct blocks blocks;
	bool document;       /* prose: Gopher serves it as plain text */
	struct str language; /* one BCP 47 tag, for REPLY_BLOCKS */
	struct str mime;     /* with its parameters */
	struct str bytes;
	int file; /* open for reading; the owner of the reply closes it */
	uint64_t size;
	struct str text; /* one clean line that begins with ASCII */
	bool secret, permanent;
	char item; /* Gopher item type of a redirect's target; or '\0' */
	enum refusal refusal;
	unsigned wait_s;
	bool deliberate;      /* the page itself asked for this refusal */
	bool leads_on;        /* blocks may follow below this refusal */
	bool explains;        /* findings stand in the place of a page */
	bool awaits;          /* the body of an awaited upload may come */
	bool past_seal;       /* a page ran, and its seal, if any, was good */
	struct str reference; /* names a failure in the log; may be empty */
	struct str page;      /* the page's file, for the log; may be empty */
	/* Path segments that the log may show; the others may be what a reader
	 * typed. Bit 0 stands for the first segment. */
	uint32_t public_segments;
	struct page_stats *stats;  /* of this page; may be NULL */
	const struct words *words; /* its language; NULL: the portal's */
};

/* Make *reply a refusal. text: a sentence for the reader, borrowed. */
void reply_refuse(struct reply *reply, enum refusal kind, struct str text);

#endif
