/* SPDX-License-Identifier: ISC */
/*
 * Where a line may be broken: the rules of UAX 14 that Chinese and the
 * alphabets need, on properties that no version of Unicode changes. Which
 * rules, and what is different, stands in breaks.c.
 */
#ifndef GUIJU_TEXT_BREAKS_H
#define GUIJU_TEXT_BREAKS_H

#include "base/str.h"

/*
 * Set breaks[i], for each byte i of the line (valid UTF-8 without control
 * characters), to 1 if the line may be broken before that byte, else to 0.
 * Only the first byte of a cluster (text/cluster.h) can have 1; the first of
 * the line has 0. Takes time in proportion to the line's length.
 */
void breaks_find(struct str line, char *breaks);

#endif
