/* SPDX-License-Identifier: ISC */
/*
 * Three writers of the same blocks. Each appends to a buffer whose sticky
 * error is the result. None of them can be made to write a line type, a menu
 * item or a control character that the block list does not hold.
 */
#ifndef GUIJU_TEXT_WRITE_H
#define GUIJU_TEXT_WRITE_H

#include "text/block.h"

enum { GOPHER_COLUMNS = 67, PLAIN_COLUMNS = 70 };

/*
 * text/gemini: LF, a final LF, no BOM. A text block that would read as markup
 * (raw or after leading blanks) gets U+200B in front; so does a line inside a
 * preformatted group that would close it. A link without a label gets its url
 * as the label; preformatted groups always carry alt text if they have any.
 */
void write_gemtext(struct buf *out, const struct blocks *list);

/*
 * A Gopher menu (RFC 1436), ended by ".\r\n": first a TITLE info line from
 * the first heading, then info lines wrapped at GOPHER_COLUMNS by display
 * width, and one item for each link whose target.type is set (others become
 * info lines). A label wider than GOPHER_COLUMNS is cut at a grapheme and ends
 * in U+2026. Exactly three TABs a line.
 */
void write_menu(struct buf *out, const struct blocks *list);

struct plain_style {
	unsigned columns;    /* wrap by display width; 0: do not wrap */
	struct str line_end; /* "\n", or "\r\n" for Gopher */
	bool guard_dots;     /* Gopher: no line may begin with "." */
};

/*
 * text/plain: headings underlined or set off so that they can be told in a
 * monospaced view and by ear, links as "label [3]" with the numbered list of
 * their addresses (target.address, else url) at the end.
 */
void write_plain(struct buf *out, const struct blocks *list,
    const struct plain_style *style);

#endif
