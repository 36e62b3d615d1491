/* SPDX-License-Identifier: ISC */
/* Which page of the map answers a path, or could answer a path of one shape. */
#ifndef GUIJU_PAGE_COMPILE_ROUTE_H
#define GUIJU_PAGE_COMPILE_ROUTE_H

#include "base/url.h"
#include "page/compile/map.h"

enum match_type {
	MATCH_NONE,
	MATCH_PAGE,
	MATCH_TWIN,  /* the page as plain text: its address with ".txt" */
	MATCH_SLASH, /* a folder has this name: add "/" */
	MATCH_LEAF   /* a page has this name: remove the last "/" */
};

struct match {
	enum match_type type;
	struct page *page;
	/* The value of each of page->parameters, in the same order, without the
	 * suffix. Borrowed from the path. */
	struct str parameters[PATH_SEGMENTS_MAX];
};

/* Find the page that answers a path. */
void route_find(
    const struct map *map, const struct path *path, struct match *out);

/*
 * Can a page answer a path of this shape? pattern: a path that is not encoded,
 * begins with "/" and has the byte ROUTE_WILDCARD for each hole. Returns the
 * first such page; NULL: none. *slash is set if only a "/" at the end is
 * missing.
 */
#define ROUTE_WILDCARD '\1'
struct page *route_could_find(
    const struct map *map, struct str pattern, bool *slash);

#endif
