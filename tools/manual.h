/* SPDX-License-Identifier: ISC */
/* The manuals that are embedded in the program, as plain text. */
#ifndef GUIJU_TOOLS_MANUAL_H
#define GUIJU_TOOLS_MANUAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/embedded.h"

/* Print one line per manual: its topic, and what the manual is about. */
void manual_list(void);

/*
 * Print the manual of a topic: "pages", "guiju-pages" or "guiju-pages(7)".
 * On a terminal, the program in the variable PAGER shows the manual (`less`, if
 * PAGER is not set). False: there is no such manual.
 */
bool manual_show(const char *topic);

/* Find the topic that is nearest to a word; NULL: none is near. The text is
 * static. */
const char *manual_nearest(const char *word);

#endif
