/* SPDX-License-Identifier: ISC */
/*
 * A start skips checks that the last server has made. A server that ends
 * without any failure leaves a start cache, a file, in the state folder: the
 * versions of the program, of SQLite and of the folding, and the fingerprints
 * of program, capsule and database. The next start reads the cache and removes
 * it. If nothing has changed, the start does not check each page and each part
 * of the database again, which is most of its time. After a crash, a power cut
 * or an import the cache is missing or differs; after an upgrade the part about
 * the database is the same.
 */
#ifndef GUIJU_RUN_WORKER_START_CACHE_H
#define GUIJU_RUN_WORKER_START_CACHE_H

#include <stdint.h>

/* Write the cache. capsule: watch_fingerprint() of the capsule before it was
 * checked. If writing fails there is no cache. */
void start_cache_write(const char *state, uint64_t capsule);

enum start_cache {
	START_CACHE_NOTHING,
	START_CACHE_DATABASE, /* a good stop has left the database so */
	START_CACHE_ALL       /* and nothing else has changed */
};

/* Read and remove the cache: what is as the cache says? capsule: the
 * fingerprint now. */
enum start_cache start_cache_take(const char *state, uint64_t capsule);

#endif
