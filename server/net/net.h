/* SPDX-License-Identifier: ISC */
/*
 * The network side of one worker: listeners, connections, TLS and deadlines on
 * one libevent base. It makes requests of bytes with wire/, asks the site, and
 * sends the replies. It never touches the database.
 */
#ifndef GUIJU_NET_NET_H
#define GUIJU_NET_NET_H

#include <event2/event.h>
#include <stdbool.h>

#include "base/ip.h"
#include "base/log.h"
#include "net/peers.h"
#include "net/tls/tls.h"
#include "page/site.h"
#include "wire/wire.h"

struct net_listener {
	int socket; /* listening, non-blocking; net_drain() closes it */
	const struct wire *wire;
};

struct net_options {
	struct site *site; /* kept */
	struct tls *tls;   /* kept; NULL: no TLS */
	struct str host;   /* public name; requests for others are refused */
	/* Kept; see struct wire_host. */
	struct str other_host;
	unsigned other_port;
	struct str admin, description; /* kept; for caps.txt; may be empty */
	const struct words *words;     /* kept; the site's; NULL: English */
	/* The folder for uploads while they are received; copied. NULL: no
	 * uploads are taken. */
	const char *uploads;
	struct services services;
	const struct net_listener *listeners;
	size_t listener_count;
	size_t connections_max; /* of this worker */
	struct peers_seat seat; /* zeroed: addresses have no limits */
	enum log_address log_address;
	struct ip_ranges unlimited_from; /* addresses without limits */
	struct ip_ranges proxy_from;     /* proxies; they send PROXY headers */
};

struct net;

/* Begin to accept on base (kept). ERR_NOMEM, ERR_BUG. */
enum err net_open(struct event_base *base, const struct net_options *options,
    struct net **out) MUST_CHECK;

/*
 * Drain: close the listening sockets of this process, and serve the connections
 * that are open. A socket that closing_begin() has closed to new clients stays
 * open and is accepted from until closing_end(). When the last connection has
 * ended, or drain_ms have passed, the base's loop ends (event_base_loopbreak).
 *
 * If drain_ms is below 10 s, the clients that wait in the queues are accepted
 * first, and an idle connection is closed after one second.
 */
void net_drain(struct net *net, unsigned drain_ms);

size_t net_connections(const struct net *net);

/* Log how many lines were left out of the log. Call it every few seconds;
 * net_close() does it as well. */
void net_summarise(struct net *net);

void net_close(struct net *net);

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
