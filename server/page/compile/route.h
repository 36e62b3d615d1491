/* SPDX-License-Identifier: ISC */
/* Which page of the map answers a path, or could answer a path of one shape. */
#ifndef GUIJU_PAGE_COMPILE_ROUTE_H
#define GUIJU_PAGE_COMPILE_ROUTE_H

#include "base/url.h"
#include "page/compile/page.h"

/*
 * The map of addresses: the tree of files in pages/, read once. guiju-pages(7)
 * has all rules.
 */

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

/* The finding for a page whose name has another ending and that says nothing of
 * its type. */
#define PAGE_ENDS                                                          \
	"a page ends in .gmi, .txt, .xml, .csv, .json, .ics or .vcf; one " \
	"with "                                                            \
	"another ending says its type: % type, or gives a file: % file"

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

/* How many segments at the beginning of a path are names of folders and pages,
 * one below the other? A parameter is no name. */
size_t route_names(const struct map *map, const struct path *path);

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
