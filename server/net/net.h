/* SPDX-License-Identifier: ISC */
/*
 * The network side of one worker: listeners, connections, TLS, deadlines, on
 * one libevent base. It turns bytes into requests with wire/, asks the site,
 * and writes replies. It never touches the database.
 */
#ifndef GUIJU_NET_NET_H
#define GUIJU_NET_NET_H

#include <event2/event.h>

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
	struct tls *tls;   /* kept */
	struct str host;   /* our public name; requests for others are 53 */
	/* Kept: see struct wire_host. */
	struct str other_host;
	unsigned other_port;
	struct str admin, description; /* kept; for caps.txt, may be empty */
	const struct words *words;     /* kept: the site's; NULL: English */
	struct services services;
	const struct net_listener *listeners;
	size_t listener_count;
	size_t connections_max; /* a worker's */
	struct peers_seat seat; /* zeroed: addresses have no limits */
	enum log_address log_address;
	struct ip_ranges unlimited_from; /* these have none */
	struct ip_ranges proxy_from;     /* these say for whom they come */
};

struct net;

/* Begin to accept on base (kept). */
enum err net_open(struct event_base *base, const struct net_options *options,
    struct net **out) MUST_CHECK;

/*
 * Accept no more, and close the listening sockets of this process; one to
 * which nobody new is let in (closing.h) is accepted from until it is shut.
 * When the last connection has ended (or drain_ms have passed) the base's loop
 * is left (event_base_loopbreak). Below 10 s all who wait are accepted first,
 * and a connection that has asked for nothing is waited for one second only.
 */
void net_drain(struct net *net, unsigned drain_ms);

size_t net_connections(const struct net *net);

/* Tell the log what it was spared. Every few seconds; net_close() does, too. */
void net_summarise(struct net *net);

void net_close(struct net *net);

#endif
