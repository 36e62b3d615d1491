/* SPDX-License-Identifier: ISC */
/* The stack of names. */
#include "page/compile/scope.h"

enum { NAME_MAX_BYTES = 64 };

enum err
scope_add(struct scope *scope, struct str name, int slot)
{
	if (scope->count == SCOPE_MAX)
		return ERR_LIMIT;
	scope->names[scope->count] = name;
	scope->used[scope->count] = false;
	scope->slots[scope->count++] = slot;
	return OK;
}

static bool
is_hidden(const struct scope *scope, size_t i)
{
	return i >= scope->builtin && i < scope->from;
}

int
scope_slot(struct scope *scope, struct str name)
{
	for (size_t i = scope->count; i-- > 0;) {
		if (!str_equal(scope->names[i], name))
			continue;
		/* The author means the hidden name, not a built-in name below
		 * it. */
		if (is_hidden(scope, i))
			return -1;
		scope->used[i] = true;
		return scope->slots[i];
	}
	return scope->any ? 0 : -1;
}

const char *
scope_hint(const struct scope *scope, struct str name, const char *before,
    const char *after)
{
	static char hint[2 * NAME_MAX_BYTES];
	char text[SCOPE_MAX][NAME_MAX_BYTES];
	const char *names[SCOPE_MAX], *near;
	size_t n = 0;

	for (size_t i = scope->count; i-- > 0;) {
		if (str_equal(scope->names[i], name)) {
			snprintf(hint, sizeof(hint),
			    " here: say `%% needs :%.*s` at the top",
			    STR_ARG(name));
			return hint;
		}
		if (is_hidden(scope, i) ||
		    scope->names[i].len >= NAME_MAX_BYTES)
			continue;
		snprintf(
		    text[n], NAME_MAX_BYTES, "%.*s", STR_ARG(scope->names[i]));
		names[n] = text[n];
		n++;
	}
	near = str_nearest(name, names, n);
	if (near == NULL)
		return "";
	snprintf(hint, sizeof(hint), "; did you mean `%s%s%s`?", before, near,
	    after);
	return hint;
}
