/* SPDX-License-Identifier: ISC */
/*
 * Who comes from an address of `proxy-from` is a proxy: it says first, in a
 * PROXY header, for whom it comes, and is believed; without one it is
 * refused. From anybody else a header is no more than a bad request.
 *
 * Whoever it is then is counted, and may be told to wait (in answer to the
 * request, when it has come) or turned away at once.
 */
#include "net/internal.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "wire/proxy.h"

/* May it come in? */
static enum step
admit(struct connection *c)
{
	struct net *net = c->net;
	const bool crowded =
	    net->connection_count * 100 > net->connections_max * LIMIT_CROWDED;
	char name[IP_TEXT_MAX];

	c->state = HELLO;
	if (ip_ranges_have(&net->unlimited_from, &c->ip) ||
	    peers_enter(&net->seat, &c->ip, crowded, clock_us(), &c->visit,
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

/* What stands behind the header is the client's and stays in the socket. */
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
