/* SPDX-License-Identifier: ISC */
/*
 * The work on one page, shared by portal.c (what stands where) and headline.c.
 * Private to them.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_INTERNAL_H

#include "tools/import/customs/credits.h"
#include "tools/import/customs/furniture.h"
#include "tools/import/article/portal.h"

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
