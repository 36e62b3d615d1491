/* SPDX-License-Identifier: ISC */
/* The files of a new capsule. */
#ifndef GUIJU_TOOLS_INIT_FILES_H
#define GUIJU_TOOLS_INIT_FILES_H

#include <stddef.h>

struct init_file {
	const char *path; /* below the capsule; folders are made */
	const char *text;
};

extern const struct init_file init_files[];
extern const size_t init_file_count;

#endif
