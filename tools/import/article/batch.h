/* SPDX-License-Identifier: ISC */
/*
 * An import: many files, read, sorted by time and given to the capsule's SQL
 * one by one.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H

#include <sqlite3.h>

#include "tools/import/article/article.h"
#include "tools/import/frame.h"

/* The files that an import was asked for. */
struct sources {
	char **path; /* owned */
	size_t count, size;
};

/*
 * Add a file; or, for a folder, its *.gmi, *.txt, *.html and *.htm by name
 * (hidden files and folders in it are left out). ERR_MISSING: there is no such
 * thing; ERR_IO, ERR_NOMEM, ERR_LIMIT: too many. why gets one line.
 */
enum err sources_add(
    struct sources *sources, const char *path, struct buf *why) MUST_CHECK;
/* Accepts a zeroed struct. */
void sources_release(struct sources *sources);

struct batch_options {
	const char *capsule; /* the folder */
	const char *section; /* put all into this one; NULL: as they say */
	enum article_kind kind;
	bool dry_run, quiet;
	bool replace;          /* write over what was changed in the portal */
	const char *published; /* of files that say no time; NULL: not known */
};

struct batch {
	const struct batch_options *options; /* kept */
	const struct customs *customs;       /* the capsule's */
	int64_t published;                   /* what the options say */
	struct arena *arena;                 /* holds the articles */
	struct article *article;             /* owned */
	size_t count;
	struct progress progress;
	size_t imported, updated, already, refused;
};

/* Accepts a zeroed struct. */
void batch_release(struct batch *batch);

/*
 * Read the files, complaining about each that is refused, sort what is left by
 * time, store the articles, each in a transaction of its own, and print what
 * became of each. A dry run makes one transaction of all and takes it back, so
 * that it tells of doubles among the files as well. Gives an enum status;
 * refused articles are counted, and no failure of the import.
 */
int batch_run(struct batch *batch, const struct batch_options *options,
    const struct sources *sources, sqlite3 *db);

#endif
