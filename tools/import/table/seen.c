/* SPDX-License-Identifier: ISC */
/*
 * Open addressing, at most half full: 32 bytes a row at worst, so a million
 * rows need 32 MB. Two different texts of one hash would make the second a
 * false double; at 64 bits that is no case in a catalogue's lifetime.
 */
#include "tools/import/table/internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 1024 };

static struct once_slot *
find(const struct once *once, uint64_t hash)
{
	size_t mask = once->size - 1, i = (size_t)(hash ^ hash >> 32) & mask;

	while (once->slot[i].hash != 0 && once->slot[i].hash != hash)
		i = (i + 1) & mask;
	return &once->slot[i];
}

static enum err
grow(struct once *once)
{
	struct once old = *once;

	if (old.size > SIZE_MAX / 4 / sizeof(*old.slot))
		return ERR_NOMEM;
	once->size = old.size == 0 ? FIRST_SIZE : old.size * 2;
	once->slot = calloc(once->size, sizeof(*once->slot));
	if (once->slot == NULL) {
		*once = old;
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < old.size; i++)
		if (old.slot[i].hash != 0)
			*find(once, old.slot[i].hash) = old.slot[i];
	free(old.slot);
	return OK;
}

enum err
once_add(struct once *once, uint64_t hash, size_t line, size_t *earlier)
{
	struct once_slot *slot;

	if (once->count >= once->size / 2 && grow(once) != OK)
		return ERR_NOMEM;
	slot = find(once, hash);
	*earlier = slot->hash == 0 ? 0 : slot->line;
	if (slot->hash == 0) {
		*slot = (struct once_slot){hash, (uint32_t)line};
		once->count++;
	}
	return OK;
}

void
once_clear(struct once *once)
{
	if (once->size > 0)
		memset(once->slot, 0, once->size * sizeof(*once->slot));
	once->count = 0;
}

void
once_release(struct once *once)
{
	free(once->slot);
	*once = (struct once){0};
}
