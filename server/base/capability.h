/* SPDX-License-Identifier: ISC */
/*
 * The parts of root's power (capabilities(7)) that a process keeps. On systems
 * without capabilities these functions do nothing.
 */
#ifndef GUIJU_BASE_CAPABILITY_H
#define GUIJU_BASE_CAPABILITY_H

#include <stdbool.h>

#include "base/err.h"

/* Which capabilities stay. */
enum capabilities {
	CAPABILITIES_NONE,
	/* To bind ports below 1024, to start processes of another user, to give
	 * that user its files and to end its processes. */
	CAPABILITIES_PARENT
};

/*
 * Give up all other capabilities that this process has, and those that a
 * program could gain (the bounding, inheritable and ambient sets). Whoever is
 * not root and has none keeps none. ERR_IO: errno says why.
 */
enum err capability_keep(enum capabilities kept) MUST_CHECK;

/* Empty the bounding, inheritable and ambient sets alone: before a process
 * that becomes another user loses the right to. ERR_IO. */
enum err capability_seal(void) MUST_CHECK;

#endif
