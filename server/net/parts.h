/* SPDX-License-Identifier: ISC */
/* What the network side of a worker is made of, for the files of net/. */
#ifndef GUIJU_NET_PARTS_H
#define GUIJU_NET_PARTS_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "net/flood.h"
#include "net/net.h"
#include "wire/wire.h"

struct connection;

struct listener {
	struct net *net;
	struct event event;
	int socket; /* -1: left */
	const struct wire *wire;
};

struct net {
	struct event_base *base;
	struct site *site;
	struct tls *tls; /* NULL: no TLS */
	struct wire_host ours;
	char *host;          /* what ours.host points to */
	struct arena *arena; /* of the request that is being answered */

	struct listener *listeners;
	size_t listener_count;
	struct event resume; /* timer: accept again */
	bool resting;        /* until that timer */
	bool accepting;
	int reserve;           /* a descriptor to give up when none is left */
	int64_t complained_ms; /* when the log last heard of that */

	struct connection *connections;
	size_t connection_count, connections_max;
	struct peers_seat seat;
	struct ip_ranges unlimited_from, proxy_from;
	struct flood flood;   /* what the log is told, and spared */
	struct event drained; /* timer: the loop ends */
	bool draining;
	bool hurrying; /* whoever asks for nothing is not waited for */
};

/* listener.c: begin, stop and go on accepting. */
enum err listener_open(struct listener *listener, struct net *net,
    const struct net_listener *from) MUST_CHECK;
/* Those that have been left stay so. */
void listeners_start(struct net *net);
void listeners_stop(struct net *net);
/*
 * Leave each: now, or, when nobody new is let in any more (closing.h), as soon
 * as it is shut. take: accept who waits there first.
 */
void listeners_leave(struct net *net, bool take);
/* Has each been left? */
bool listeners_are_left(const struct net *net);

/* connection.c: serve a client whose non-blocking socket is given. */
void connection_open(struct net *net, int socket, const struct wire *wire,
    const struct ip *peer);
/* End it at once. */
void connection_close(struct connection *connection);

/* We are to stop: who has not begun a request has a second more to do so. */
void connections_hurry(struct net *net);

/* net.c: a connection has ended. */
void net_ended(struct net *net);
/* net.c: if we are to stop and nothing is left to do, leave the loop. */
void net_end_if_over(struct net *net);

#endif
