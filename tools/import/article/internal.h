/* SPDX-License-Identifier: ISC */
/*
 * The work on one page, shared by portal.c (what stands where) and headline.c.
 * Private to them.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H

#include "tools/import/article/article.h"
#include "tools/import/article/sheet.h"
#include "tools/import/customs/credits.h"
#include "tools/import/customs/furniture.h"

/* ---- portal.c -------------------------------------------------------- */

/*
 * Finding the article on a page of a portal: the place (您现在的位置), the
 * headline, the credits, and a body that often begins with the headline once
 * more, between a line above and a line below it.
 */

/* What the page says elsewhere (an HTML page's head); empty: nothing. */
struct hints {
	struct str title, section, source, author, published;
	struct str window; /* what the browser's window was called */
	size_t published_line;
	int64_t pages, current; /* what scripts make a pager of; 0: none */
};

/*
 * Fill in the article from the lines of its page, which are used up. ERR_INPUT:
 * no title, no body or a bad date, and why says so; ERR_NOMEM.
 */
enum err portal_read(const struct reading *in, struct sheet *sheet,
    const struct hints *hints, struct article *out) MUST_CHECK;

/* ---- show.c ---------------------------------------------------------- */

/* What an import tells the person at the terminal. */

/* What became of an article; texts may be empty. */
struct show {
	const char *what;  /* imported, already there ... */
	struct str text;   /* behind it */
	struct str note;   /* what the capsule notes */
	struct str before; /* of a correction: the article as it was */
	struct str after;  /* and as it is now */
};

/* Append what was understood, a field a line, and what became of it. */
void show_article(
    struct buf *out, const struct article *article, const struct show *show);

/*
 * Append the lines that were taken away, behind "  - ", and those that came,
 * behind "  + ", in their order; each is one clean line. Of very many only the
 * first are shown, and how many follow. Nothing, if the texts are the same.
 * When out of memory, nothing or less is shown.
 */
void difference_add(struct buf *out, struct str before, struct str after);

#define NOWHERE SIZE_MAX

struct page {
	const struct reading *in;
	struct sheet *sheet;
	const struct hints *hints;
	struct article *article;
	struct credits credits;
	size_t place;                    /* line, or NOWHERE */
	size_t title_from, title;        /* first and last line, or NOWHERE */
	size_t credits_from, credits_to; /* the same: there are none */
	size_t from, to;                 /* the body's lines */
	struct pager pager;              /* what the pagers say together */
	bool next;                       /* one says that more follows */
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

/* headline.c: find the title, which must be there, and set the field. */
enum err headline_title(struct page *page) MUST_CHECK;
/* The lines above and below the title where it stands over the credits. */
enum err headline_above(struct page *page) MUST_CHECK;
/* The body's own headlines: above, the title again, below. Takes them off the
 * body. */
enum err headline_body(struct page *page) MUST_CHECK;

#endif
