/* SPDX-License-Identifier: ISC */
/* What the protocols' files share: private to wire/. */
#ifndef GUIJU_WIRE_INTERNAL_H
#define GUIJU_WIRE_INTERNAL_H

#include "wire/wire.h"

/* ---- address.c ---------------------------------------------------------- */

/*
 * The address in a request line: what Gemini and Titan ask of it, in the
 * order in which they ask (Gemini network protocol specification 0.24.1,
 * "Requests"; RFC 3986). Each function refuses with a sentence of its own;
 * the order of calls decides which sentence wins.
 */

/*
 * Take a line apart as scheme://host..., without userinfo and fragment.
 * ERR_INPUT: *refusal (REFUSAL_BAD) says what is wrong with it, in the arena;
 * ERR_NOMEM.
 */
enum err address_read(struct arena *arena, const struct words *words,
    struct str line, struct url *out, struct reply *refusal) MUST_CHECK;

/*
 * Refuse (REFUSAL_BAD) a line for one character: a control, a blank, or
 * UTF8_BAD for bytes that are not UTF-8. part: what it stands in, one of
 * WORD_PART_*. ERR_INPUT, or ERR_NOMEM.
 */
enum err address_refuse_character(struct arena *arena,
    const struct words *words, enum word part, uint32_t bad,
    struct reply *refusal) MUST_CHECK;

/* Whom an address must name. Borrowed. */
struct address_place {
	const char *scheme;
	struct str host;
	unsigned port;         /* public */
	unsigned default_port; /* what a URL without a port means */
	struct str sni;        /* what the client asked TLS for; may be empty */
	const struct words *words;
};

/*
 * Is it addressed to us? The host is compared without regard to case and to
 * one trailing dot. A client that asked TLS for one host and now asks for
 * another is refused. ERR_INPUT: *refusal is REFUSAL_FOREIGN, with our address
 * in its text, which lives in the arena (REFUSAL_BAD for a host that is not
 * ASCII).
 */
enum err address_check_host(struct arena *arena, const struct url *url,
    const struct address_place *ours, struct reply *refusal) MUST_CHECK;
/* Are these the same host, compared like that? */
bool address_same_host(struct str a, struct str b);

/*
 * Fill in out->path, has_input, input and query from the URL's path and
 * query. ERR_INPUT: *refusal says why; ERR_NOMEM.
 */
enum err address_target(const struct url *url, const struct words *words,
    struct request *out, struct reply *refusal) MUST_CHECK;

/*
 * Make words, which have been read as input, those of the request, as if they
 * had stood in a URL's query. Empty words are none. ERR_NOMEM.
 */
enum err address_set_input(struct request *out, struct str words) MUST_CHECK;

/* ---- gopher_pages.c ----------------------------------------------------- */

/* Does the line begin with an HTTP method and a space? */
bool gopher_is_http(struct str line);

/* The one HTTP response there is: 400, naming our addresses. Nothing of the
 * request is in it. ERR_NOMEM. */
enum err gopher_answer_http(struct arena *arena, const struct wire_host *ours,
    struct reply *reply) MUST_CHECK;

/*
 * The HTML page for a selector "URL:..." (url is what stands behind the
 * colon), which shows the address as a link. ERR_INPUT: no whole URL of
 * http, https, gemini or mailto; *reply is untouched. ERR_NOMEM.
 */
enum err gopher_answer_url(struct arena *arena, const struct wire_host *ours,
    struct str url, struct reply *reply) MUST_CHECK;

/* Append caps.txt: how our selectors are built, for clients that ask. */
void gopher_add_caps(struct buf *out, const struct wire_host *ours);

#endif
