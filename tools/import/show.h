/* SPDX-License-Identifier: ISC */
/* What an import tells the person at the terminal. */
#ifndef GUIJU_TOOLS_IMPORT_SHOW_H
#define GUIJU_TOOLS_IMPORT_SHOW_H

#include "tools/import/article.h"

/* Append what was understood, a field a line, and what became of it:
 * `what` (imported, already there ...) and `text`. */
void show_article(struct buf *out, const struct article *article,
    const char *what, struct str text);

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
