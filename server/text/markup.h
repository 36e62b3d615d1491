/* SPDX-License-Identifier: ISC */
/* Text inside XML and HTML. */
#ifndef GUIJU_TEXT_MARKUP_H
#define GUIJU_TEXT_MARKUP_H

#include "base/buf.h"

/*
 * Append s as character data that may stand in an element or in a quoted
 * attribute: the five characters of markup become references; what XML 1.0
 * (2.2, Char) does not allow and what is invisible is left out; bytes that
 * are no UTF-8 become U+FFFD.
 */
void markup_add(struct buf *out, struct str s);

#endif
