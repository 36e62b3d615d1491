/* SPDX-License-Identifier: ISC */
/* One cell of a CSV file. */
#ifndef GUIJU_TEXT_CSV_H
#define GUIJU_TEXT_CSV_H

#include "base/buf.h"

/*
 * Append s as a cell (RFC 4180), quoted where it must be. Controls but LF, and
 * what is invisible, are left out; bytes that are no UTF-8 become U+FFFD. A
 * cell that a spreadsheet would take for a formula gets a space in front.
 */
void csv_add(struct buf *out, struct str s);

#endif
