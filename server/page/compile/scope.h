/* SPDX-License-Identifier: ISC */
/*
 * Which slot a name means at one place of a page. The nearest block wins,
 * columns hide parameters, parameters hide the built-in names: since names
 * come in that order, the newest name wins, and a block's end takes its
 * names away.
 */
#ifndef GUIJU_PAGE_COMPILE_SCOPE_H
#define GUIJU_PAGE_COMPILE_SCOPE_H

#include "base/str.h"

enum { SCOPE_MAX = 512 };

struct scope {
	struct str names[SCOPE_MAX]; /* borrowed */
	int slots[SCOPE_MAX];
	size_t count;
	bool any; /* every name is there, who knows where: slot 0 */
};

/* ERR_LIMIT: more than SCOPE_MAX names. */
enum err scope_add(struct scope *scope, struct str name, int slot) MUST_CHECK;
/* -1: nothing has that name here. */
int scope_slot(const struct scope *scope, struct str name);
/* The nearest known name for a misspelt one, or NULL. Valid until the next
 * call. */
const char *scope_nearest(const struct scope *scope, struct str name);

#endif
