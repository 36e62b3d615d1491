/* SPDX-License-Identifier: ISC */
/*
 * Closing a listening socket without losing who has come already.
 *
 * The kernel takes connections by itself and keeps them in the socket's queue
 * until they are accepted. A plain close(2) resets who is in the queue, and
 * whose handshake was under way. So the socket is closed in two steps: first
 * nobody else comes in, then, when the queue is empty, nobody is there to be
 * lost.
 *
 * What is done to a socket holds in all processes that share it.
 */
#ifndef GUIJU_NET_CLOSING_H
#define GUIJU_NET_CLOSING_H

#include <stdbool.h>

/*
 * Refuse at once whoever comes from now on; who is in the queue or in the
 * middle of a handshake can still be accepted. false: this system cannot, and
 * nothing has changed.
 */
bool closing_begin(int socket);
/* Has anybody begun? */
bool closing_has_begun(int socket);
/* Is the queue empty, and no handshake under way? Where a system cannot tell,
 * it is. */
bool closing_is_over(int socket);
/* Stop listening: accept(2) fails with EINVAL from now on. */
void closing_end(int socket);

#endif
