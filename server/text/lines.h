/* SPDX-License-Identifier: ISC */
/*
 * Lines of a limited width: what the writers of menus and of plain text have
 * in common. Private to text/.
 */
#ifndef GUIJU_TEXT_LINES_H
#define GUIJU_TEXT_LINES_H

#include "text/block.h"

struct lines {
	struct buf *out;
	struct arena *arena;
	unsigned columns;         /* 0: lines are not wrapped */
	struct str before, after; /* what stands around each line */
	bool guard_dots;          /* no line begins with "." */
	bool wrap_groups;         /* preformatted lines are cut as well */
	bool set_off; /* nothing stands before the next line but a blank one */
};

/* One line: a prefix and a text, which must fit. */
void lines_add(struct lines *lines, struct str prefix, struct str text);

/*
 * A paragraph, wrapped: the first line begins with `first`, the others with
 * `next`, which are printable ASCII. An empty text is one line
 * of `first` without its blanks.
 */
void lines_wrap(
    struct lines *lines, struct str text, struct str first, struct str next);

/*
 * A block of any type but a link. Headings stand behind a blank line and
 * between dashes, more of them the higher they are ("-- x --"): short to hear,
 * easy to see, and a search for "--" finds them all. A preformatted group is
 * its alt text and its lines.
 */
void lines_block(struct lines *lines, const struct block *block);

/* A blank line, unless there is one. */
void lines_blank(struct lines *lines);

/* The address of a link as a reader may copy it, clean; empty if it is not
 * known. */
struct str lines_address(const struct block *link);

#endif
