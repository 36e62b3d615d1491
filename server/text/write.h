/* SPDX-License-Identifier: ISC */
/*
 * Three writers of the same blocks. Each appends to a buffer whose sticky
 * error is the result. None of them can be made to write a line type, a menu
 * item or a control character that the block list does not hold.
 */
#ifndef GUIJU_TEXT_WRITE_H
#define GUIJU_TEXT_WRITE_H

#include "base/url.h"
#include "text/block.h"

enum { GOPHER_COLUMNS = 67, PLAIN_COLUMNS = 70, GOPHER_PORT = 70 };

/*
 * text/gemini: LF, a final LF, no BOM. A text block that would read as markup
 * (raw or after leading blanks) gets U+200B in front; so does a line inside a
 * preformatted group that would close it. A link without a label gets its url
 * as the label; preformatted groups always carry alt text if they have any.
 * Like the others it fails with the list's own error if there is one.
 * ask_mark begins a link whose target asks (type 7); NULL: "=>", as for any.
 */
void write_gemtext(
    struct buf *out, const struct blocks *list, const char *ask_mark);

/*
 * A Gopher menu (RFC 1436), ended by ".\r\n": first a TITLE info line from
 * the first heading that says something, then one item for each link whose
 * target can be one (any type but "i" and "3", clean fields, a selector of at
 * most 255 bytes), and info lines for everything else. Other headings stand
 * behind a blank line, as "--- x ---", "-- x --" or "- x -" by their level.
 * Texts are wrapped at GOPHER_COLUMNS by display width and preformatted lines
 * cut there; an item's label that is wider ends in U+2026. Exactly three TABs a
 * line. What was wrapped takes memory from the list's arena.
 */
void write_menu(struct buf *out, const struct blocks *list);

/*
 * Make the item of a URL that says itself what a menu must say of it: gopher
 * (RFC 4266, 2.1) and telnet. ERR_MISSING: it is of another scheme, *out is
 * untouched. ERR_INPUT: it is malformed. ERR_NOMEM. out->selector may live in
 * the arena, or in the URL.
 */
enum err menu_item_of_url(
    struct arena *arena, const struct url *url, struct target *out) MUST_CHECK;

struct plain_style {
	unsigned columns;    /* wrap by display width; 0: do not wrap */
	struct str line_end; /* "\n", or "\r\n" for Gopher */
	bool guard_dots;     /* Gopher: no line may begin with "." */
};

/*
 * text/plain: level 1 headings underlined, the others as in menus; links as
 * "label [3]" with the numbered list of their addresses (target.address, else
 * url) at the end. Preformatted lines and addresses are never broken, all else
 * is wrapped.
 */
void write_plain(struct buf *out, const struct blocks *list,
    const struct plain_style *style);

#endif
