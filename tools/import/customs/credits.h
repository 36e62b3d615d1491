/* SPDX-License-Identifier: ISC */
/*
 * The line of a portal that says where an article comes from:
 *
 *	文章来源:中国质量新闻网   发布人:王文政   发布时间: 2019-01-11 08:28:10
 *
 * in one line or several, with other words for the same things.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_CREDITS_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_CREDITS_H

#include "base/str.h"
#include "tools/import/customs/customs.h"

/* What was found, borrowed; empty: not said. */
struct credits {
	struct str value[CUSTOMS_FIELDS_MAX]; /* by the places of fields */
	struct str published;                 /* as it is written */
	size_t published_number;              /* on which line of the file */
	int rank; /* how sure it is; 0: nothing was found */
};

/* Are these the credits of an article, rather than a sentence that happens to
 * hold such a word? */
bool credits_is(const struct customs *customs, struct str line);

/* Is this a date, and labels at most? Right below a headline it is credits. */
bool credits_is_dated(const struct customs *customs, struct str line);

/* A line next to them that goes on with them: it begins with a label. */
bool credits_goes_on(const struct customs *customs, struct str line);

/* Add what a line says; what was said before stays. */
void credits_read(const struct customs *customs, struct credits *credits,
    struct str line, size_t number);

#endif
