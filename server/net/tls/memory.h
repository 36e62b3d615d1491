/* SPDX-License-Identifier: ISC */
/*
 * Memory for OpenSSL. A handshake takes and gives back some hundred blocks of
 * the same few sizes. Lists of unused blocks are faster than malloc(), which
 * has to avoid fragmentation for all sizes.
 */
#ifndef GUIJU_NET_TLS_MEMORY_H
#define GUIJU_NET_TLS_MEMORY_H

#include <stddef.h>

/*
 * Make OpenSSL take its memory here until the process ends. Call this before
 * any other function of OpenSSL. A later call has no effect, and OpenSSL goes
 * on with malloc(). Only for processes with one thread.
 */
void tls_memory_use(void);

/* As malloc(), realloc() and free(). The last two take only blocks from here.
 * file and line, OpenSSL's calling line, are ignored. */
void *tls_memory_take(size_t size, const char *file, int line);
void *tls_memory_change(void *data, size_t size, const char *file, int line);
void tls_memory_give(void *data, const char *file, int line);

#endif
