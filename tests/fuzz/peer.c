/* SPDX-License-Identifier: ISC */
/* The server's loop, turned by hand. */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "fuzz.h"
#include "net/internal.h"
#include "place.h"
#include "portal.h"
#include "net/answer.h"

enum {
	SMALL_BYTES = 2048,
	RECEIVED_MAX = 4 << 20,
	/* Turns in which something has to change, and all together. */
	STILL_TURNS = 2,
	TURNS_MAX = 4096
};

static struct event_base *base;
static struct net *net;
static int64_t now_ms = 1000;

int64_t __wrap_clock_ms(void);

int64_t
__wrap_clock_ms(void)
{
	return now_ms;
}

struct tls *
peer_tls(void)
{
	static struct tls *tls;
	const struct str host = STR(PORTAL_HOST);
	struct buf why;
	bool made;

	if (tls != NULL)
		return tls;
	buf_init(&why, 1024);
	place_write("certs/keep", "", 0);
	MUST(tls_make_certificate(place(), host, &made, &why) == OK);
	MUST(tls_open(place(), &host, 1, NULL, &tls, &why) == OK);
	buf_release(&why);
	return tls;
}

static void
open_once(void)
{
	struct net_options options = {.host = STR(PORTAL_HOST),
	    .services = wire_services(),
	    .uploads = place(),
	    .connections_max = 8};

	if (net != NULL)
		return;
	base = event_base_new();
	MUST(base != NULL);
	options.site = portal();
	options.tls = peer_tls();
	MUST(net_open(base, &options, &net) == OK);
}

void
peer_open(struct peer *peer, const struct wire *wire, bool small)
{
	static const unsigned char somebody[IP4_BYTES] = {192, 0, 2, 1};
	const struct ip from = ip_from_v4(somebody);
	const int bytes = SMALL_BYTES;
	int pair[2];

	open_once();
	MUST(net_connections(net) == 0);
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	for (size_t i = 0; i < 2; i++)
		MUST(fcntl(pair[i], F_SETFL, O_NONBLOCK) == 0);
	if (small)
		MUST(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &bytes,
			 sizeof(bytes)) == 0);
	*peer = (struct peer){.socket = pair[0]};
	buf_init(&peer->received, RECEIVED_MAX);
	connection_open(net, pair[1], wire, &from);
}

/* What there is, if it listens. */
static void
receive(struct peer *peer)
{
	char room[16 * 1024];
	ssize_t n;

	if (peer->socket < 0 || peer->deaf)
		return;
	while ((n = recv(peer->socket, room, sizeof(room), 0)) > 0)
		buf_add(&peer->received, room, (size_t)n);
	MUST(peer->received.err == OK);
	if (n == 0)
		peer->ended = true;
}

/* What changes whenever something has been done. */
static uint64_t
progress(const struct peer *peer)
{
	const struct connection *c = net->connections;

	if (c == NULL)
		return peer->received.len;
	MUST(c->next == NULL);
	/* No step waits without an end, none collects without a limit. */
	MUST(c->deadline_ms <=
	    now_ms + (c->state == BODY ? LIMIT_UPLOAD_MS : LIMIT_WINDOW_MS));
	MUST(c->body == NULL || c->state == BODY);
	MUST(c->in.len <=
	    wire_gopher.protocol.line_max + 2 + wire_gopher.input_max);
	MUST(c->drained <= c->drain_max + 16 * 1024);
	return 1 + (uint64_t)c->state + c->in.len * 7 + c->drained * 7 +
	    (c->answer == NULL ? 0 : c->answer->sent * 7) +
	    (c->body == NULL ? 0 : body_received(c->body) * 7) +
	    peer->received.len * 7;
}

void
peer_turn(struct peer *peer)
{
	uint64_t before = progress(peer);

	for (size_t turns = 0, still = 0; still < STILL_TURNS; turns++) {
		uint64_t after;
		MUST(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
		receive(peer);
		after = progress(peer);
		still = after == before ? still + 1 : 0;
		before = after;
		MUST(turns < TURNS_MAX);
	}
}

bool
peer_send(struct peer *peer, struct str bytes)
{
	while (bytes.len > 0 && peer->socket >= 0) {
		ssize_t n =
		    send(peer->socket, bytes.data, bytes.len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		if (!peer->spoke)
			peer->tls = bytes.data[0] == 0x16;
		peer->spoke = true;
		bytes = str_slice(bytes, (size_t)n, bytes.len);
		peer_turn(peer);
	}
	return bytes.len == 0;
}

void
peer_wait(struct peer *peer, unsigned ms)
{
	now_ms += ms;
	for (struct connection *c = net->connections; c != NULL; c = c->next)
		if (c->deadline_ms <= now_ms)
			event_active(&c->event, EV_TIMEOUT, 1);
	peer_turn(peer);
}

void
peer_end(struct peer *peer, enum peer_end how)
{
	if (peer->socket < 0)
		return;
	if (how == PEER_SHUT) {
		shutdown(peer->socket, SHUT_WR);
	} else {
		close(peer->socket);
		peer->socket = -1;
	}
	peer_turn(peer);
}

void
peer_drain(struct peer *peer, unsigned ms)
{
	net_drain(net, ms);
	peer_turn(peer);
	peer_wait(peer, 0);
}

void
peer_close(struct peer *peer)
{
	/* No reader, however slow, has more than this for 512 KiB. */
	const unsigned longest_ms = 2 * LIMIT_HANDSHAKE_MS + LIMIT_REQUEST_MS +
	    LIMIT_UPLOAD_MS + PORTAL_UPLOAD_BYTES / LIMIT_UPLOAD_BYTES_PER_MS +
	    LIMIT_ANSWER_MS + 1024 * 1024 / LIMIT_ANSWER_BYTES_PER_MS +
	    LIMIT_UPLOAD_DRAIN_MS;

	for (unsigned ms = 0; ms < longest_ms; ms += 1000)
		peer_wait(peer, 1000);
	MUST(net_connections(net) == 0);
	if (peer->socket >= 0)
		close(peer->socket);
	buf_release(&peer->received);
	/* The next one finds a server that does not stop. */
	event_del(&net->drained);
	net->draining = false;
}
