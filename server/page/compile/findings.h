/* SPDX-License-Identifier: ISC */
/* What a check found, in the order of finding, each once; advice behind it. */
#ifndef GUIJU_PAGE_COMPILE_FINDINGS_H
#define GUIJU_PAGE_COMPILE_FINDINGS_H

#include "base/str.h"
#include "page/site.h"

struct findings {
	struct finding *first;
	struct finding **end; /* of what is no advice */
	size_t count;         /* without advice */
	size_t told;          /* with what was told again */
};

void findings_init(struct findings *list);
/* Add one (copied). The same file, line and message are added once. */
void findings_add(struct findings *list, struct str file, unsigned line,
    const char *format, ...) PRINTF_LIKE(4, 5);
/* The same for what is no mistake: it is not counted. */
void findings_advise(struct findings *list, enum finding_kind kind,
    struct str file, unsigned line, const char *format, ...) PRINTF_LIKE(5, 6);

#endif
