/* SPDX-License-Identifier: ISC */
/*
 * Blocks: what a page is, once it has been run and before a protocol has
 * shaped it. A list of typed lines and preformatted groups; each writer
 * (gemtext, gopher menu, plain text) reads the same list.
 *
 * All text in a block is one line of clean UTF-8 (see utf8_add_line), except
 * the body of a preformatted group, which is clean lines ended by LF. The
 * functions below see to that, so a stored value cannot become a second line.
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
	BLOCK_PRE      /* text (what it is: the alt text), body */
};

/*
 * Where a link leads, for the writers that cannot show a relative reference.
 * Filled in by page/ when the reader's protocol or form wants it; type '\0'
 * means: not filled in.
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
	struct arena *arena; /* where all of it lives */
	struct block *first;
	struct block **end; /* where the next one is hung */
	size_t bytes;       /* bytes of text, url and body so far */
	size_t max_bytes;   /* the cap on the above */
	enum err err;       /* sticky: ERR_LIMIT or ERR_NOMEM */
};

/* An empty list whose blocks live in arena (kept) and hold at most max_bytes
 * of text. */
void blocks_init(struct blocks *list, struct arena *arena, size_t max_bytes);

/*
 * Append a block; text is copied, cleaned (utf8_add_line) and freed of blanks
 * at its end; headings, labels, items and alt texts lose those at their
 * beginning as well. On failure list->err says why and nothing more is
 * appended.
 */
void blocks_text(struct blocks *list, struct str text);
/* level is brought into 1..3. */
void blocks_heading(struct blocks *list, int level, struct str text);
/* url is mended (text/reference.h); one that is empty or cannot be makes the
 * block what blocks_unlinked() does. */
void blocks_link(struct blocks *list, struct str url, struct str label);
/* A text line for a link that leads nowhere: the label and, in the delimiters
 * of RFC 3986, appendix C, the address, or whichever of the two there is. */
void blocks_unlinked(struct blocks *list, struct str address, struct str label);
void blocks_item(struct blocks *list, struct str text);
void blocks_quote(struct blocks *list, struct str text);
/* body: lines ended by any line end; each is cleaned, a TAB becomes the
 * spaces to the next column that eight divides. */
void blocks_pre(struct blocks *list, struct str alt, struct str body);

#endif
