/* SPDX-License-Identifier: ISC */
/* Text inside XML and HTML. */
#ifndef GUIJU_TEXT_MARKUP_H
#define GUIJU_TEXT_MARKUP_H

#include "base/buf.h"

/*
 * Append s as character data for an element or a quoted attribute. The five
 * characters of markup become references. Characters that XML 1.0 (2.2, Char)
 * does not allow, and invisible ones, are left out. A byte that is not UTF-8
 * becomes U+FFFD.
 */
void markup_add(struct buf *out, struct str s);

#endif
