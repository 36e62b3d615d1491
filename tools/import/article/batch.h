/* SPDX-License-Identifier: ISC */
/*
 * An import of articles. The files are read, sorted by time, and handed to the
 * capsule's SQL one by one.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_BATCH_H

#include <sqlite3.h>

#include "tools/import/article/article.h"
#include "tools/import/frame.h"

/* The files of an import. */
struct sources {
	char **path; /* owned */
	size_t count, size;
};

/*
 * Add a file. For a folder, add its *.gmi, *.txt, *.html and *.htm, sorted by
 * name, without hidden files and without folders in it. ERR_MISSING: nothing
 * has this name; ERR_LIMIT: too many files; ERR_IO, ERR_NOMEM. why gets one
 * line.
 */
enum err sources_add(
    struct sources *sources, const char *path, struct buf *why) MUST_CHECK;
/* Accepts a zeroed struct. */
void sources_release(struct sources *sources);

struct batch_options {
	const char *capsule; /* the folder */
	const char *section; /* for all articles; NULL: as each file says */
	enum article_kind kind;
	bool dry_run, quiet;
	bool replace;          /* overwrite what was changed in the portal */
	const char *published; /* for files without a time; NULL: not known */
};

struct batch {
	const struct batch_options *options; /* kept */
	const struct customs *customs;       /* the capsule's */
	int64_t published;       /* of the options, in UTC seconds */
	struct arena *arena;     /* holds the articles */
	struct article *article; /* owned */
	size_t count;
	struct progress progress;
	size_t imported, updated, already, refused;
};

/* Accepts a zeroed struct. */
void batch_release(struct batch *batch);

/*
 * Read the files, and report each refused file. Sort the articles by time,
 * store each article in a transaction of its own, and print the result for
 * each. A dry run uses one transaction for all articles and rolls it back: so
 * it also finds duplicates among the files. Returns an enum status. A refused
 * article is counted and does not make the import fail.
 */
int batch_run(struct batch *batch, const struct batch_options *options,
    const struct sources *sources, sqlite3 *db);

#endif
