/* SPDX-License-Identifier: ISC */
/* What has come before in this import: a set of hashes with their lines. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_ONCE_H
#define GUIJU_TOOLS_IMPORT_TABLE_ONCE_H

#include "base/err.h"
#include "base/str.h"

struct once_slot {
	uint64_t hash; /* 0: free */
	uint32_t line;
};

/* Begins zeroed. */
struct once {
	struct once_slot *slot; /* owned */
	size_t size, count;     /* size: a power of two, or 0 */
};

/*
 * Add a hash (not 0) that line has; *earlier is the line that had it before,
 * or 0. ERR_NOMEM.
 */
enum err once_add(
    struct once *once, uint64_t hash, size_t line, size_t *earlier) MUST_CHECK;
/* Forget all, keep the memory. */
void once_clear(struct once *once);
void once_release(struct once *once);

#endif
