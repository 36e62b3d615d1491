/* SPDX-License-Identifier: ISC */
/* The media type of a file: by its name, otherwise by its content. */
#ifndef GUIJU_PAGE_SERVE_MIME_H
#define GUIJU_PAGE_SERVE_MIME_H

#include "base/arena.h"
#include "base/str.h"

struct sniffer;
struct mimes; /* a cache of types found by content */

/* sniffer: borrowed; must outlive *out. ERR_NOMEM. */
enum err mimes_open(struct sniffer *sniffer, struct mimes **out) MUST_CHECK;
void mimes_close(struct mimes *mimes);

/*
 * The type of an open file: by its name, otherwise by its first bytes. A type
 * that is found by bytes is cached under the file's device, inode, size and
 * change time. A text that is UTF-8 has "; charset=utf-8". The result lives in
 * the arena or forever. NULL data: out of memory.
 */
struct str mime_of_file(
    struct mimes *mimes, struct arena *arena, struct str name, int file);

#endif
