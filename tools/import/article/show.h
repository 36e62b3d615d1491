/* SPDX-License-Identifier: ISC */
/* What an import tells the person at the terminal. */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_SHOW_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_SHOW_H

#include "tools/import/article/article.h"

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
 * Where memory is out, nothing or less is shown.
 */
void difference_add(struct buf *out, struct str before, struct str after);

#endif
