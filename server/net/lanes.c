/* SPDX-License-Identifier: ISC */
/*
 * While a page runs, its worker serves nobody else. So at most half of the
 * workers run a costly page at a time: each needs a lane for it
 * (peers_take_lane). A request for a costly page waits in the worker's queue,
 * and the worker serves others meanwhile.
 *
 * A worker with a lane does not accept, so new clients go to the other workers.
 * It first lets the clients finish that it has accepted lately, for as long as
 * the page itself takes on average. Between two costly pages it accepts again
 * and serves who has come, and another worker has its chance of the lane.
 *
 * One network has at most a quarter of the queue, and those without a seal
 * leave a quarter to those with one: so nobody who fills the queue keeps
 * readers from a page, or from an act that they have begun. What counts is the
 * places and the time that their pages will take.
 *
 * Nothing tells a worker that a lane is free: it looks, some hundred times per
 * second, and only while its queue is not empty.
 */
#include "net/internal.h"

#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

enum {
	LOOK_MS = 2,
	/* A client that was accepted so long before the page was asked for is
	 * slow, and would hold the page up for nothing. */
	YOUNG_MS = 1000,
	QUARTERS = 4
};

static void
look_soon(struct net *net)
{
	const struct timeval time = {.tv_usec = LOOK_MS * 1000};

	if (event_add(&net->look, &time) != 0)
		log_error("net: cannot watch the queue of costly pages");
}

static void
leave_lane(struct net *net)
{
	if (net->lane.number == 0)
		return;
	peers_leave_lane(&net->seat, &net->lane);
	if (!net->resting)
		listeners_start(net);
}

/* Take a lane for the first of the queue, and stop accepting. A lane past its
 * time may be another worker's now. */
static bool
enter_lane(struct net *net)
{
	int64_t settle_ms = (int64_t)(net->queue->costly.mean_us / 1000);

	if (net->lane.number > 0 && clock_us() < net->lane.until_us)
		return true;
	leave_lane(net);
	if (!peers_take_lane(&net->seat, clock_us(), &net->lane))
		return false;
	if (settle_ms > LIMIT_LANE_SETTLE_MS)
		settle_ms = LIMIT_LANE_SETTLE_MS;
	net->settled_ms = clock_ms() + settle_ms;
	listeners_stop(net);
	return true;
}

/* Does a client wait for us who came before the lane? */
static bool
serves_others(const struct net *net)
{
	const int64_t queued_ms = net->queue->deadline_ms - LIMIT_LANE_WAIT_MS;

	if (clock_ms() >= net->settled_ms)
		return false;
	for (const struct connection *c = net->connections; c != NULL;
	     c = c->next)
		if (c->state < DRAIN && c->opened_ms > queued_ms - YOUNG_MS)
			return true;
	return false;
}

/* A client that has only closed its side may still read. */
static bool
has_reset(const struct connection *c)
{
	int error = 0;
	socklen_t len = sizeof(error);

	return getsockopt(c->channel.socket, SOL_SOCKET, SO_ERROR, &error,
		   &len) != 0 ||
	    error != 0;
}

/* Whoever has reset the connection waits no longer. */
static void
drop_gone(struct net *net)
{
	struct connection *next;

	for (struct connection *c = net->queue; c != NULL; c = next) {
		next = c->queue_next;
		if (has_reset(c))
			connection_abort(c);
	}
}

static void
on_look(evutil_socket_t fd, short what, void *context)
{
	struct net *net = context;
	struct connection *c;

	(void)fd;
	(void)what;
	drop_gone(net);
	c = net->queue;
	if (c != NULL && enter_lane(net) && !serves_others(net)) {
		lanes_leave_queue(c);
		connection_go_on(c);
		leave_lane(net);
	}
	if (net->queue != NULL)
		look_soon(net);
	else
		leave_lane(net); /* who has waited is gone */
}

enum err
lanes_open(struct net *net)
{
	net->queue_end = &net->queue;
	return evtimer_assign(&net->look, net->base, on_look, net) == 0
	    ? OK
	    : ERR_BUG;
}

void
lanes_close(struct net *net)
{
	if (event_initialized(&net->look))
		event_del(&net->look);
	peers_leave_lane(&net->seat, &net->lane);
}

bool
lanes_are_kept(const struct net *net)
{
	return net->seat.peers != NULL && net->seat.limits.lanes > 0;
}

/* What waits has so many quarters of the queue, or of the time that it is to
 * take. */
static bool
has_quarters(unsigned quarters, size_t count, uint64_t us)
{
	return count >= LIMIT_LANE_QUEUE * quarters / QUARTERS ||
	    us >= LIMIT_LANE_WAIT_MS * UINT64_C(1000) * quarters / QUARTERS;
}

/* Are both of one network, as in peers.c? */
static bool
are_near(const struct ip *a, const struct ip *b)
{
	const struct ip network = ip_network(a, 24, 48);
	const struct ip other = ip_network(b, 24, 48);

	return memcmp(&network, &other, sizeof(network)) == 0;
}

static bool
has_room(const struct connection *c)
{
	const struct net *net = c->net;
	size_t theirs = 0; /* of the network of c */
	uint64_t all_us = 0, their_us = 0;

	for (const struct connection *q = net->queue; q != NULL;
	     q = q->queue_next) {
		all_us += q->costly.mean_us;
		if (!are_near(&q->ip, &c->ip))
			continue;
		theirs++;
		their_us += q->costly.mean_us;
	}
	if (has_quarters(c->costly.sealed ? QUARTERS : QUARTERS - 1,
		net->queue_count, all_us))
		return false;
	return ip_ranges_have(&net->unlimited_from, &c->ip) ||
	    !has_quarters(1, theirs, their_us);
}

enum err
lanes_queue(struct connection *c)
{
	struct net *net = c->net;

	if (!has_room(c))
		return ERR_LIMIT;
	c->queue_next = NULL;
	c->queue_link = net->queue_end;
	*net->queue_end = c;
	net->queue_end = &c->queue_next;
	net->queue_count++;
	if (!event_pending(&net->look, EV_TIMEOUT, NULL))
		look_soon(net);
	return OK;
}

void
lanes_leave_queue(struct connection *c)
{
	struct net *net = c->net;

	if (c->queue_link == NULL)
		return;
	*c->queue_link = c->queue_next;
	if (c->queue_next != NULL)
		c->queue_next->queue_link = c->queue_link;
	else
		net->queue_end = c->queue_link;
	c->queue_link = NULL;
	net->queue_count--;
}
