/* SPDX-License-Identifier: ISC */
/* The type of a file: by its name, else by a look at its content. */
#ifndef GUIJU_PAGE_SERVE_MIME_H
#define GUIJU_PAGE_SERVE_MIME_H

#include "base/arena.h"
#include "base/str.h"

struct sniffer;
struct mimes; /* a memory of files that have been looked at */

/* sniffer: kept. */
enum err mimes_open(struct sniffer *sniffer, struct mimes **out) MUST_CHECK;
void mimes_close(struct mimes *mimes);

/* By extension; empty where the name does not tell. */
struct str mime_of_name(struct str name);

/*
 * What an open file is: by its name, else by a look at its first bytes,
 * remembered by the file's identity (device, inode, change time). The text
 * lives in the arena or forever. Text gets "; charset=utf-8". NULL data: memory
 * is out.
 */
struct str mime_of_file(
    struct mimes *mimes, struct arena *arena, struct str name, int file);

#endif
