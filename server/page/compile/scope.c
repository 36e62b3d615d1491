/* SPDX-License-Identifier: ISC */
/* Names in scope: a stack. */
#include "page/compile/scope.h"

enum { NAME_MAX_BYTES = 64 };

enum err
scope_add(struct scope *scope, struct str name, int slot)
{
	if (scope->count == SCOPE_MAX)
		return ERR_LIMIT;
	scope->names[scope->count] = name;
	scope->slots[scope->count++] = slot;
	return OK;
}

int
scope_slot(const struct scope *scope, struct str name)
{
	for (size_t i = scope->count; i-- > 0;)
		if (str_equal(scope->names[i], name))
			return scope->slots[i];
	return scope->any ? 0 : -1;
}

const char *
scope_nearest(const struct scope *scope, struct str name)
{
	static char text[SCOPE_MAX][NAME_MAX_BYTES];
	const char *names[SCOPE_MAX];
	size_t n = 0;

	for (size_t i = scope->count; i-- > 0;) {
		if (scope->names[i].len >= NAME_MAX_BYTES)
			continue;
		snprintf(
		    text[n], NAME_MAX_BYTES, "%.*s", STR_ARG(scope->names[i]));
		names[n] = text[n];
		n++;
	}
	return str_nearest(name, names, n);
}
