/* SPDX-License-Identifier: ISC */
/*
 * A reply, before a protocol has shaped it. Each protocol has one small table
 * from refusal to its own form (status code, error item). Everything but the
 * file descriptor lives in the request's arena.
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
	REFUSAL_MISSING,    /* nothing here: Gemini 51 */
	REFUSAL_GONE,       /* was here, deliberately removed: 52 */
	REFUSAL_BAD,        /* malformed: 59 */
	REFUSAL_FOREIGN,    /* not our scheme, host or port: 53 */
	REFUSAL_FORBIDDEN,  /* this identity may not: 61 */
	REFUSAL_NEEDS_CERT, /* 60 */
	REFUSAL_BAD_CERT,   /* expired, not yet valid, malformed: 62 */
	REFUSAL_BUSY,  /* wait wait_s seconds: 44; a page's own words: 40 */
	REFUSAL_DOWN,  /* maintenance, database away: 41 */
	REFUSAL_BROKEN /* our fault, may pass: 40 */
};

struct words;

struct reply {
	enum reply_type type;
	struct blocks blocks;
	bool document;       /* prose: Gopher serves it as text */
	struct str language; /* one BCP 47 tag, for REPLY_BLOCKS */
	struct str mime;     /* with its parameters */
	struct str bytes;
	int file; /* open for reading; whoever has the reply closes it */
	uint64_t size;
	struct str text; /* one clean line that begins with ASCII */
	bool secret, permanent;
	char item; /* Gopher item type of the place of a redirect; or '\0' */
	enum refusal refusal;
	unsigned wait_s;
	bool deliberate;      /* a refusal that the page itself asked for */
	bool leads_on;        /* a refusal: blocks may stand below it */
	struct str reference; /* of a failure in the log; may be empty */
	struct str
	    page; /* which page file made it, for the log; may be empty */
	/* Segments of the request's path that no log may tell, a bit for each
	 * from the left. */
	uint32_t private_segments;
	struct page_stats *stats;  /* of that page; may be NULL */
	const struct words *words; /* in which it is told; NULL: the portal's */
};

/* Make *reply a refusal with a sentence for the reader (borrowed). */
void reply_refuse(struct reply *reply, enum refusal kind, struct str text);

#endif
