/* SPDX-License-Identifier: ISC */
/*
 * The map of addresses: the folder pages/, read once. page/compile/route.h
 * finds a path in it; see guiju-pages(7) for the rules in full.
 */
#ifndef GUIJU_PAGE_COMPILE_MAP_H
#define GUIJU_PAGE_COMPILE_MAP_H

#include "page/compile/page.h"

/* A page under the name by which its folder knows it. */
struct entry {
	struct entry *next;
	struct str name;   /* fixed: the whole segment; else the parameter */
	struct str suffix; /* what must follow a parameter: ".xml" or "" */
	bool variable;
	struct page *page;
};

struct folder {
	struct folder *next; /* its neighbour */
	struct str name;     /* fixed name, or the parameter's */
	bool variable;
	struct folder *folders; /* below it; the variable one is last */
	struct entry *entries;  /* the variable ones are last */
	struct page *index;
};

struct map {
	struct folder *root;
	struct page *pages; /* all of them, by page->next */
};

/* Read capsule/pages. What is wrong (two pages for one address, a name that
 * cannot be an address) goes to findings. ERR_MISSING: no such folder. */
enum err map_read(struct arena *arena, const char *capsule,
    struct findings *findings, struct map *out) MUST_CHECK;

/* The page pages/_missing.gmi, which has no address; *out is NULL where there
 * is no such file. ERR_NOMEM. */
enum err map_read_missing(
    struct arena *arena, const char *capsule, struct page **out) MUST_CHECK;

/* A page without parameters for a file of pages/ that has no address; *out is
 * NULL where no page could have its extension. ERR_NOMEM. */
enum err map_read_partial(
    struct arena *arena, struct str file, struct page **out) MUST_CHECK;

#endif
