/* SPDX-License-Identifier: ISC */
/* The findings of a check: each once, in the order in which they are found.
 * Advice stands at the end of the list. */
#ifndef GUIJU_PAGE_COMPILE_FINDINGS_H
#define GUIJU_PAGE_COMPILE_FINDINGS_H

#include "base/str.h"
#include "page/site.h"

struct findings {
	struct finding *first;
	struct finding **end; /* where the next mistake goes, before advice */
	size_t count;         /* without advice */
	size_t told;          /* mistakes, with repeated ones */
};

void findings_init(struct findings *list);
/* Add a mistake; file and message are copied. A finding with the same file,
 * line and message is added once. */
void findings_add(struct findings *list, struct str file, unsigned line,
    const char *format, ...) PRINTF_LIKE(4, 5);
/* The same for advice, which is not counted. */
void findings_advise(struct findings *list, enum finding_kind kind,
    struct str file, unsigned line, const char *format, ...) PRINTF_LIKE(5, 6);

#endif
