/* SPDX-License-Identifier: ISC */
/* A page's file into a page that can be run. */
#ifndef GUIJU_PAGE_COMPILE_COMPILE_H
#define GUIJU_PAGE_COMPILE_COMPILE_H

#include "page/compile/page.h"
#include "page/compile/prepared.h"

struct compile_options {
	struct arena *arena; /* lives as long as the pages */
	const char *capsule; /* the folder of pages/ */
	sqlite3 *reader, *writer;
	struct prepared_set *prepared; /* kept; released after the pages */
	struct source_set *partials;   /* NULL: each is read each time */
	struct findings *findings;
	bool checked; /* how a statement will be run was looked at before */
	bool alone; /* a partial that no page includes: names may be anybody's,
		     * and it is only looked at */
};

/*
 * Compile page->file; page's file, format, parameters and sealed are set by
 * the caller (from the file's path), the rest here. What is wrong goes to
 * the findings and is counted in page->findings. ERR_IO, ERR_NOMEM: the file
 * could not be read at all.
 */
enum err page_compile(
    const struct compile_options *options, struct page *page) MUST_CHECK;

#endif
