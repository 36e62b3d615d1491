/* SPDX-License-Identifier: ISC */
/*
 * Closing a listening socket without losing the clients in its queue.
 *
 * The kernel completes connections by itself and keeps them in the socket's
 * queue until they are accepted. close(2) resets the connections in the queue
 * and those in the middle of the TCP handshake. So a socket is closed in two
 * steps. First new clients are refused. When the queue is empty, the socket is
 * closed, and no client is lost.
 *
 * These functions change the socket in all processes that share it.
 */
#ifndef GUIJU_NET_CLOSING_H
#define GUIJU_NET_CLOSING_H

#include <stdbool.h>

/*
 * Refuse new clients from now on. The clients in the queue and in the middle of
 * the TCP handshake can still be accepted. false: this system cannot do it, and
 * nothing has changed.
 */
bool closing_begin(int socket);
/* Has any process called closing_begin() for this socket? */
bool closing_has_begun(int socket);
/* Is the queue empty, and no TCP handshake under way? true if the system does
 * not tell. */
bool closing_is_over(int socket);
/* Stop listening: accept(2) fails with EINVAL from now on. Only on Linux;
 * elsewhere it does nothing. */
void closing_end(int socket);

#endif
