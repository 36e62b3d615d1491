/* SPDX-License-Identifier: ISC */
/*
 * What all protocols share. Each protocol is one row of facts and functions
 * (struct wire). So the callers (net/, `guiju get`) treat all protocols alike.
 * Nothing here knows a socket or the site.
 */
#ifndef GUIJU_WIRE_WIRE_H
#define GUIJU_WIRE_WIRE_H

#include "base/buf.h"
#include "base/ip.h"
#include "base/str.h"
#include "page/reply.h"
#include "page/request.h"
#include "page/words.h"

/* This server, as requests and replies name it. Borrowed. */
struct wire_host {
	struct str host; /* public name; a request for another is refused */
	/* A second host and port that a Gemini request may name: those of the
	 * setting `primary`, on the primary itself. Empty: none. */
	struct str other_host;
	unsigned other_port;
	struct str admin, description; /* for caps.txt; may be empty */
	struct services services;      /* in the order of wires[] */
	bool tls;                      /* WIRE_TLS_SNIFFED protocols have TLS */
	const struct words *words;     /* the portal's; NULL: English */
	bool uploads;                  /* uploads are taken: by Titan, at
					* Gemini's port, and by Spartan */
};

/* A request line and what came with it. Borrowed. */
struct wire_line {
	struct str text; /* without its line end */
	struct str data; /* the request's data, which follow the line */
	struct str sni;  /* the host the TLS client named; may be empty */
};

enum wire_tls {
	WIRE_TLS_ALWAYS,
	WIRE_TLS_SNIFFED, /* if the first byte is that of a TLS record */
	WIRE_TLS_NEVER
};

/* A protocol. Each protocol's file defines one such row. */
struct wire {
	struct protocol protocol; /* what pages may know */
	enum wire_tls tls;
	bool certificates;   /* a client certificate is asked for */
	bool off;            /* served only if its setting says so */
	bool any_end_is_end; /* LF alone or the end of input ends a line */
	/* Another protocol at the same port, told apart by the scheme of the
	 * line's URL; NULL: none. It is not in wires[]. */
	const struct wire *guest;
	size_t input_max; /* bytes of input outside of the address */

	/*
	 * Read from a line how many bytes of data follow it. NULL: no request
	 * of this protocol has data. ERR_INPUT: the line has no valid length.
	 * ERR_LIMIT: the length is above input_max. After either error the
	 * caller waits for no data: request() refuses the line, or makes an
	 * awaited upload of it.
	 */
	enum err (*data_len)(struct str line, size_t *out);

	/* Does a body of any size follow this line, which data_len does not
	 * wait for? NULL: none ever does. */
	bool (*has_body)(struct str line);

	/*
	 * Check a line and make a request of it. The caller sets out->arena,
	 * protocol, identity and peer, and gives the rest of *out zeroed. Of an
	 * upload whose bytes line->data lacks, out->upload->awaited is set. A
	 * guest sets out->protocol to its host's, whose replies it uses.
	 * What is in *out lives in the arena or in the line. ERR_INPUT: *reply
	 * is the answer, and the caller does not ask the site. ERR_NOMEM.
	 */
	enum err (*request)(const struct wire_line *line,
	    const struct wire_host *ours, struct request *out,
	    struct reply *reply);

	/*
	 * Give the line that a client sends for a URL of this scheme. *out
	 * lives in the arena or in the URL. NULL: the line is the URL.
	 * ERR_INPUT: not a URL with a host. ERR_NOMEM.
	 */
	enum err (*line_of_url)(
	    struct arena *arena, struct str address, struct str *out);

	/*
	 * Append the bytes of a reply. For REPLY_FILE these are the bytes that
	 * precede the file's. request: the one that reply answers.
	 */
	void (*reply)(struct buf *out, const struct request *request,
	    const struct reply *reply, const struct wire_host *ours);
};

extern const struct wire wire_gemini, wire_gopher, wire_spartan, wire_titan;

/* All protocols with a port of their own. The first, Gemini, can serve every
 * page. */
extern const struct wire *const wires[];
extern const size_t wire_count;

