/* SPDX-License-Identifier: ISC */
/*
 * Stored texts into blocks: what stands behind the holes {x|gemtext},
 * {x|text} and {x|quote}. Line ends of every kind (CR, LF, CRLF, VT, FF,
 * NEL, LS, PS) end a line.
 */
#ifndef GUIJU_TEXT_READ_H
#define GUIJU_TEXT_READ_H

#include "text/block.h"

/*
 * Read gemtext (gemtext specification 0.24, line types) and append its
 * blocks. A fence that is still open at the end is closed; headings
 * stay below level `below` (0 to 3): those above it become its next level,
 * never past level 3, and the others stay as they are; links are mended and
 * stay relative, and those that reference_stored() refuses become text lines
 * of their labels and addresses.
 */
void read_gemtext(struct blocks *list, struct str text, int below);

/*
 * Read plain text: each line a text block. What looks like markup to a
 * gemtext client (after leading blanks too) is made harmless by the gemtext
 * writer, not here: a text block is a text block.
 */
void read_plain(struct blocks *list, struct str text);

/* The same, each line a quote block; blank lines become empty quotes. */
void read_quote(struct blocks *list, struct str text);

#endif
