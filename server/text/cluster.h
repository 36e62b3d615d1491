/* SPDX-License-Identifier: ISC */
/*
 * Grapheme clusters (UAX 29) and their width (UAX 11): what a reader takes
 * for one character, and the columns that a terminal gives it. What a
 * character is comes from libunistring; the rules stand here, since those of
 * its versions differ, and a text must be cut at the same places everywhere.
 */
#ifndef GUIJU_TEXT_CLUSTER_H
#define GUIJU_TEXT_CLUSTER_H

#include "base/str.h"

/* Longer than any cluster of a living script; UAX 15 (stream-safe text)
 * allows 30 marks on a character. What is longer is cut. */
enum { CLUSTER_MAX_BYTES = 64 };

/* Columns of a single character: 0, 1 or 2. UTF8_BAD: 1. */
unsigned cluster_character_width(uint32_t c);

/* A mark, a vowel sign or a joiner: never the first of a cluster, unless
 * nothing stands before it. */
bool cluster_extends(uint32_t c);

/* Where the cluster of s (valid UTF-8) that begins at byte `at` (< s.len)
 * ends, and its columns, 1 at least. */
size_t cluster_end(struct str s, size_t at, unsigned *columns);

#endif
