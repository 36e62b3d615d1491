/* SPDX-License-Identifier: ISC */
/*
 * Blocks: the content of a page after the page has run, in no protocol's form
 * yet. A page becomes a list of typed lines and preformatted groups. Each
 * writer (gemtext, Gopher menu, plain text) reads the same list.
 *
 * A text in a block is one line of clean UTF-8 (see utf8_add_line()). Only the
 * body of a preformatted group has several clean lines, each ended by LF. The
 * functions below clean all texts, so a stored value cannot add a line.
 */
#ifndef GUIJU_TEXT_BLOCK_H
#define GUIJU_TEXT_BLOCK_H

#include "base/arena.h"
#include "base/str.h"

enum block_type {
	BLOCK_TEXT,    /* text; empty text is a blank line */
	BLOCK_HEADING, /* level, text */
	BLOCK_LINK,    /* url, text (the label; empty: the url is shown) */
	BLOCK_ITEM,    /* text */
	BLOCK_QUOTE,   /* text */
	BLOCK_PRE      /* text (the alt text), body */
};

/*
 * The target of a link, for writers that cannot show a relative reference.
 * page/ fills it in if the reader's protocol or form needs it. type '\0': it is
 * not filled in.
 */
struct target {
	char type;           /* Gopher item type, for example 0 1 7 9 I g h */
	struct str selector; /* Gopher selector, or "URL:..." for an h item */
	struct str host;     /* Gopher host of the item */
	unsigned port;
	struct str address; /* the whole URL, for a numbered reference */
};

struct block {
	struct block *next;
	enum block_type type;
	int level; /* 1 to 3 */
	struct str text;
	struct str url; /* percent-encoded URI-reference, as the page has it */
	struct str body;
	struct target target;
};

struct blocks {
	struct arena *arena; /* holds the blocks and their texts */
	struct block *first;
	struct block **end; /* where the next block is linked */
	size_t bytes;       /* bytes of text, url and body so far */
	size_t max_bytes;   /* the limit of bytes */
	enum err err;       /* sticky: ERR_LIMIT or ERR_NOMEM */
};

/* An empty list whose blocks live in arena (kept) and hold at most max_bytes
 * of text. */
void blocks_init(struct blocks *list, struct arena *arena, size_t max_bytes);

/*
 * Append a block. The text is copied and cleaned (utf8_add_line()). Blanks at
 * its end are removed; in headings, labels, items and alt texts also those at
 * its beginning. On failure list->err has the error, and nothing more is
 * appended.
 */
void blocks_text(struct blocks *list, struct str text);
/* level is clamped to 1..3. */
void blocks_heading(struct blocks *list, int level, struct str text);
/* url is mended (text/reference.h). If it is empty or cannot be mended, the
 * block is that of blocks_unlinked(). */
void blocks_link(struct blocks *list, struct str url, struct str label);
/* A text line for a link that cannot be followed: the label, then the address
 * in the delimiters of RFC 3986, appendix C. One of the two may be empty. */
void blocks_unlinked(struct blocks *list, struct str address, struct str label);
void blocks_item(struct blocks *list, struct str text);
void blocks_quote(struct blocks *list, struct str text);
/* body: lines with any line ends. Each line is cleaned; a TAB becomes spaces up
 * to the next multiple of eight columns. */
void blocks_pre(struct blocks *list, struct str alt, struct str body);

/*
 * Reading stored texts into blocks, for the holes {x|gemtext}, {x|text} and
 * {x|quote}. Each kind of line end (CR, LF, CRLF, VT, FF, NEL, LS, PS) ends a
 * line.
 */

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
