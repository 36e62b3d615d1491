/* SPDX-License-Identifier: ISC */
/*
 * Lines of a limited width, for the writers of menus and of plain text. Private
 * to text/.
 */
#ifndef GUIJU_TEXT_LINES_H
#define GUIJU_TEXT_LINES_H

#include "text/block.h"

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
