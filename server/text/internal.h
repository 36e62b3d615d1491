/* SPDX-License-Identifier: ISC */
/*
 * What the writers share: where lines break.
 */
#ifndef GUIJU_TEXT_INTERNAL_H
#define GUIJU_TEXT_INTERNAL_H

#include "base/str.h"
#include "text/block.h"

/* ---- breaks.c -------------------------------------------------------- */

/*
 * Where a line may be broken: the rules of UAX 14 that Chinese and the
 * alphabets need. They use only properties that no version of Unicode changes.
 * breaks.c lists the rules and the differences.
 */

/*
 * Set breaks[i], for each byte i of the line, to 1 if the line may be broken
 * before that byte, else to 0. The line is valid UTF-8 without control
 * characters. Only the first byte of a cluster (text/cluster.h) can get 1; the
 * first byte of the line gets 0. The time is proportional to the line's length.
 */
void breaks_find(struct str line, char *breaks);

/* ---- cluster.c ------------------------------------------------------- */

/*
 * Grapheme clusters (UAX 29) and their width (UAX 11). A cluster is what a
 * reader takes for one character; its width is its columns on a terminal. The
 * properties of a character come from libunistring. The rules are our own,
 * because they differ between versions of libunistring, and a text must be cut
 * at the same places on every system.
 */

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

/* ---- lines.c --------------------------------------------------------- */

/*
 * Lines of a limited width, for the writers of menus and of plain text. Private
 * to text/.
 */

struct lines {
	struct buf *out;
	struct arena *arena;
	unsigned columns;         /* 0: lines are not wrapped */
	struct str before, after; /* written around each line */
	bool guard_dots;          /* no line begins with "." */
	bool wrap_groups;         /* preformatted lines are cut as well */
	bool set_off; /* a blank line, or nothing, precedes the next line */
};

/* Append one line: a prefix and a text. The line must fit. */
void lines_add(struct lines *lines, struct str prefix, struct str text);

/*
 * Append a wrapped paragraph. The first line begins with `first`, the others
 * begin with `next`; both are printable ASCII. An empty text is one line,
 * `first` without its blanks.
 */
void lines_wrap(
    struct lines *lines, struct str text, struct str first, struct str next);

/*
 * Append a block of any type but a link. A heading follows a blank line and is
 * between dashes ("-- x --"); a higher level has more dashes. Such headings are
 * short to hear and easy to see, and a search for "--" finds them. A
 * preformatted group is its alt text and its lines.
 */
void lines_block(struct lines *lines, const struct block *block);

/* Append a blank line, unless the last line is blank. */
void lines_blank(struct lines *lines);

/* The address of a link, clean, in a form that a reader can copy; empty if it
 * is not known. */
struct str lines_address(const struct block *link);

#endif
