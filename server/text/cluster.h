/* SPDX-License-Identifier: ISC */
/*
 * Grapheme clusters (UAX 29) and their width (UAX 11). A cluster is what a
 * reader takes for one character; its width is its columns on a terminal. The
 * properties of a character come from libunistring. The rules are our own,
 * because they differ between versions of libunistring, and a text must be cut
 * at the same places on every system.
 */
#ifndef GUIJU_TEXT_CLUSTER_H
#define GUIJU_TEXT_CLUSTER_H

#include "base/str.h"

/* A longer cluster is cut. No cluster of a living script is as long; UAX 15
 * (stream-safe text) allows 30 marks on a character. */
enum { CLUSTER_MAX_BYTES = 64 };

/* Columns of a single character: 0, 1 or 2. UTF8_BAD: 1. */
unsigned cluster_character_width(uint32_t c);

/* Is c a mark, a vowel sign or a joiner? Such a character extends the cluster
 * before it. It begins a cluster only at the beginning of a text. */
bool cluster_extends(uint32_t c);

/* The end of the cluster that begins at byte `at` (< s.len) of s, which is
 * valid UTF-8. *columns: its width, at least 1. */
size_t cluster_end(struct str s, size_t at, unsigned *columns);

#endif
