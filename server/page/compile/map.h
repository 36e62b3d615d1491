/* SPDX-License-Identifier: ISC */
/*
 * The map of addresses: the tree of files in pages/, read once.
 * page/compile/route.h finds a path in the map. guiju-pages(7) has all rules.
 */
#ifndef GUIJU_PAGE_COMPILE_MAP_H
#define GUIJU_PAGE_COMPILE_MAP_H

#include "page/compile/page.h"

/* A page, and the last segment of its address. */
struct entry {
	struct entry *next;
	struct str name;   /* the whole segment, or the parameter's name */
	struct str suffix; /* what must follow a parameter: ".xml" or "" */
	bool variable;
	struct page *page;
};

struct folder {
	struct folder *next; /* in the same folder */
	struct str name;     /* the segment, or the parameter's name */
	bool variable;
	struct folder
	    *folders;          /* the folders below; the variable one is last */
	struct entry *entries; /* the variable ones are last */
	struct page *index;
};

struct map {
	struct folder *root;
	struct page *pages; /* all pages, linked by page->next */
};

/* Read capsule/pages. Mistakes become findings: two pages for one address, or a
 * name that cannot stand in an address. ERR_MISSING: there is no such folder.
 */
enum err map_read(struct arena *arena, const char *capsule,
    struct findings *findings, struct map *out) MUST_CHECK;

/* Read pages/_missing.gmi, a page without an address. *out is NULL if there is
 * no such file. ERR_NOMEM. */
enum err map_read_missing(
    struct arena *arena, const char *capsule, struct page **out) MUST_CHECK;

/* Make a page without parameters for a file of pages/ that has no address. *out
 * is NULL if no page may have the file's extension. ERR_NOMEM. */
enum err map_read_partial(
    struct arena *arena, struct str file, struct page **out) MUST_CHECK;

#endif
