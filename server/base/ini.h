/* SPDX-License-Identifier: ISC */
/* Files of "name = value" lines below [sections], read by inih. */
#ifndef GUIJU_BASE_INI_H
#define GUIJU_BASE_INI_H

#include <stdbool.h>

#include "base/err.h"

struct ini_reader {
	void *context;
	/* One "name = value" and its line. An indented line goes on with the
	 * name above it. section: "" before the first one. All borrowed.
	 * false: stop reading. */
	bool (*key)(void *context, unsigned line, const char *section,
	    const char *name, const char *value);
	/* A line that cannot be read, and why; the reading ends there. */
	void (*wrong)(void *context, unsigned line, const char *why);
};

/*
 * Read a file. A line has at most 194 bytes; `;` and `#` begin comments. OK as
 * well after what `wrong` was told. ERR_MISSING: there is no such file. ERR_IO:
 * it cannot be read; errno says why.
 */
enum err ini_read(const char *path, const struct ini_reader *reader) MUST_CHECK;

#endif
