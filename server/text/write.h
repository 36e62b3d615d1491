/* SPDX-License-Identifier: ISC */
/*
 * Three writers of blocks. Each appends to a buffer, whose sticky error is the
 * result. No text in a block can make a writer add a line type, a menu item or
 * a control character.
 */
#ifndef GUIJU_TEXT_WRITE_H
#define GUIJU_TEXT_WRITE_H

#include "base/url.h"
#include "text/block.h"

enum { GOPHER_COLUMNS = 67, PLAIN_COLUMNS = 70, GOPHER_PORT = 70 };

/*
 * text/gemini, with LF, a final LF and no BOM. A text block that a client would
 * read as markup, also after leading blanks, gets U+200B in front. So does a
 * line of a preformatted group that would close the group. A link without a
 * label gets its url as the label. If the list has an error, out->err becomes
 * that error, as with the other writers. ask_mark begins a link whose target
 * asks for input (type 7); NULL: "=>", as for other links.
 */
void write_gemtext(
    struct buf *out, const struct blocks *list, const char *ask_mark);

/*
 * A Gopher menu (RFC 1436), ended by ".\r\n". The first heading with a text
 * becomes a TITLE info line. A link becomes an item if its target can be one:
 * any type but "i" and "3", clean fields, a selector of at most 255 bytes. All
 * else becomes info lines. Other headings follow a blank line, as "--- x ---",
 * "-- x --" or "- x -" by their level. Texts are wrapped at GOPHER_COLUMNS by
 * display width, and preformatted lines are cut there. A wider label of an item
 * is cut and ends in U+2026. A line has exactly three TABs. Wrapping takes
 * memory from the list's arena.
 */
void write_menu(struct buf *out, const struct blocks *list);

/*
 * Make a menu item of a URL whose scheme is gopher (RFC 4266, 2.1) or telnet:
 * such a URL has all fields of an item. ERR_MISSING: the URL has another
 * scheme, and *out is untouched. ERR_INPUT: it is malformed. ERR_NOMEM.
 * out->selector is in the arena or borrowed from the URL.
 */
enum err menu_item_of_url(
    struct arena *arena, const struct url *url, struct target *out) MUST_CHECK;

struct plain_style {
	unsigned columns;    /* wrap by display width; 0: do not wrap */
	struct str line_end; /* "\n", or "\r\n" for Gopher */
	bool guard_dots;     /* Gopher: no line may begin with "." */
};

/*
 * text/plain. Headings of level 1 are underlined, the others are as in menus. A
 * link is "label [3]"; the addresses (target.address, else url) are a numbered
 * list at the end. Preformatted lines and addresses are never broken; all other
 * lines are wrapped.
 */
void write_plain(struct buf *out, const struct blocks *list,
    const struct plain_style *style);

#endif
