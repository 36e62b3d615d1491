/* SPDX-License-Identifier: ISC */
/* Text inside XML and HTML, and in the cells of CSV files. */
#ifndef GUIJU_TEXT_ESCAPE_H
#define GUIJU_TEXT_ESCAPE_H

#include "base/buf.h"

/*
 * Append s as character data for an element or a quoted attribute. The five
 * characters of markup become references. Characters that XML 1.0 (2.2, Char)
 * does not allow, and invisible ones, are left out. A byte that is not UTF-8
 * becomes U+FFFD.
 */
void markup_add(struct buf *out, struct str s);

/*
 * Append s as a cell (RFC 4180), quoted if needed. Control characters except
 * LF, and invisible characters, are left out. A byte that is not UTF-8 becomes
 * U+FFFD. A cell that a spreadsheet would take for a formula gets a space in
 * front.
 */
void csv_add(struct buf *out, struct str s);

#endif
