/* SPDX-License-Identifier: ISC */
/* How much of what was sent has arrived. */
#ifndef GUIJU_NET_PROGRESS_H
#define GUIJU_NET_PROGRESS_H

#include <stdint.h>

/* The bytes that the peer of a TCP socket has acknowledged since it was
 * opened; `sent` where the system does not tell. */
uint64_t progress_of(int socket, uint64_t sent);

#endif
