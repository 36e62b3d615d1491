/* SPDX-License-Identifier: ISC */
/* Random bytes, which `guiju test` makes repeatable, as base/clock.h stops the
 * clock. */
#ifndef GUIJU_STORE_FUNCTIONS_RANDOM_H
#define GUIJU_STORE_FUNCTIONS_RANDOM_H

#include "base/str.h"

/* Fill out with len bytes that nobody can guess: the kernel's. ERR_IO: the
 * kernel has none to give. */
enum err random_bytes(void *out, size_t len) MUST_CHECK;

/*
 * For tests: from now on random_bytes() gives bytes that follow from the seed
 * alone. Whoever knows the seed can guess them, so no server calls this. The
 * whole process is affected.
 */
void random_repeat(struct str seed);

#endif
