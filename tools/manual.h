/* SPDX-License-Identifier: ISC */
/* The manuals that the program carries, as plain text. */
#ifndef GUIJU_TOOLS_MANUAL_H
#define GUIJU_TOOLS_MANUAL_H

#include <stdbool.h>

/* Print a line for each manual: its topic, and what it is about. */
void manual_list(void);

/*
 * Print the manual of a topic: "pages", "guiju-pages" or "guiju-pages(7)".
 * On a terminal the reader's PAGER shows it. False: there is no such manual.
 */
bool manual_show(const char *topic);

/* The topic most like the word, or NULL. */
const char *manual_nearest(const char *word);

#endif
