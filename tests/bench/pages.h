/* SPDX-License-Identifier: ISC */
/* What is measured: a portal with many rows, and the kinds of its pages. */
#ifndef GUIJU_BENCH_PAGES_H
#define GUIJU_BENCH_PAGES_H

#include "page/site.h"
#include "store/store.h"

enum {
	AIM_RATIO = 2,       /* large to small, at most */
	AIM_US = 1000,       /* an ordinary page, at most */
	AIM_HEAVY_US = 20000 /* one that counts or ranks much */
};

struct portal {
	struct site *site;
	struct store *store; /* to find out what there is to be asked */
	sqlite3 *db;
	int64_t articles;                  /* ids run from 1 to here */
	int64_t pages;                     /* of the longest section's list */
	char section[64];                  /* its slug */
	int64_t standards, first_standard; /* synthetic ones: their ids */
};

/*
 * A kind of page. make appends the address of the nth of its requests and, if
 * the page asks, what the reader types; the same n, the same request.
 */
struct kind {
	const char *name; /* NULL ends the list */
	void (*make)(const struct portal *portal, uint64_t n, struct buf *path,
	    struct buf *input);
	enum reply_type expected;
	double aim_us;
};

extern const struct kind kinds_articles[];
extern const struct kind kinds_catalogue[];

/* The first column of the first row; 0 or nothing without one. ?1 is at. */
int64_t portal_int(const struct portal *portal, const char *sql);
void portal_text(
    const struct portal *portal, const char *sql, int64_t at, struct buf *out);
/* Find out what the catalogue holds. */
void portal_open_catalogue(struct portal *portal);

/* Say what went wrong and end. */
void die(const char *what, const char *why);

#endif
