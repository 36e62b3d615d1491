/* SPDX-License-Identifier: ISC */
/* A line with holes into pieces, and pieces with values into text. */
#ifndef GUIJU_PAGE_COMPILE_TEMPLATE_H
#define GUIJU_PAGE_COMPILE_TEMPLATE_H

#include "page/compile/page.h"
#include "page/compile/value.h"

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
	FILL_LINE, /* one clean line */
	FILL_XML,
	FILL_CSV,
	FILL_JSON
};

/* Append the pieces with their values. Not for addresses, in which seals and
 * whole addresses may stand. */
void template_fill(struct buf *out, const struct piece *pieces,
    const struct value *slots, enum fill fill);

enum address_part { PART_FIRST, PART_SEGMENT, PART_QUERY };

/* One value in an address: in its first segment, in a later one, or in the
 * query. */
void template_add_address(
    struct buf *out, const struct value *value, enum address_part part);

#endif
