/* SPDX-License-Identifier: ISC */
/*
 * Memory for OpenSSL. A handshake takes and gives back some hundred blocks of
 * the same few sizes; lists of used ones answer faster than malloc() can,
 * which has to keep memory whole for everybody.
 */
#ifndef GUIJU_NET_TLS_MEMORY_H
#define GUIJU_NET_TLS_MEMORY_H

#include <stddef.h>

/*
 * Let OpenSSL take its memory here, for as long as the process lives. To be
 * called before anything else of OpenSSL's; later it does nothing, and all
 * goes on as it was. For processes with one thread.
 */
void tls_memory_use(void);

/* As malloc(), realloc() and free(); the last two only for what was taken
 * here. The place in the source that OpenSSL names is of no use to us. */
void *tls_memory_take(size_t size, const char *file, int line);
void *tls_memory_change(void *data, size_t size, const char *file, int line);
void tls_memory_give(void *data, const char *file, int line);

#endif
