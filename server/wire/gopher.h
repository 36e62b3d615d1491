/* SPDX-License-Identifier: ISC */
/* Gopher: RFC 1436, with the customs that clients in use rely on. */
#ifndef GUIJU_WIRE_GOPHER_H
#define GUIJU_WIRE_GOPHER_H

#include "wire/wire.h"

/*
 * The row's functions (see struct wire). A request is a selector, then after
 * TAB (or the first "?" where there is no TAB) the reader's words; further
 * fields are ignored. Empty words are no input. ERR_INPUT gives a refusal,
 * or the fixed page for `URL:` selectors and for HTTP.
 */
enum err gopher_request(const struct wire_line *line,
    const struct wire_host *ours, struct request *out,
    struct reply *reply) MUST_CHECK;

/*
 * A menu for blocks (their targets are set by page/), wrapped text for a
 * document, bytes as they are. A prompt becomes a menu with the search item
 * that takes the answer, a redirect a menu with the new place, a refusal the
 * error item that RFC 1436 calls type 3. Where the site has no caps.txt,
 * ours is made here.
 */
void gopher_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours);

#endif
