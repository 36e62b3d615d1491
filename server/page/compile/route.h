/* SPDX-License-Identifier: ISC */
/* Which page of the map answers a path, or could answer one of its shape. */
#ifndef GUIJU_PAGE_COMPILE_ROUTE_H
#define GUIJU_PAGE_COMPILE_ROUTE_H

#include "base/url.h"
#include "page/compile/map.h"

enum match_type {
	MATCH_NONE,
	MATCH_PAGE,
	MATCH_TWIN,  /* the page's plain text: its address with ".txt" */
	MATCH_SLASH, /* there is such a folder: its address ends in "/" */
	MATCH_LEAF /* there is such a page: its address has no "/" at its end */
};

struct match {
	enum match_type type;
	struct page *page;
	/* One for each of page->parameters, in order; borrowed from the path,
	 * cut where a suffix follows. */
	struct str parameters[PATH_SEGMENTS_MAX];
};

/* Find the page for a path. */
void route_find(
    const struct map *map, const struct path *path, struct match *out);

/*
 * Could any path of this shape be answered? pattern: raw, beginning with
 * "/", holes as the byte ROUTE_WILDCARD. Gives the page that would (the first
 * found), NULL for none; *slash is set where only "/" is missing at its end.
 */
#define ROUTE_WILDCARD '\1'
struct page *route_could_find(
    const struct map *map, struct str pattern, bool *slash);

#endif
