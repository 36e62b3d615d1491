/* SPDX-License-Identifier: ISC */
/*
 * A start skips checks that the last server has made. A server that ends
 * without any failure leaves a start cache, a file, in the state folder: the
 * versions of the program, of SQLite and of the folding, and the fingerprints
 * of program, capsule and database. The next start reads the cache and removes
 * it. If nothing has changed, the start does not check each page and each part
 * of the database again, which is most of its time. After a crash, a power cut,
 * an import or an upgrade the cache is missing or differs.
 */
#ifndef GUIJU_RUN_WORKER_START_CACHE_H
#define GUIJU_RUN_WORKER_START_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* Write the cache. capsule: watch_fingerprint() of the capsule before it was
 * checked. If writing fails there is no cache. */
void start_cache_write(const char *state, uint64_t capsule);

/* Read and remove the cache. true: everything is as the cache says. capsule:
 * the fingerprint now. */
bool start_cache_take(const char *state, uint64_t capsule);

#endif
