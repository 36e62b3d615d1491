/* SPDX-License-Identifier: ISC */
/*
 * Finds the furniture of a page: what old portals print around an article, and
 * what is not imported. It is pagers, buttons to print and close, font sizes,
 * previous and next, copyright, and breadcrumbs (您现在的位置).
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_FURNITURE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_FURNITURE_H

#include "base/arena.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/* Does this line hold only words of furniture, digits and marks? ERR_NOMEM. */
enum err noise_is(const struct customs *customs, struct arena *arena,
    struct str line, bool *out) MUST_CHECK;

/* What a pager says: 上一页 [1] [2] [3] 下一页, 共3页 跳转到, [NextPage]. */
struct pager {
	bool is;         /* the line is a pager and nothing else */
	bool total;      /* the pager says how many pages there are: 共3页 */
	int64_t pages;   /* how many pages; 0: not known */
	int64_t current; /* number of this page; 0: not known */
	bool next;       /* the pager leads to a next page */
};
/* Read a line as a pager; *pager is filled in anew. ERR_NOMEM. */
enum err noise_pager(const struct customs *customs, struct arena *arena,
    struct str line, struct pager *pager) MUST_CHECK;

/* Does this line end the article, whatever follows it? *pages gets the number
 * of pages that a pager names (共3页), or 0. */
bool noise_ends(const struct customs *customs, struct str line, int64_t *pages);

/* Is this line the breadcrumb, which says where on the portal the page is? */
bool breadcrumb_is(const struct customs *customs, struct str line);
/* The last section in a breadcrumb, borrowed: 国内外标准化动态 in 标准化服务
 * 》国内外标准化动态 》 点击次数:. The title does not count as a section.
 * Empty: the line names no section. */
struct str breadcrumb_read(
    const struct customs *customs, struct str line, struct str title);

#endif
