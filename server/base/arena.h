/* SPDX-License-Identifier: ISC */
/*
 * An arena: memory that is allocated piece by piece and freed all at once.
 * Each request has an arena. All memory of a request is freed with its arena.
 */
#ifndef GUIJU_BASE_ARENA_H
#define GUIJU_BASE_ARENA_H

#include "base/buf.h"
#include "base/str.h"

struct arena;

/* A new arena that gives out at most max bytes. NULL when out of memory. */
struct arena *arena_new(size_t max);
/* Free the arena and all memory that it gave out. Accepts NULL. */
void arena_free(struct arena *arena);
/* Free all but the first piece of memory, which the next request reuses. All
 * pointers into the arena become invalid. */
void arena_clear(struct arena *arena);
/* Bytes given out since the last clear. */
size_t arena_used(const struct arena *arena);

/* Zeroed memory, aligned for any type. NULL past max or when out of memory.
 * size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same for n elements; NULL if n * size overflows. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* Copies that live in the arena. A NUL follows each copy and is not counted, so
 * the copy's data is a C string as well. On failure data is NULL and len 0. */
struct str arena_str(struct arena *arena, struct str s);
struct str arena_printf(struct arena *arena, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Copy a buffer's content. ERR_*: the buffer's own error, or ERR_NOMEM. */
enum err arena_take(
    struct arena *arena, const struct buf *b, struct str *out) MUST_CHECK;

#endif
