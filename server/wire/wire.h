/* SPDX-License-Identifier: ISC */
/*
 * What all protocols share: one row of facts and functions each, so that
 * whoever moves bytes (net/, `guiju get`) need not know which one it serves.
 * Nothing here knows a socket or the site.
 */
#ifndef GUIJU_WIRE_WIRE_H
#define GUIJU_WIRE_WIRE_H

#include "base/buf.h"
#include "page/reply.h"
#include "page/request.h"
#include "page/words.h"

/* Who we are, as requests and replies name us. Borrowed. */
struct wire_host {
	struct str host; /* public name: requests for others are refused */
	/* Another host that is ours, where certificates are; empty: none. */
	struct str other_host;
	unsigned other_port;
	struct str admin, description; /* for caps.txt; may be empty */
	struct services services;      /* by the order of wires[] */
	bool tls;                      /* there is TLS where it is sniffed */
	const struct words *words;     /* the portal's; NULL: English */
};

/* A request line and how it came. Borrowed. */
struct wire_line {
	struct str text; /* without its end */
	struct str data; /* what belongs to the request behind it */
	struct str sni;  /* the name the TLS client asked for; may be empty */
};

enum wire_tls {
	WIRE_TLS_ALWAYS,
	WIRE_TLS_SNIFFED, /* where the first byte is that of TLS */
	WIRE_TLS_NEVER
};

/* A protocol: the row of its file. */
struct wire {
	struct protocol protocol; /* what pages may know */
	enum wire_tls tls;
	bool certificates;   /* a client may show one */
	bool off;            /* not served unless its setting says so */
	bool any_end_is_end; /* LF alone and the end of input end a line */
	size_t input_max;    /* bytes of input that is not part of an address */

	/*
	 * How many bytes of data belong to a request behind its line. NULL:
	 * none ever. ERR_INPUT, ERR_LIMIT: the line does not tell, or they are
	 * more than input_max; no data is waited for, and request() refuses
	 * the line.
	 */
	enum err (*data_len)(struct str line, size_t *out);

	/*
	 * Check a line and make a request of it: everything but identity,
	 * which the caller sets, as it sets out->arena and out->protocol; the
	 * rest of *out it gives zeroed. What is in *out lives in the arena or
	 * in the line. ERR_INPUT: *reply is the answer, the site is not asked.
	 * ERR_NOMEM.
	 */
	enum err (*request)(const struct wire_line *line,
	    const struct wire_host *ours, struct request *out,
	    struct reply *reply);

	/*
	 * The line that a client sends for a URL of this scheme; may live in
	 * the arena or in the URL. NULL: the URL. ERR_INPUT, ERR_NOMEM.
	 */
	enum err (*line_of_url)(
	    struct arena *arena, struct str address, struct str *out);

	/*
	 * Append a reply's bytes: all of them, or for REPLY_FILE what stands
	 * before the file's. request is the one that was answered.
	 */
	void (*reply)(struct buf *out, const struct request *request,
	    const struct reply *reply, const struct wire_host *ours);
};

extern const struct wire wire_gemini, wire_gopher, wire_spartan;

/* All of them. The first is the one that serves every page. */
extern const struct wire *const wires[];
extern const size_t wire_count;

/* The protocol of a URL's scheme; the first for another scheme. */
const struct wire *wire_of_url(struct str url);

/* Every protocol at its usual port, in the order of wires[]. */
struct services wire_services(void);

enum wire_progress {
	WIRE_PARTIAL, /* more is needed */
	WIRE_WHOLE,   /* line->text and line->data are set */
	WIRE_LONG,    /* longer than any line may be */
	WIRE_CUT,     /* the input ended in the middle of the request */
	WIRE_SILENT   /* the input ended before it began */
};

/* Bytes that have to be received, at most, before wire_find_line() says
 * something else than WIRE_PARTIAL. */
size_t wire_receive_max(const struct wire *wire);

/* Find the request line and its data in what was received so far; at_end: no
 * more will come. What stands behind them is ignored. */
enum wire_progress wire_find_line(const struct wire *wire, struct str received,
    bool at_end, struct wire_line *line);

/* The refusal for a request that never became a line: WIRE_LONG, WIRE_CUT, or
 * WIRE_PARTIAL for one that took too long. words: ours. */
void wire_refuse_line(
    struct reply *reply, const struct words *words, enum wire_progress why);

/* The words that a reply is written in: its page's, else ours. */
static inline const struct words *
wire_words(const struct reply *reply, const struct wire_host *ours)
{
	return reply->words != NULL ? reply->words : ours->words;
}

/* Append text as a URI: bytes above ASCII are percent-encoded. */
void wire_add_uri(struct buf *out, struct str text);

/* A media type as it may stand in a header; one that may not gives way to the
 * one that says nothing. */
struct str wire_media_type(struct str mime);

/* One word for the log: page, data, file, prompt, redirect, missing ... */
const char *wire_kind(const struct reply *reply);

#endif
