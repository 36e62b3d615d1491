/* SPDX-License-Identifier: ISC */
/*
 * The first checks of a connection. A peer whose address is in `proxy-from` is
 * a proxy. It must begin with a PROXY header, and the address in the header is
 * taken as the client's. Without a header it is refused. A header from any
 * other peer is read as a request, and is a bad one.
 *
 * Then the connection is counted for the client's address. An address past its
 * limits is told to wait (in answer to its request), or reset at once.
 */
#include "net/internal.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "wire/wire.h"

/* Count the connection. STEP_ABORT: its address is past its limits. */
static enum step
admit(struct connection *c)
{
	struct net *net = c->net;
	/* Above its limit, while draining, a worker has no room. */
	const size_t room = net->connection_count < net->connections_max
	    ? net->connections_max - net->connection_count
	    : 0;
	char name[IP_TEXT_MAX];

	c->state = HELLO;
	if (ip_ranges_have(&net->unlimited_from, &c->ip) ||
	    peers_enter(&net->seat, &c->ip, room, clock_us(), &c->visit,
		&c->wait_s) != PEERS_AWAY)
		return STEP_NEXT;
	log_debug("net: %s: turned away", log_name(c, name));
	return STEP_ABORT;
}

enum step
arrival_begin(struct connection *c)
{
	if (!ip_ranges_have(&c->net->proxy_from, &c->ip))
		return admit(c);
	buf_init(&c->header, PROXY_MAX);
	c->state = HEADER;
	return STEP_NEXT;
}

static enum step
refuse_header(const struct connection *c)
{
	char name[IP_TEXT_MAX];

	metrics_count(METRIC_AWAY_PROXY);
	log_warn("net: %s is in proxy-from, but sends no PROXY header or a "
		 "malformed one",
	    log_name(c, name));
	return STEP_ABORT;
}

static enum step
believe(struct connection *c, const struct proxy_header *header)
{
	buf_release(&c->header);
	if (header->known)
		c->ip = header->from;
	return admit(c);
}

/* Only the header is taken out of the socket: the bytes behind it are the
 * client's. */
enum step
arrival_read_header(struct connection *c)
{
	char piece[PROXY_MAX];

	for (;;) {
		const size_t before = c->header.len;
		struct proxy_header header;
		enum proxy_progress progress;
		size_t take;
		ssize_t n = recv(
		    c->channel.socket, piece, PROXY_MAX - before, MSG_PEEK);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return STEP_WAIT_READ;
		if (n <= 0)
			return STEP_CLOSE;
		buf_add(&c->header, piece, (size_t)n);
		if (c->header.err != OK)
			return STEP_CLOSE;
		progress = proxy_read(buf_view(&c->header), &header);
		if (progress == PROXY_BAD)
			return refuse_header(c);
		take =
		    progress == PROXY_WHOLE ? header.len - before : (size_t)n;
		if (recv(c->channel.socket, piece, take, 0) != (ssize_t)take)
			return STEP_CLOSE;
		if (progress == PROXY_WHOLE)
			return believe(c, &header);
	}
}