/* The protocol of a line that has come to this protocol's port: the protocol
 * itself, or its guest. */
const struct wire *wire_of_line(
    const struct wire *wire, const struct wire_host *ours, struct str line);

/* The number of a protocol in statistics, below METRIC_PROTOCOLS: that of
 * wires[], or one of the guests', which follow. */
size_t wire_number(const struct wire *wire);

/* The protocol of a URL's scheme; wires[0] for an unknown scheme. */
const struct wire *wire_of_url(struct str url);

/* Every protocol at its usual port, in the order of wires[]. */
struct services wire_services(void);

/* Does this line, which wire_find_line() has found, have all of its data, and
 * say how many they are? Then a byte that follows is one too many. */
bool wire_has_data(const struct wire *wire, const struct wire_line *line);

/* Does a body follow this line that wire_find_line() does not wait for? Of a
 * line that is malformed the answer is a guess. */
bool wire_has_body(const struct wire *wire, const struct wire_line *line);

enum wire_progress {
	WIRE_PARTIAL, /* more bytes are needed */
	WIRE_WHOLE,   /* line->text and line->data are set */
	WIRE_LONG,    /* the line is longer than line_max */
	WIRE_MORE,    /* bytes follow the data; line->text is set */
	WIRE_CUT,     /* the input ended in the middle of the request */
	WIRE_SILENT   /* the input ended before the first byte */
};

/* The most bytes to receive for one request: with so many wire_find_line()
 * never returns WIRE_PARTIAL. */
size_t wire_receive_max(const struct wire *wire);

/* Find the request line and its data in the bytes received so far. at_end: no
 * more bytes will come. Bytes behind the request are ignored, unless its line
 * says how many data follow it: then they are WIRE_MORE. */
enum wire_progress wire_find_line(const struct wire *wire, struct str received,
    bool at_end, struct wire_line *line);

/* Make the refusal for a request whose line was never complete. why: WIRE_LONG,
 * WIRE_CUT, or WIRE_PARTIAL for a request that took too long. words: the
 * portal's. */
void wire_refuse_line(
    struct reply *reply, const struct words *words, enum wire_progress why);

/* The words that a reply uses: those of its page, or else the portal's. */
static inline const struct words *
wire_words(const struct reply *reply, const struct wire_host *ours)
{
	return reply->words != NULL ? reply->words : ours->words;
}

/* Append text with each byte above ASCII percent-encoded, as a URI needs. */
void wire_add_uri(struct buf *out, struct str text);

/* Give mime if it can stand in a header, or else application/octet-stream. */
struct str wire_media_type(struct str mime);

/* The kind of a reply, in one word for the log: page, data, file, prompt,
 * redirect, missing ... Static. */
const char *wire_kind(const struct reply *reply);

/*
 * The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt). A proxy
 * sends a header before the client's first byte; the header has the client's
 * address. Only the bytes are read here. net/ decides which proxies it trusts.
 */

enum {
	PROXY_V1_MAX = 107,       /* with CR LF; proxy-protocol.txt, 2.1 */
	PROXY_V2_BEGIN = 16,      /* signature, command, family, length */
	PROXY_V2_REST_MAX = 2048, /* addresses and TLVs (own) */
	PROXY_MAX = PROXY_V2_BEGIN + PROXY_V2_REST_MAX
};

struct proxy_header {
	size_t len;     /* bytes of the header; the client's bytes follow */
	bool known;     /* the header has the client's address */
	struct ip from; /* that address, if known */
};

enum proxy_progress {
	PROXY_PARTIAL, /* all bytes are the header's, and more must come */
	PROXY_WHOLE,   /* *out is set */
	PROXY_BAD      /* not a header, or a malformed one */
};

/*
 * Read a header at the beginning of the received bytes. PROXY_MAX bytes are
 * never PROXY_PARTIAL. out->known is false for version 1's UNKNOWN, for version
 * 2's LOCAL, and for families that are not TCP over IP: the connection is then
 * the proxy's own. TLVs are ignored.
 */
enum proxy_progress proxy_read(struct str received, struct proxy_header *out);

#endif
