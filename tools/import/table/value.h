/* SPDX-License-Identifier: ISC */
/*
 * What a spreadsheet's cell holds, of what it wrote into a text. So that it
 * shows a text that looks like a number or a day as it is, people and programs
 * write a formula, ="GB/T 1": that is the text. Any other formula, and what
 * stands in place of a value that could not be computed, is not.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_VALUE_H
#define GUIJU_TOOLS_IMPORT_TABLE_VALUE_H

#include "base/buf.h"
#include "base/str.h"

enum { VALUE_SHOWN_BYTES = 60 };

/* May this cell be anything but a plain text? */
bool value_is_odd(struct str cell);

/* Append the text of a cell (UTF-8) to out. Else NULL is not given but what
 * the cell is, "a formula". */
const char *value_read(struct str cell, struct buf *out);

#endif
