/* SPDX-License-Identifier: ISC */
/*
 * Mending addresses that people have stored, so that clients can follow them:
 * only the characters of RFC 3986, and an international host in ASCII.
 */
#ifndef GUIJU_TEXT_REFERENCE_H
#define GUIJU_TEXT_REFERENCE_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Make *out a URI-reference with the meaning of text. What RFC 3986 does not
 * allow at its place (blanks, quotes, braces, a "%" without two digits, a
 * second "#", all that is not ASCII) is percent-encoded. The labels of a host
 * become A-labels (IDNA 2008 with the mappings of UTS 46), also after the "@"
 * of a mail or telephony address. If nothing has to change, *out is borrowed
 * from text; else it is in the arena. ERR_INPUT: text is empty, has a control
 * character, or its host or port cannot be mended. ERR_NOMEM.
 */
enum err reference_mend(
    struct arena *arena, struct str text, struct str *out) MUST_CHECK;

/*
 * The same for a link in a stored text. Such a link must have a scheme that
 * url_is_allowed() knows, or lead to the page's own host. ERR_INPUT also: it
 * does neither; or it looks like a path on the page's host, but is an address
 * with something around it ("<https://h/>") or with a wrong colon.
 */
enum err reference_stored(
    struct arena *arena, struct str text, struct str *out) MUST_CHECK;

#endif
