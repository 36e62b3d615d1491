/* SPDX-License-Identifier: ISC */
/*
 * An arena: memory that is taken piece by piece and freed at once. Each
 * request has one; whatever a request makes dies with it.
 */
#ifndef GUIJU_BASE_ARENA_H
#define GUIJU_BASE_ARENA_H

#include "base/buf.h"
#include "base/str.h"

struct arena;

/* A new arena that gives out at most max bytes; NULL when memory is out. */
struct arena *arena_new(size_t max);
/* Free it and all it gave. Accepts NULL. */
void arena_free(struct arena *arena);
/* Take all back, keep the first piece of memory for the next request. */
void arena_clear(struct arena *arena);
/* Bytes given out since the last clear. */
size_t arena_used(const struct arena *arena);

/* Zeroed memory, aligned for any type; NULL past max or when memory is out.
 * size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same for n elements; NULL if n * size overflows. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* Copies that live in the arena. A NUL follows the copy (not counted), so its
 * data is a C string as well. On failure data is NULL and len 0. */
struct str arena_str(struct arena *arena, struct str s);
struct str arena_printf(struct arena *arena, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Copy a buffer's content. ERR_*: the buffer's own error, or ERR_NOMEM. */
enum err arena_take(
    struct arena *arena, const struct buf *b, struct str *out) MUST_CHECK;

#endif
