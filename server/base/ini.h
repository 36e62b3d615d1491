/* SPDX-License-Identifier: ISC */
/* Files of "name = value" lines below [sections], read by inih. */
#ifndef GUIJU_BASE_INI_H
#define GUIJU_BASE_INI_H

#include <stdbool.h>

#include "base/err.h"

struct ini_reader {
	void *context;
	/* Called for each "name = value" with its line number. An indented
	 * line is another value of the name above it. section: "" before the
	 * first section. All texts are borrowed. false: stop reading. */
	bool (*key)(void *context, unsigned line, const char *section,
	    const char *name, const char *value);
	/* Called for a line that cannot be read; the reading ends there. */
	void (*wrong)(void *context, unsigned line, const char *why);
};

/*
 * Read a file. A line has at most 194 bytes; `;` and `#` begin comments. The
 * result is OK also when `wrong` was called. ERR_MISSING: there is no such
 * file. ERR_IO: the file cannot be read; errno says why.
 */
enum err ini_read(const char *path, const struct ini_reader *reader) MUST_CHECK;

#endif
