/* SPDX-License-Identifier: ISC */
/*
 * What was checked need not be checked again. A server that ends as it should
 * leaves a note in the state folder: what the program, its libraries, the
 * capsule and the database looked like. The next start finds the note, takes it
 * away, and if nothing has changed since goes on without looking at each page
 * and at each part of the database once more, which is most of what a start
 * takes. After a crash, a power cut, an import or an upgrade there is no note,
 * or it tells of something else.
 */
#ifndef GUIJU_RUN_WORKER_START_CACHE_H
#define GUIJU_RUN_WORKER_START_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* Leave the note. capsule: watch_fingerprint() of it before it was checked.
 * A note that cannot be written is none. */
void start_cache_write(const char *state, uint64_t capsule);

/* Take the note away. true: it tells of what is there now. capsule: as it is
 * now. */
bool start_cache_take(const char *state, uint64_t capsule);

#endif
