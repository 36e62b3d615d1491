/* SPDX-License-Identifier: ISC */
/*
 * Reading stored texts into blocks, for the holes {x|gemtext}, {x|text} and
 * {x|quote}. Each kind of line end (CR, LF, CRLF, VT, FF, NEL, LS, PS) ends a
 * line.
 */
#ifndef GUIJU_TEXT_READ_H
#define GUIJU_TEXT_READ_H

#include "text/block.h"

/*
 * Read gemtext (gemtext specification 0.24, line types) and append its blocks.
 * A preformatted group that is open at the end is closed. A heading of level
 * `below` (0 to 3) or higher becomes level below + 1, but at most 3; other
 * headings keep their level. Links are mended and stay relative. A link that
 * reference_stored() refuses becomes a text line of its label and address.
 */
void read_gemtext(struct blocks *list, struct str text, int below);

/*
 * Read plain text: each line becomes a text block. A line may look like gemtext
 * markup, also after leading blanks. The gemtext writer makes such a line
 * harmless.
 */
void read_plain(struct blocks *list, struct str text);

/* Read plain text: each line becomes a quote block, also a blank one. */
void read_quote(struct blocks *list, struct str text);

#endif
