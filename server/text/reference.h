/* SPDX-License-Identifier: ISC */
/*
 * Addresses as people store them, made such that clients can follow them: the
 * characters of RFC 3986 only, an international host in its ASCII form.
 */
#ifndef GUIJU_TEXT_REFERENCE_H
#define GUIJU_TEXT_REFERENCE_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Make *out a URI-reference that says what text says. What RFC 3986 does not
 * allow where it stands (blanks, quotes, braces, a "%" without two digits, a
 * second "#", whatever is not ASCII) is percent-encoded; the labels of a host
 * become A-labels (IDNA 2008 with the mappings of UTS 46), those behind the
 * "@" of a letter's or a call's address, too. *out is borrowed
 * from text where nothing has to change, else it is in the arena.
 * ERR_INPUT: text is empty, has a control character, or no host or port can
 * be made of what stands in their places. ERR_NOMEM.
 */
enum err reference_mend(
    struct arena *arena, struct str text, struct str *out) MUST_CHECK;

/*
 * The same of a link in a stored text, if a reader may be led there: by a
 * scheme that url_is_allowed() knows, or to somewhere on the page's own host.
 * ERR_INPUT: not; or it looks like such a place and is an address with
 * something around it ("<https://h/>") or a wrong colon.
 */
enum err reference_stored(
    struct arena *arena, struct str text, struct str *out) MUST_CHECK;

#endif
