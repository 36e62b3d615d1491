/* SPDX-License-Identifier: ISC */
/*
 * What old portals print around an article and nobody wants to read again:
 * pagers, printing and closing, font sizes, previous and next, copyright.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_NOISE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_NOISE_H

#include "base/arena.h"
#include "base/str.h"

/* Is this line nothing but such words, digits and marks? ERR_NOMEM. */
enum err noise_is(struct arena *arena, struct str line, bool *out) MUST_CHECK;

/* What a pager says: 上一页 [1] [2] [3] 下一页, 共3页 跳转到, [NextPage]. */
struct pager {
	bool is;         /* the line is one, and says nothing else */
	bool total;      /* it says 共3页 */
	int64_t pages;   /* 0: not said */
	int64_t current; /* 0: not said */
};
/* Look at a line; of *pager nothing is kept from before. ERR_NOMEM. */
enum err noise_pager(
    struct arena *arena, struct str line, struct pager *pager) MUST_CHECK;

/* Does such a line end the article, whatever follows? *pages is the number of
 * pages that a pager (共3页) tells, or 0. */
bool noise_ends(struct str line, int64_t *pages);

#endif
