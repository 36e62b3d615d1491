/* SPDX-License-Identifier: ISC */
/*
 * Which slot a name means at one place of a page. Names are a stack: the newest
 * name wins, and the end of a block removes the block's names. So the nearest
 * block wins, columns hide parameters, and parameters hide built-in names.
 * A partial sees the built-in names, the names that it needs and the names that
 * it sets; all other names of the page are hidden inside of the partial.
 */
#ifndef GUIJU_PAGE_COMPILE_SCOPE_H
#define GUIJU_PAGE_COMPILE_SCOPE_H

#include "base/str.h"

enum { SCOPE_MAX = 512 };

struct scope {
	struct str names[SCOPE_MAX]; /* borrowed */
	int slots[SCOPE_MAX];
	bool used[SCOPE_MAX];
	size_t count;
	size_t builtin; /* this many first names are never hidden */
	size_t from;    /* names from builtin to here are hidden */
	bool any;       /* accept every name: an unknown one is slot 0 */
};

/* ERR_LIMIT: more than SCOPE_MAX names. */
enum err scope_add(struct scope *scope, struct str name, int slot) MUST_CHECK;
/* The slot of a name, which is marked as used. -1: the name is unknown here, or
 * is hidden. */
int scope_slot(struct scope *scope, struct str name);
/* The end of a message about an unknown name: how to reach a hidden name, or
 * the nearest known name between before and after, or an empty string. Valid
 * until the next call. */
const char *scope_hint(const struct scope *scope, struct str name,
    const char *before, const char *after);

#endif
