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

/* How far we are, on standard error if that is a terminal. Zeroed: not. */
struct progress {
	bool on, shown;
	size_t total;
	int64_t last_ms;
};

void progress_begin(struct progress *progress, size_t total);
void progress_step(struct progress *progress, const char *verb, size_t done);
/* Before anything else is printed, and at the end. */
void progress_hide(struct progress *progress);

#endif
