/* SPDX-License-Identifier: ISC */
/*
 * The map of addresses: which page answers which path. The folder pages/ is
 * the map, read once; see README.md for the rules in full.
 */
#ifndef GUIJU_PAGE_MAP_H
#define GUIJU_PAGE_MAP_H

#include "base/url.h"
#include "page/page.h"

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

enum match_type {
	MATCH_NONE,
	MATCH_PAGE,
	MATCH_TWIN, /* the page's plain text: its address with ".txt" */
	MATCH_SLASH /* there is such a folder: its address ends in "/" */
};

struct match {
	enum match_type type;
	struct page *page;
	/* One for each of page->parameters, in order; borrowed from the path,
	 * cut where a suffix follows. */
	struct str parameters[PATH_SEGMENTS_MAX];
};

/* Find the page for a path. */
void map_route(
    const struct map *map, const struct path *path, struct match *out);

/*
 * Could any path of this shape be answered? pattern: raw, beginning with
 * "/", holes as the byte MAP_WILDCARD. Gives the page that would (the first
 * found), NULL for none; *slash is set where only "/" is missing at its end.
 */
#define MAP_WILDCARD '\1'
struct page *map_could_answer(
    const struct map *map, struct str pattern, bool *slash);

#endif
