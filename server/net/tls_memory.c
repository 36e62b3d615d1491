/* SPDX-License-Identifier: ISC */
/*
 * A block is a head and the bytes behind it, whose number is a multiple of
 * STEP_BYTES; there is a list of unused blocks for each multiple. What is
 * longer than any of them goes to malloc() and back. The lists keep at most
 * KEPT_BYTES: after a burst the rest goes back as well.
 *
 * OpenSSL itself clears what was secret before it gives it back.
 */
#include "net/tls_memory.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

enum {
	STEP_BYTES = 32,
	LISTS =
	    600, /* up to 19 kB: the buffer of a TLS record is the longest */
	KEPT_BYTES = 4 * 1024 * 1024
};

union block {
	size_t list;       /* while it is used; LISTS: it has none */
	union block *next; /* while it is not */
	max_align_t align; /* of what follows */
};

static union block *unused[LISTS];
static size_t kept;

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
	size_t list = size / STEP_BYTES + (size % STEP_BYTES != 0);
	union block *block;

	(void)file;
	(void)line;
	if (list >= LISTS)
		return size > SIZE_MAX - sizeof(*block)
		    ? NULL
		    : block_new(LISTS, size);
	block = unused[list];
	if (block == NULL)
		return block_new(list, list * STEP_BYTES);
	unused[list] = block->next;
	kept -= list * STEP_BYTES;
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
	if (list == LISTS || kept + list * STEP_BYTES > KEPT_BYTES) {
		free(block);
		return;
	}
	block->next = unused[list];
	unused[list] = block;
	kept += list * STEP_BYTES;
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
	room = block->list * STEP_BYTES;
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
	/* Refused once OpenSSL has taken memory elsewhere. */
	(void)CRYPTO_set_mem_functions(
	    tls_memory_take, tls_memory_change, tls_memory_give);
}
