/* SPDX-License-Identifier: ISC */
/*
 * A hash set with open addressing, at most half full: 32 to 64 bytes per row,
 * and 32 MB for a million rows. If two texts had the same hash, the second
 * would be a false duplicate. With 64 bits, this does not happen in the
 * lifetime of a catalogue.
 */
#include "tools/import/table/internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 1024 };

static struct seen_slot *
find(const struct seen *seen, uint64_t hash)
{
	size_t mask = seen->size - 1, i = (size_t)(hash ^ hash >> 32) & mask;

	while (seen->slot[i].hash != 0 && seen->slot[i].hash != hash)
		i = (i + 1) & mask;
	return &seen->slot[i];
}

static enum err
grow(struct seen *seen)
{
	struct seen old = *seen;

	if (old.size > SIZE_MAX / 4 / sizeof(*old.slot))
		return ERR_NOMEM;
	seen->size = old.size == 0 ? FIRST_SIZE : old.size * 2;
	seen->slot = calloc(seen->size, sizeof(*seen->slot));
	if (seen->slot == NULL) {
		*seen = old;
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < old.size; i++)
		if (old.slot[i].hash != 0)
			*find(seen, old.slot[i].hash) = old.slot[i];
	free(old.slot);
	return OK;
}

enum err
seen_add(struct seen *seen, uint64_t hash, size_t line, size_t *earlier)
{
	struct seen_slot *slot;

	if (seen->count >= seen->size / 2 && grow(seen) != OK)
		return ERR_NOMEM;
	slot = find(seen, hash);
	*earlier = slot->hash == 0 ? 0 : slot->line;
	if (slot->hash == 0) {
		*slot = (struct seen_slot){hash, (uint32_t)line};
		seen->count++;
	}
	return OK;
}

void
seen_clear(struct seen *seen)
{
	if (seen->size > 0)
		memset(seen->slot, 0, seen->size * sizeof(*seen->slot));
	seen->count = 0;
}

void
seen_release(struct seen *seen)
{
	free(seen->slot);
	*seen = (struct seen){0};
}
