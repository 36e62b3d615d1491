/* SPDX-License-Identifier: ISC */
/*
 * Which slot a name means at one place of a page. The nearest block wins,
 * columns hide parameters, parameters hide the built-in names: since names
 * come in that order, the newest name wins, and a block's end takes its
 * names away. A partial sees the built-in names, what it says it needs and what
 * it sets itself; the names around it are hidden meanwhile.
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
	size_t builtin; /* so many at the beginning are seen everywhere */
	size_t from;    /* of the others, those before this one are hidden */
	bool any;       /* every name is there, who knows where: slot 0 */
};

/* ERR_LIMIT: more than SCOPE_MAX names. */
enum err scope_add(struct scope *scope, struct str name, int slot) MUST_CHECK;
/* The slot of a name that is used here. -1: nothing has that name here, or a
 * hidden name hides it. */
int scope_slot(struct scope *scope, struct str name);
/* What helps the author of an unknown name, as the end of a message: how to
 * reach a hidden name, the nearest known name between before and after, or
 * nothing. Valid until the next call. */
const char *scope_hint(const struct scope *scope, struct str name,
    const char *before, const char *after);

#endif
