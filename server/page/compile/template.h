/* SPDX-License-Identifier: ISC */
/* Compiles a line with holes into pieces, and fills the pieces with values. */
#ifndef GUIJU_PAGE_COMPILE_TEMPLATE_H
#define GUIJU_PAGE_COMPILE_TEMPLATE_H

#include "page/compile/page.h"
#include "page/compile/value.h"

/* Finds the slot of a name in the compiler's scope. -1: unknown. */
struct name_source {
	int (*slot)(void *context, struct str name);
	void *context;
};

/* Compile a line into pieces, in the arena. On an error, message says the
 * reason. */
enum err template_compile(struct arena *arena, struct str text,
    const struct name_source *names, struct piece **out,
    struct buf *message) MUST_CHECK;

/* How values are escaped. */
enum fill {
	FILL_LINE, /* one clean line */
	FILL_XML,
	FILL_CSV,
	FILL_JSON,
	FILL_CONTENT /* a value in a calendar or card */
};

/* Append the pieces with their values. Not for addresses, which may hold a seal
 * or a whole address. */
void template_fill(struct buf *out, const struct piece *pieces,
    const struct value *slots, enum fill fill);

enum address_part { PART_FIRST, PART_SEGMENT, PART_QUERY };

/* Append one value, escaped for its part of an address: the first segment, a
 * later segment, or the query. */
void template_add_address(
    struct buf *out, const struct value *value, enum address_part part);

#endif
