/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: the encoding of a file (decode.c), the
 * work of portal.c and headline.c on one page, and the listing of show.c.
 * Private to this room.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H

#include "tools/import/article/article.h"
#include "tools/import/article/sheet.h"
#include "tools/import/customs/customs.h"
#include "tools/import/customs/furniture.h"

/* ---- decode.c -------------------------------------------------------- */

/*
 * Convert in->text to UTF-8 without a byte order mark and without NUL. *text
 * borrows from in->text or from out. page: the text is HTML, and its meta
 * elements count (HTML standard, 13.2.3.2; unlike there, a named encoding is
 * ignored if the bytes do not fit it). ERR_INPUT: no encoding fits, and in->why
 * names the line; ERR_NOMEM.
 */
enum err decode(const struct reading *in, bool page, struct buf *out,
    struct str *text) MUST_CHECK;

/* ---- portal.c -------------------------------------------------------- */

/*
 * Finds the article on a page of a portal: the breadcrumb (您现在的位置), the
 * headline, the credits, and the body. The body often repeats the headline at
 * its beginning, with one line above and one line below it.
 */

/* What the head of an HTML page says; an empty text: nothing. */
struct hints {
	struct str title, section, source, author, published;
	struct str window; /* title of the browser's window */
	size_t published_line;
	int64_t pages, current; /* of a pager made by a script; 0: none */
};

/*
 * Fill in the article from the lines of its page; the function removes lines
 * from *sheet. ERR_INPUT: there is no title or no body, or the date is bad;
 * in->why says so. ERR_NOMEM.
 */
enum err portal_read(const struct reading *in, struct sheet *sheet,
    const struct hints *hints, struct article *out) MUST_CHECK;

/* ---- show.c ---------------------------------------------------------- */

/* The listing of articles for the person at the terminal. */

/* The result for an article; texts may be empty. */
struct show {
	const char *what;  /* imported, already there ... */
	struct str text;   /* goes behind `what` */
	struct str note;   /* the note of the capsule's script */
	struct str before; /* of a correction: the article as it was */
	struct str after;  /* the same article as it is now */
};

/* Append the article, one field per line, and the result. */
void show_article(
    struct buf *out, const struct article *article, const struct show *show);

#define NOWHERE SIZE_MAX

struct page {
	const struct reading *in;
	struct sheet *sheet;
	const struct hints *hints;
	struct article *article;
	struct credits credits;
	size_t breadcrumb;               /* its line, or NOWHERE */
	size_t title_from, title;        /* first and last line, or NOWHERE */
	size_t credits_from, credits_to; /* equal: there are no credits */
	size_t from, to;                 /* the body's lines */
	struct pager pager;              /* what all pagers say together */
	bool next;                       /* a pager links to a next page */
};

static inline const struct line *
page_line(const struct page *page, size_t i)
{
	return &page->sheet->list[i];
}

static inline bool
page_has_credits(const struct page *page)
{
	return page->credits_from < page->credits_to;
}

/* Is line i a page's furniture (furniture.h)? */
bool page_is_noise(const struct page *page, size_t i);

/* headline.c: find the title and set its field. ERR_INPUT: there is no title.
 */
enum err headline_title(struct page *page) MUST_CHECK;
/* Set the fields of the lines above and below a title that stands above the
 * credits. */
enum err headline_above(struct page *page) MUST_CHECK;
/* Take the headlines off the body's beginning: a line above, the title again, a
 * line below. Set the fields of the lines above and below. */
enum err headline_body(struct page *page) MUST_CHECK;

#endif
