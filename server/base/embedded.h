/* SPDX-License-Identifier: ISC */
/* A file that is embedded in the program. tools/embed.sh writes tables of such
 * files as C source. */
#ifndef GUIJU_BASE_EMBEDDED_H
#define GUIJU_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *path;
	const unsigned char *bytes; /* a NUL follows the last one */
	size_t len;
};

#endif
