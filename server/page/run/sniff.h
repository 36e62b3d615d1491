/* SPDX-License-Identifier: ISC */
/*
 * What bytes are, by a look at them: libmagic, in a child that has nothing
 * but the bytes (base/isolate.h). libmagic is the one reader of ours whose
 * business is every format there is, and it has the bugs of that.
 */
#ifndef GUIJU_PAGE_RUN_SNIFF_H
#define GUIJU_PAGE_RUN_SNIFF_H

#include "base/arena.h"
#include "base/isolate.h"

struct sniffer;

enum { SNIFF_BYTES = 64 * 1024 }; /* what is looked at, from the front */

/* Load libmagic's tables. ERR_IO: they are not there; the log says why. */
enum err sniffer_open(struct sniffer **out) MUST_CHECK;
void sniffer_close(struct sniffer *sniffer);

/*
 * The type of the first SNIFF_BYTES of bytes, "text/plain", lower case and
 * without parameters; "application/octet-stream" where nobody knows. The text
 * is arena's. ERR_INPUT, ERR_LATE: the look did not end well, and neither
 * would another; ERR_BUSY, ERR_IO, ERR_NOMEM: of ours.
 */
enum err sniff(struct sniffer *sniffer, struct arena *arena, struct str bytes,
    struct str *type) MUST_CHECK;

/* The same by another way to look, for sniff() and its tests. */
enum err sniff_by(const struct isolate_work *work, struct arena *arena,
    struct str bytes, struct str *type) MUST_CHECK;

/*
 * Can bytes that look like `seen` be what their sender says they are? A text
 * of whatever kind looks like a text; what is made of another format (XML,
 * ZIP) may look like that; all else is what it looks like. said: a media type
 * with or without parameters.
 */
bool sniff_agrees(struct str said, struct str seen);

#endif
