/* SPDX-License-Identifier: ISC */
/* A page's file into a page that can be run. */
#ifndef GUIJU_PAGE_COMPILE_COMPILE_H
#define GUIJU_PAGE_COMPILE_COMPILE_H

#include "page/compile/page.h"
#include "page/compile/prepared.h"

/*
 * What a script of an import has in the place of what belongs to a request.
 * Its names are those that the tool provides, it ends by the tool's words, and
 * its lines of text are said to the operator. A script says at its top, as a
 * partial does, what else it needs and what it gives.
 */
struct compile_script {
	const char *const *names; /* provided: slots 0, 1, 2 ... */
	size_t name_count;
	int slot_count;           /* the first that is free */
	const char *const *fails; /* the KINDs of % fail */
	size_t fail_count;
	/* The slot of a name that the script needs, which may be `next`, the
	 * next that is free. -1: nothing provides it. */
	int (*need)(void *context, struct str name, int next);
	/* The slot of a name that the script gives. */
	void (*give)(void *context, struct str name, int slot);
	void *context;
};

struct compile_options {
	struct arena *arena; /* lives as long as the pages */
	const char *capsule; /* the folder of pages/ */
	sqlite3 *reader, *writer;
	struct prepared_set *prepared; /* kept; released after the pages */
	struct source_set *partials;   /* NULL: each is read each time */
	struct findings *findings;
	const struct words *words; /* the capsule's; NULL: English */
	bool checked; /* how a statement will be run was looked at before */
	bool alone; /* a partial that no page includes: names may be anybody's,
		     * and it is only looked at */
	const struct compile_script *script; /* NULL: a page */
};

/*
 * Compile page->file, on the writing connection if page->sealed; page's file,
 * format, parameters and sealed are set by the caller (from the file's path),
 * the rest here. What is wrong goes to the findings and is counted in
 * page->findings. ERR_IO, ERR_NOMEM: the file could not be read at all.
 */
enum err page_compile(
    const struct compile_options *options, struct page *page) MUST_CHECK;

#endif
