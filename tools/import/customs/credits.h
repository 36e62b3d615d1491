/* SPDX-License-Identifier: ISC */
/*
 * Reads the credits of an article: the line, or lines, in which a portal says
 * where an article comes from. Portals use different words for the same things:
 *
 *	文章来源:中国质量新闻网   发布人:王文政   发布时间: 2019-01-11 08:28:10
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_CREDITS_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_CREDITS_H

#include "base/str.h"
#include "tools/import/customs/customs.h"

/* The values found, borrowed from the lines; empty: not found. */
struct credits {
	struct str value[CUSTOMS_FIELDS_MAX]; /* in the order of fields */
	struct str published;                 /* the date as it is written */
	size_t published_number;              /* its line in the file */
	int rank; /* how sure the date is; 0: no date was found */
};

/* Is this line the credits of an article? A sentence that happens to hold such
 * a word is not. */
bool credits_is(const struct customs *customs, struct str line);

/* Does this line hold a date, and nothing else but labels? Right below a
 * headline, such a line is the credits. */
bool credits_is_dated(const struct customs *customs, struct str line);

/* Does a line beside the credits belong to them? It does if it begins with a
 * label. */
bool credits_goes_on(const struct customs *customs, struct str line);

/* Add the values of a line; number is its line in the file. Values that are
 * there already stay. */
void credits_read(const struct customs *customs, struct credits *credits,
    struct str line, size_t number);

#endif
