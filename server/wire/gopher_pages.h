/* SPDX-License-Identifier: ISC */
/* What the Gopher port says that is no page of the portal: to a browser that
 * speaks HTTP, to a client that follows a URL: item, and about itself. */
#ifndef GUIJU_WIRE_GOPHER_PAGES_H
#define GUIJU_WIRE_GOPHER_PAGES_H

#include "wire/wire.h"

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
