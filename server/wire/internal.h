/* SPDX-License-Identifier: ISC */
/* What the protocols' files share: private to wire/. */
#ifndef GUIJU_WIRE_INTERNAL_H
#define GUIJU_WIRE_INTERNAL_H

#include "wire/wire.h"

/* ---- wire.c ------------------------------------------------------------- */

/* Append scheme://host, and the port unless it is the default one. */
void wire_add_origin(struct buf *out, const char *scheme, struct str host,
    unsigned port, unsigned default_port);

/* ---- address.c ---------------------------------------------------------- */

/*
 * The checks of the address in a request line (Gemini network protocol
 * specification 0.24.1, "Requests"; RFC 3986). The functions stand in the order
 * in which gemini.c and spartan.c call them. A line with several faults is
 * refused for the first fault that is found.
 */

/*
 * Parse a line as scheme://host..., without userinfo and fragment. *out borrows
 * from the line. ERR_INPUT: *refusal (REFUSAL_BAD) says what is wrong, in the
 * arena. ERR_NOMEM.
 */
enum err address_read(struct arena *arena, const struct words *words,
    struct str line, struct url *out, struct reply *refusal) MUST_CHECK;

/*
 * Refuse (REFUSAL_BAD) a line because of one character. bad: a control
 * character, a blank, or UTF8_BAD for bytes that are not UTF-8. part: the part
 * of the line that has the character, one of WORD_PART_*. Returns ERR_INPUT, or
 * ERR_NOMEM.
 */
enum err address_refuse_character(struct arena *arena,
    const struct words *words, enum word part, uint32_t bad,
    struct reply *refusal) MUST_CHECK;

/* The server that an address must name. Borrowed. */
struct address_place {
	const char *scheme;
	struct str host;
	unsigned port;         /* the public one */
	unsigned default_port; /* the port of a URL that has none */
	bool port_may_lack;    /* a URL without a port means our port */
	struct str sni;        /* the host the TLS client named; may be empty */
	const struct words *words;
};

/*
 * Check that url names this server. The comparison of hosts ignores case and
 * one trailing dot. A client that named another host in its TLS handshake is
 * refused. ERR_INPUT: *refusal is REFUSAL_FOREIGN, and its text, in the arena,
 * has our address. It is REFUSAL_BAD for a host that is not ASCII or a port
 * that is not a number up to 65535.
 */
enum err address_check_host(struct arena *arena, const struct url *url,
    const struct address_place *ours, struct reply *refusal) MUST_CHECK;
/* Are these the same host, by the comparison of address_check_host()? */
bool address_same_host(struct str a, struct str b);

/*
 * Set out->path, has_input, input and query from the URL's path and query.
 * ERR_INPUT: *refusal says why. ERR_NOMEM.
 */
enum err address_target(const struct url *url, const struct words *words,
    struct request *out, struct reply *refusal) MUST_CHECK;

/*
 * Make words (from input_read()) the input of the request, and set out->query
 * as if the words had come in a URL. Empty words: the request has no input.
 * ERR_NOMEM.
 */
enum err address_set_input(struct request *out, struct str words) MUST_CHECK;

/* ---- gemini.c ----------------------------------------------------------- */

/*
 * address_check_host() for a URL at Gemini's port: it names this server, or the
 * second host of ours. port_may_lack: a URL without a port means our port.
 */
enum err gemini_check_host(struct arena *arena, const struct url *url,
    const struct wire_line *line, const struct wire_host *ours,
    bool port_may_lack, struct reply *refusal) MUST_CHECK;

/* ---- gopher_pages.c ----------------------------------------------------- */

/* Does the line begin with an HTTP method and a space? */
bool gopher_is_http(struct str line);

/* The only HTTP response: status 400 and a page with our addresses. It has
 * nothing of the request in it. ERR_NOMEM. */
enum err gopher_answer_http(struct arena *arena, const struct wire_host *ours,
    struct reply *reply) MUST_CHECK;

/*
 * The HTML page for a selector "URL:...", which shows the address as a link.
 * url: the text behind the colon. ERR_INPUT: not a URL that a menu leads to by
 * "URL:" (url_is_allowed(), without gopher and telnet); *reply is untouched.
 * ERR_NOMEM.
 */
enum err gopher_answer_url(struct arena *arena, const struct wire_host *ours,
    struct str url, struct reply *reply) MUST_CHECK;

/* Append the content of caps.txt, which tells clients how our selectors are
 * built. */
void gopher_add_caps(struct buf *out, const struct wire_host *ours);

#endif
