/* SPDX-License-Identifier: ISC */
/* Text inside XML and HTML, in the cells of CSV files, and in the content lines
 * of calendars and cards. */
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

/*
 * Append s as a TEXT value of a content line (RFC 5545, 3.3.11; RFC 6350, 3.4):
 * backslash, semicolon, comma and line end are escaped. Other control
 * characters except TAB, and invisible characters, are left out. A byte that is
 * not UTF-8 becomes U+FFFD.
 */
void content_add(struct buf *out, struct str s);

/* Append a content line with its CR LF, folded: no line is longer than 75
 * bytes, and no character is cut (RFC 5545, 3.1; RFC 6350, 3.2). An empty line
 * is left out, since there is none in such a file. */
void content_line_add(struct buf *out, struct str line);

#endif
