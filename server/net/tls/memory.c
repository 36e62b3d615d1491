/* SPDX-License-Identifier: ISC */
/*
 * A block is a head (union block) and its room. The room has LEAST_BYTES and a
 * number of steps of STEP_BYTES. malloc() adds eight bytes of its own and
 * rounds up to 16 bytes: with this room the rounding wastes nothing.
 *
 * There is a list of unused blocks for each number of steps. Longer blocks come
 * from malloc() and go back to free(). All lists together keep at most
 * KEPT_BYTES; after a burst of clients the other blocks are freed.
 *
 * OpenSSL itself clears secrets before it gives their memory back.
 */
#include "net/tls/tls.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

enum {
	STEP_BYTES = 16,
	LEAST_BYTES = 8,
	LISTS =
	    1200, /* up to 19 kB: the buffer of a TLS record is the longest */
	KEPT_BYTES = 4 * 1024 * 1024
};

union block {
	size_t list;       /* of a used block; LISTS: it has none */
	union block *next; /* of an unused block */
	max_align_t align; /* so that the room is aligned */
};

static union block *unused[LISTS];
static size_t kept;

/* The list whose blocks have room for size bytes; LISTS or more: none. */
static size_t
list_of(size_t size)
{
	return size <= LEAST_BYTES ? 0
				   : (size - LEAST_BYTES - 1) / STEP_BYTES + 1;
}

static size_t
room_of(size_t list)
{
	return list * STEP_BYTES + LEAST_BYTES;
}

static void *
block_new(size_t list, size_t size)
{
	union block *block = malloc(sizeof(*block) + size);

	if (block == NULL)
		return NULL;
	block->list = list;
	return block + 1;
}

void *
tls_memory_take(size_t size, const char *file, int line)
{
	const size_t list = list_of(size);
	union block *block;

	(void)file;
	(void)line;
	if (list >= LISTS)
		return size > SIZE_MAX - sizeof(*block)
		    ? NULL
		    : block_new(LISTS, size);
	block = unused[list];
	if (block == NULL)
		return block_new(list, room_of(list));
	unused[list] = block->next;
	kept -= room_of(list);
	block->list = list;
	return block + 1;
}

void
tls_memory_give(void *data, const char *file, int line)
{
	union block *block = data;
	size_t list;

	(void)file;
	(void)line;
	if (block == NULL)
		return;
	list = (--block)->list;
	if (list == LISTS || kept + room_of(list) > KEPT_BYTES) {
		free(block);
		return;
	}
	block->next = unused[list];
	unused[list] = block;
	kept += room_of(list);
}

void *
tls_memory_change(void *data, size_t size, const char *file, int line)
{
	union block *block = data;
	size_t room;
	void *moved;

	if (block == NULL)
		return tls_memory_take(size, file, line);
	if (size == 0) {
		tls_memory_give(data, file, line);
		return NULL;
	}
	block--;
	if (block->list == LISTS) {
		if (size > SIZE_MAX - sizeof(*block))
			return NULL;
		block = realloc(block, sizeof(*block) + size);
		return block == NULL ? NULL : block + 1;
	}
	room = room_of(block->list);
	if (size <= room)
		return data;
	moved = tls_memory_take(size, file, line);
	if (moved == NULL)
		return NULL;
	memcpy(moved, data, room);
	tls_memory_give(data, file, line);
	return moved;
}

void
tls_memory_use(void)
{
	/* OpenSSL refuses this if it has taken memory before. */
	(void)CRYPTO_set_mem_functions(
	    tls_memory_take, tls_memory_change, tls_memory_give);
}
