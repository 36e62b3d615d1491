/* SPDX-License-Identifier: ISC */
/*
 * Our Gopher selectors (RFC 1436, 2). A selector is the decoded path in UTF-8
 * and begins with "/". A percent sign is an ordinary byte of a selector: the
 * client decodes a URL once (RFC 4266, 2.1), and nobody decodes it again. So
 * "/", "%" and "?" inside a segment are written "%2F", "%25" and "%3F", which
 * only the two functions here write and read. Every other "%" is itself.
 */
#ifndef GUIJU_TEXT_SELECTOR_H
#define GUIJU_TEXT_SELECTOR_H

#include "base/url.h"

/*
 * Append the selector of a path: "/" for the root. A control character in a
 * segment sets out->err to ERR_INPUT, because it would end the selector in a
 * menu.
 */
void selector_add(struct buf *out, const struct path *path);

/*
 * Read a selector into a path whose segments live in the arena. The selector
 * has no TAB or "?" and nothing after one. "" is the root; "/x" and "x" are the
 * same. ERR_INPUT: not UTF-8, a control character, a segment "." or "..".
 * ERR_LIMIT: too many segments. ERR_NOMEM.
 */
enum err selector_parse(
    struct arena *arena, struct str selector, struct path *out) MUST_CHECK;

#endif
