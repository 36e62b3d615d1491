/* SPDX-License-Identifier: ISC */
/*
 * Finding the article on a page of a portal: the place (您现在的位置), the
 * headline, the credits, and a body that often begins with the headline once
 * more, between a line above and a line below it.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_PORTAL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_PORTAL_H

#include "tools/import/article/article.h"
#include "tools/import/article/sheet.h"

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

#endif
