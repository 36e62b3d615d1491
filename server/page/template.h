/* SPDX-License-Identifier: ISC */
/* A line with holes into pieces, and pieces with values into text. */
#ifndef GUIJU_PAGE_TEMPLATE_H
#define GUIJU_PAGE_TEMPLATE_H

#include "page/page.h"
#include "page/value.h"

/* Where a name's slot is asked for: the compiler's scope. -1: unknown. */
struct name_source {
	int (*slot)(void *context, struct str name);
	void *context;
};

/* What can be wrong with a line: the reason goes to message (a buf). */
enum err template_compile(struct arena *arena, struct str text,
    const struct name_source *names, struct piece **out,
    struct buf *message) MUST_CHECK;

/* How values are escaped where the pieces stand. */
enum fill {
	FILL_LINE,    /* one clean line */
	FILL_ADDRESS, /* one path segment, or the query behind '?' */
	FILL_XML,
	FILL_CSV,
	FILL_JSON
};

/* Append the pieces with their values. FILTER_SEAL and FILTER_URL pieces are
 * not for here (page/address.h). */
void template_fill(struct buf *out, const struct piece *pieces,
    const struct value *slots, enum fill fill);

/* One value, escaped. */
void template_add_value(
    struct buf *out, const struct value *value, enum fill fill, bool in_query);

#endif
