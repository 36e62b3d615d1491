/* SPDX-License-Identifier: ISC */
/*
 * Gopher selectors of ours (RFC 1436, 2): the path as it is read, in UTF-8,
 * beginning with "/". A percent sign is an ordinary byte of a selector (RFC
 * 4266, 2.1, lets the client decode a URL once, and nobody decodes again), so
 * a segment that holds "/", "%" or "?" needs a way of its own to be written:
 * "%2F", "%25" and "%3F", which these two functions alone know. Every other
 * "%" stands for itself.
 */
#ifndef GUIJU_BASE_SELECTOR_H
#define GUIJU_BASE_SELECTOR_H

#include "base/url.h"

/*
 * Append the selector of a path: "/" for the root. A control character in a
 * segment, which would end the selector in a menu, makes out->err ERR_INPUT.
 */
void selector_add(struct buf *out, const struct path *path);

/*
 * Read a selector (without what stands behind TAB or "?") into a path whose
 * segments live in the arena. "", "/x" and "x" are the root, x and x.
 * ERR_INPUT: not UTF-8, a control character, a segment "." or "..".
 * ERR_LIMIT: too many segments. ERR_NOMEM.
 */
enum err selector_parse(
    struct arena *arena, struct str selector, struct path *out) MUST_CHECK;

#endif
