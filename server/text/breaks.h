/* SPDX-License-Identifier: ISC */
/*
 * Where a line may be broken: the rules of UAX 14 that Chinese and the
 * alphabets need. They use only properties that no version of Unicode changes.
 * breaks.c lists the rules and the differences.
 */
#ifndef GUIJU_TEXT_BREAKS_H
#define GUIJU_TEXT_BREAKS_H

#include "base/str.h"

/*
 * Set breaks[i], for each byte i of the line, to 1 if the line may be broken
 * before that byte, else to 0. The line is valid UTF-8 without control
 * characters. Only the first byte of a cluster (text/cluster.h) can get 1; the
 * first byte of the line gets 0. The time is proportional to the line's length.
 */
void breaks_find(struct str line, char *breaks);

#endif
