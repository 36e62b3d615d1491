/* SPDX-License-Identifier: ISC */
/*
 * An import: many files, read, sorted by time and given to the capsule's SQL
 * one by one.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H

#include <sqlite3.h>

#include "tools/import/article/article.h"
#include "tools/import/article/show.h"
#include "tools/import/article/sources.h"

struct batch_options {
	const char *capsule; /* the folder */
	const char *section; /* put all into this one; NULL: as they say */
	enum article_kind kind;
	bool dry_run, quiet;
	bool replace; /* write over what was changed in the portal */
	bool has_published;
	int64_t published; /* of files that say no time; UTC seconds */
};

struct batch {
	const struct batch_options *options; /* kept */
	struct arena *arena;                 /* holds the articles */
	struct article *article;             /* owned */
	size_t count;
	struct progress progress;
	size_t imported, updated, already, refused;
};

/* Accepts a zeroed struct. */
void batch_release(struct batch *batch);

/*
 * Read the files (kept), complaining about each that is refused, and sort
 * what is left by time. ERR_NOMEM.
 */
enum err batch_read(struct batch *batch, const struct batch_options *options,
    const struct sources *sources) MUST_CHECK;

/*
 * Store the articles, each in a transaction of its own, and print what became
 * of each. A dry run makes one transaction of all and takes it back, so that
 * it tells of doubles among the files as well. ERR_*: the database or the
 * capsule's SQL failed; a complaint has been made, the rest was not tried.
 */
enum err batch_store(struct batch *batch, sqlite3 *db) MUST_CHECK;

#endif
