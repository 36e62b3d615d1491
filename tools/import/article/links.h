/* SPDX-License-Identifier: ISC */
/* The links of an article that readers will get as text. */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_LINKS_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_LINKS_H

#include "tools/import/article/article.h"

/*
 * Append a line for each link of the body that leads nowhere a reader may be
 * led (text/reference.h): the file, the line of the body, and the address,
 * which the article's page shows as text. arena: for scratch.
 */
void links_tell(
    struct buf *out, struct arena *arena, const struct article *article);

#endif
