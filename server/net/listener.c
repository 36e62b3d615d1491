/* SPDX-License-Identifier: ISC */
/*
 * Accepting. All workers share the listening sockets. So an accept that finds
 * no client is not an error: another worker was faster.
 *
 * When descriptors run out, a client in the queue would keep the socket
 * readable for ever. So one descriptor is held in reserve. It is closed to make
 * room for the client, and the client is accepted and closed at once. Then
 * accepting pauses for LIMIT_REST_MS. The reserve is a copy of standard error,
 * because a worker in its sandbox may not open /dev/null again.
 */
#define _GNU_SOURCE /* accept4: Linux and the BSDs */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/internal.h"
#include "net/net.h"

enum {
	ACCEPT_TURN = 16, /* clients before other events get a turn */
	COMPLAIN_EVERY_MS = 60 * 1000
};

static void
complain(struct net *net, int error)
{
	int64_t now_ms = clock_ms();

	if (net->complained_ms != 0 &&
	    now_ms - net->complained_ms < COMPLAIN_EVERY_MS)
		return;
	net->complained_ms = now_ms;
	log_error("net: cannot accept: %s (said at most once a minute)",
	    strerror(error));
}

static void
rest(struct net *net)
{
	const struct timeval time = {.tv_usec = LIMIT_REST_MS * 1000};

	listeners_stop(net);
	net->resting = event_add(&net->resume, &time) == 0;
}

/* Accept and close one waiting client, so that it learns at once. */
static void
shed(struct net *net, int socket)
{
	int client;

	if (net->reserve < 0)
		return;
	close(net->reserve);
	client = accept(socket, NULL, NULL);
	if (client >= 0)
		close(client);
	net->reserve = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
}

static void
accept_failed(struct listener *listener, int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
		complain(listener->net, error);
		shed(listener->net, listener->socket);
		rest(listener->net);
		break;
	case ENOBUFS:
	case ENOMEM:
	case EPERM: /* a firewall's refusal */
	case EBADF:
	case EINVAL:
	case ENOTSOCK:
		complain(listener->net, error);
		rest(listener->net);
		break;
	default: /* no client, or the client has gone already */
		break;
	}
}

/* The client's address. For a family other than IPv4 and IPv6: ::. */
static struct ip
ip_of(const struct sockaddr_storage *peer)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (peer->ss_family == AF_INET) {
		memcpy(&v4, peer, sizeof(v4));
		return ip_from_v4((const unsigned char *)&v4.sin_addr.s_addr);
	}
	if (peer->ss_family == AF_INET6)
		memcpy(&v6, peer, sizeof(v6));
	return ip_from_v6(v6.sin6_addr.s6_addr);
}

/* Accept one client. false: errno says why not. */
static bool
accept_one(const struct listener *listener)
{
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(peer);
	struct ip ip;
	int client = accept4(listener->socket, (struct sockaddr *)&peer, &len,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (client < 0)
		return false;
	ip = ip_of(&peer);
	connection_open(listener->net, client, listener->wire, &ip);
	return true;
}

static void
leave(struct listener *listener)
{
	event_del(&listener->event);
	close(listener->socket);
	listener->socket = -1;
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	struct listener *listener = context;
	struct net *net = listener->net;
	int error;

	(void)fd;
	(void)what;
	for (int i = 0; i < ACCEPT_TURN && net->accepting; i++) {
		/* A draining worker accepts above its limit: it cannot accept
		 * later, and soon no more clients come. */
		if (net->connection_count >= net->connections_max &&
		    !net->draining) {
			listeners_stop(net); /* until a connection ends */
			return;
		}
		if (accept_one(listener))
			continue;
		error = errno;
		/* EINVAL: closing_end() in another process. This process may be
		 * told to drain only a moment later. */
		if (error == EINVAL &&
		    (net->draining || closing_has_begun(listener->socket))) {
			leave(listener);
			net_end_if_over(net);
		} else {
			accept_failed(listener, error);
		}
		return;
	}
}

enum err
listener_open(
    struct listener *listener, struct net *net, const struct net_listener *from)
{
	listener->net = net;
	listener->socket = from->socket;
	listener->wire = from->wire;
	if (event_assign(&listener->event, net->base, from->socket,
		EV_READ | EV_PERSIST, on_readable, listener) != 0)
		return ERR_BUG;
	return OK;
}

void
listeners_start(struct net *net)
{
	if (net->lane.number > 0)
		return;
	net->accepting = true;
	for (size_t i = 0; i < net->listener_count; i++)
		if (net->listeners[i].socket >= 0 &&
		    event_add(&net->listeners[i].event, NULL) != 0)
			log_error("net: cannot watch a listening socket");
}

void
listeners_stop(struct net *net)
{
	net->accepting = false;
	for (size_t i = 0; i < net->listener_count; i++)
		event_del(&net->listeners[i].event);
}

void
listeners_leave(struct net *net, bool take)
{
	for (size_t i = 0; i < net->listener_count; i++) {
		struct listener *listener = &net->listeners[i];
		int left = LIMIT_BACKLOG;

		if (listener->socket < 0 || closing_has_begun(listener->socket))
			continue;
		while (take && left-- > 0 && accept_one(listener))
			;
		leave(listener);
	}
	if (!net->resting && !listeners_are_left(net))
		listeners_start(net);
}

bool
listeners_are_left(const struct net *net)
{
	for (size_t i = 0; i < net->listener_count; i++)
		if (net->listeners[i].socket >= 0)
			return false;
	return true;
}
