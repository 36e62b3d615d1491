/* SPDX-License-Identifier: ISC */
/* The type of a file: by its name, else by a look at its content. */
#ifndef GUIJU_PAGE_MIME_H
#define GUIJU_PAGE_MIME_H

#include "base/arena.h"
#include "base/str.h"

struct sniffer; /* libmagic, opened, with a memory of what it has seen */

/* ERR_IO: libmagic or its database is not there; the log says why. */
enum err sniffer_open(struct sniffer **out) MUST_CHECK;
void sniffer_close(struct sniffer *sniffer);

/* By extension; empty where the name does not tell. */
struct str mime_of_name(struct str name);

/*
 * What an open file is: by its name, else by libmagic's look at its first
 * bytes, remembered by the file's identity (device, inode, change time).
 * The text lives in the arena or forever. Text gets "; charset=utf-8".
 */
struct str mime_of_file(
    struct sniffer *sniffer, struct arena *arena, struct str name, int file);

#endif
