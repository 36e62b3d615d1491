/* SPDX-License-Identifier: ISC */
/*
 * Tells the media type of bytes from the bytes themselves, by libmagic.
 * libmagic parses very many formats and has bugs in proportion. So it runs in a
 * child process that can only read the bytes and answer (base/isolate.h).
 */
#ifndef GUIJU_PAGE_RUN_SNIFF_H
#define GUIJU_PAGE_RUN_SNIFF_H

#include "base/arena.h"
#include "base/isolate.h"

struct sniffer;

enum { SNIFF_BYTES = 64 * 1024 }; /* so many first bytes are examined */

/* Load libmagic's tables. ERR_IO: they cannot be loaded; the log says why. */
enum err sniffer_open(struct sniffer **out) MUST_CHECK;
void sniffer_close(struct sniffer *sniffer);

/*
 * The media type of the first SNIFF_BYTES of bytes, for example "text/plain":
 * in lower case, without parameters. An unknown type is
 * "application/octet-stream". The text is in the arena. ERR_INPUT: the child
 * died or its answer is too long. ERR_LATE: the child took too long. With the
 * same bytes both would happen again. ERR_BUSY, ERR_IO, ERR_NOMEM: a failure of
 * the server.
 */
enum err sniff(struct sniffer *sniffer, struct arena *arena, struct str bytes,
    struct str *type) MUST_CHECK;

/* The same type as a header has it: a text that is UTF-8 has its charset. bytes
 * may be empty, and are cut at SNIFF_BYTES at the latest. On an error the type
 * is "application/octet-stream". */
enum err sniff_media_type(struct sniffer *sniffer, struct arena *arena,
    struct str bytes, struct str *type) MUST_CHECK;

/* The same with other work in the child, for sniff() and its tests. */
enum err sniff_by(const struct isolate_work *work, struct arena *arena,
    struct str bytes, struct str *type) MUST_CHECK;

/*
 * Can bytes that look like `seen` be of the type that their sender says? A text
 * type may look like any text. A format that is made of another one (XML, ZIP)
 * may look like that one. Every other type must look like itself. said: a media
 * type, with or without parameters.
 */
bool sniff_agrees(struct str said, struct str seen);

/* Where libmagic looks for its tables: paths with ":" between them. */
const char *sniff_tables(void);

#endif
