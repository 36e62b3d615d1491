/* SPDX-License-Identifier: ISC */
/* An arena is a chain of chunks, each twice as large as the one before it. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>

enum {
	CHUNK_FIRST = 32 * 1024, /* bytes: most pages fit in one chunk */
	CHUNK_MOST = 1024 * 1024 /* bytes: chunks stop doubling here */
};

struct chunk {
	struct chunk *next;
	size_t size; /* bytes of room */
	size_t used;
	alignas(max_align_t) unsigned char room[];
};

struct arena {
	struct chunk *first, *last;
	size_t used, max;
};

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + size);

	if (chunk == NULL)
		return NULL;
	chunk->next = NULL;
	chunk->size = size;
	chunk->used = 0;
	return chunk;
}

struct arena *
arena_new(size_t max)
{
	struct arena *arena = malloc(sizeof(*arena));

	if (arena == NULL)
		return NULL;
	arena->first = arena->last = chunk_new(CHUNK_FIRST);
	if (arena->first == NULL) {
		free(arena);
		return NULL;
	}
	arena->used = 0;
	arena->max = max;
	return arena;
}

static void
chunks_free(struct chunk *chunk)
{
	while (chunk != NULL) {
		struct chunk *next = chunk->next;
		free(chunk);
		chunk = next;
	}
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	chunks_free(arena->first);
	free(arena);
}

void
arena_clear(struct arena *arena)
{
	chunks_free(arena->first->next);
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->last = arena->first;
	arena->used = 0;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->used;
}

static struct chunk *
chunk_add(struct arena *arena, size_t least)
{
	size_t size = arena->last->size * 2;
	struct chunk *chunk;

	if (size > CHUNK_MOST)
		size = CHUNK_MOST;
	if (size < least)
		size = least;
	chunk = chunk_new(size);
	if (chunk == NULL)
		return NULL;
	arena->last->next = chunk;
	arena->last = chunk;
	return chunk;
}

/* The bytes of the arena that size bytes take, rounded up to the alignment.
 * 0: more than the arena may give. */
static size_t
aligned(const struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > SIZE_MAX - sizeof(struct chunk) - align)
		return 0;
	size = (size + align - 1) / align * align;
	return size > arena->max || arena->used > arena->max - size ? 0 : size;
}

/* Memory that is not zeroed. */
static void *
take(struct arena *arena, size_t bytes)
{
	struct chunk *chunk = arena->last;
	const size_t size = aligned(arena, bytes);
	void *place;

	if (size == 0 && bytes > 0)
		return NULL;
	if (chunk->size - chunk->used < size)
		chunk = chunk_add(arena, size);
	if (chunk == NULL)
		return NULL;
	place = chunk->room + chunk->used;
	chunk->used += size;
	arena->used += size;
	return place;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	void *place = take(arena, size);

	return place == NULL ? NULL : memset(place, 0, size);
}

void *
arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	return arena_alloc(arena, n * size);
}

struct str
arena_str(struct arena *arena, struct str s)
{
	char *copy = s.len == SIZE_MAX ? NULL : take(arena, s.len + 1);

	if (copy == NULL)
		return (struct str){NULL, 0};
	if (s.len > 0)
		memcpy(copy, s.data, s.len);
	copy[s.len] = '\0';
	return (struct str){copy, s.len};
}

struct str
arena_printf(struct arena *arena, const char *format, ...)
{
	struct chunk *chunk = arena->last;
	const size_t room = chunk->size - chunk->used;
	char *place = (char *)chunk->room + chunk->used;
	va_list args;
	int len;

	/* The text is written straight into the last chunk: a text that fits
	 * is formatted once. */
	va_start(args, format);
	len = vsnprintf(place, room, format, args);
	va_end(args);
	place = len < 0 ? NULL : take(arena, (size_t)len + 1);
	if (place == NULL)
		return (struct str){NULL, 0};
	if ((size_t)len >= room) {
		va_start(args, format);
		vsnprintf(place, (size_t)len + 1, format, args);
		va_end(args);
	}
	return (struct str){place, (size_t)len};
}

enum err
arena_take(struct arena *arena, const struct buf *b, struct str *out)
{
	struct str copy;

	if (b->err != OK)
		return b->err;
	copy = arena_str(arena, buf_view(b));
	if (copy.data == NULL)
		return ERR_NOMEM;
	*out = copy;
	return OK;
}
