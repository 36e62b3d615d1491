/* SPDX-License-Identifier: ISC */
/* One cell of a CSV file. */
#ifndef GUIJU_TEXT_CSV_H
#define GUIJU_TEXT_CSV_H

#include "base/buf.h"

/*
 * Append s as a cell (RFC 4180), quoted if needed. Control characters except
 * LF, and invisible characters, are left out. A byte that is not UTF-8 becomes
 * U+FFFD. A cell that a spreadsheet would take for a formula gets a space in
 * front.
 */
void csv_add(struct buf *out, struct str s);

#endif
