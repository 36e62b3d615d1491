/* SPDX-License-Identifier: ISC */
/*
 * What old portals print around an article and nobody wants to read again:
 * pagers, printing and closing, font sizes, previous and next, copyright, and
 * where on the portal we are (您现在的位置).
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_FURNITURE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_FURNITURE_H

#include "base/arena.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/* Is this line nothing but such words, digits and marks? ERR_NOMEM. */
enum err noise_is(const struct customs *customs, struct arena *arena,
    struct str line, bool *out) MUST_CHECK;

/* What a pager says: 上一页 [1] [2] [3] 下一页, 共3页 跳转到, [NextPage]. */
struct pager {
	bool is;         /* the line is one, and says nothing else */
	bool total;      /* it says 共3页 */
	int64_t pages;   /* 0: not said */
	int64_t current; /* 0: not said */
	bool next;       /* it leads to a next page */
};
/* Look at a line; of *pager nothing is kept from before. ERR_NOMEM. */
enum err noise_pager(const struct customs *customs, struct arena *arena,
    struct str line, struct pager *pager) MUST_CHECK;

/* Does such a line end the article, whatever follows? *pages is the number of
 * pages that a pager (共3页) tells, or 0. */
bool noise_ends(const struct customs *customs, struct str line, int64_t *pages);

/* Is this the line that says where on the portal we are? */
bool breadcrumb_is(const struct customs *customs, struct str line);
/* The last section in 标准化服务 》国内外标准化动态 》 点击次数:, borrowed;
 * empty: the line names none. The title is none. */
struct str breadcrumb_read(
    const struct customs *customs, struct str line, struct str title);

#endif
