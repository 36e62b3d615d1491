/* SPDX-License-Identifier: ISC */
/* The files that an import was asked for. */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_SOURCES_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_SOURCES_H

#include "base/buf.h"

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

#endif
