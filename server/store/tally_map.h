/* SPDX-License-Identifier: ISC */
/*
 * The file behind one tally: counters that all processes map. Used by
 * tally.c only.
 *
 * A page of header, then chunks. A chunk is a bitmap of the ids that have
 * changed since the last fold, and their counters:
 *
 *	header 4096 | chunk 0: 8192 dirty bits' bytes, 65536 counters | ...
 *
 * The whole possible file is mapped at once, so it never has to be mapped
 * again; what must not be touched is a chunk without blocks on the disk. A
 * chunk is given its blocks (posix_fallocate) before it is marked ready: a
 * full disk is then an error there, not a SIGBUS somewhere else. Numbers are
 * in the machine's own byte order: the file never leaves it.
 */
#ifndef GUIJU_STORE_TALLY_MAP_H
#define GUIJU_STORE_TALLY_MAP_H

#include <stdatomic.h>

#include "base/str.h"
#include "store/tally.h"

enum {
	CHUNK_IDS = 65536,
	CHUNK_WORDS = CHUNK_IDS / 64,
	CHUNK_COUNT = (TALLY_ID_MAX + 1) / CHUNK_IDS
};

struct tally_chunk {
	_Atomic uint64_t dirty[CHUNK_WORDS];
	_Atomic uint64_t counter[CHUNK_IDS];
};

struct tally_header {
	char magic[16];
	_Atomic uint32_t folding; /* a fold has taken bits, not yet stored */
	_Atomic uint32_t spare;
	_Atomic uint8_t ready[CHUNK_COUNT]; /* chunks that have blocks */
};

enum { HEADER_BYTES = 4096, MAP_NAME_MAX = 32 };

struct tally_map {
	int fd;
	struct tally_header *header; /* all of the mapping */
	struct tally_chunk *chunk;   /* CHUNK_COUNT of them */
};

/*
 * Map dir_fd's NAME.tally (name: checked). ERR_MISSING: it is not there and
 * `create` is false. A file that is none of ours or was cut off is set aside
 * as NAME.tally.bad and made anew. ERR_IO, ERR_LIMIT (path too long).
 */
enum err tally_map_open(
    int dir_fd, struct str name, bool create, struct tally_map *out) MUST_CHECK;
void tally_map_close(struct tally_map *map);

/* The chunk with this number, or NULL if it is not ready. */
struct tally_chunk *tally_map_chunk(const struct tally_map *map, size_t n);
/* The same, made ready first. NULL: the disk is full or broken. */
struct tally_chunk *tally_map_need(struct tally_map *map, size_t n);

#endif
