/* SPDX-License-Identifier: ISC */
/*
 * The life of a connection: it begins with an accepted socket, takes its steps,
 * waits between steps for the socket or its deadline, and is closed.
 */
#include "net/internal.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "net/answer.h"
#include "net/tls/tls.h"

/* Close with a reset: the kernel drops the unsent bytes, and the peer sees that
 * the answer is not whole. */
void
connection_abort(struct connection *c)
{
	const struct linger at_once = {.l_onoff = 1};

	setsockopt(c->channel.socket, SOL_SOCKET, SO_LINGER, &at_once,
	    sizeof(at_once));
	answer_log(c->answer, false);
	connection_close(c);
}

static void on_event(evutil_socket_t fd, short what, void *context);

/* Wait for interest or for the deadline. Closes c if that fails. */
static void
wait_for(struct connection *c, short interest)
{
	int64_t left_ms = c->deadline_ms - clock_ms();
	struct timeval left;

	if (left_ms < 1)
		left_ms = 1;
	left.tv_sec = left_ms / 1000;
	left.tv_usec = left_ms % 1000 * 1000;
	if (interest != c->interest) {
		if (c->interest != 0)
			event_del(&c->event);
		event_assign(&c->event, c->net->base, c->channel.socket,
		    (short)(interest | EV_PERSIST), on_event, c);
		c->interest = interest;
	}
	if (event_add(&c->event, &left) != 0)
		connection_close(c);
}

/* Processor time of this process, with what the key process has used for it:
 * signing with a long key of RSA costs more than the rest of a handshake. */
static int64_t
spent_us(void)
{
	return clock_cpu_us() + tls_signed_us();
}

static short
interest_of(enum step step)
{
	if (step == STEP_WAIT_LANE)
		return EV_TIMEOUT;
	return step == STEP_WAIT_READ ? EV_READ : EV_WRITE;
}

static void
advance(struct connection *c, enum step step)
{
	const int64_t began_us = spent_us();

	while (step == STEP_NEXT)
		step = steps_take(c);
	c->cpu_us += spent_us() - began_us;
	if (step == STEP_CLOSE)
		connection_close(c);
	else if (step == STEP_ABORT)
		connection_abort(c);
	else
		wait_for(c, interest_of(step));
}

void
connection_go_on(struct connection *c)
{
	advance(c, STEP_NEXT);
}

static void
on_event(evutil_socket_t fd, short what, void *context)
{
	struct connection *c = context;

	(void)fd;
	if ((what & EV_TIMEOUT) == 0)
		advance(c, STEP_NEXT);
	else if (clock_ms() >= c->deadline_ms)
		advance(c, steps_expire(c));
	else
		wait_for(c, c->interest); /* libevent's clock is ahead */
}

/* ---- life ----------------------------------------------------------- */

void
connection_open(
    struct net *net, int socket, const struct wire *wire, const struct ip *peer)
{
	struct connection *c = calloc(1, sizeof(*c));
	enum step step;

	if (c == NULL) {
		close(socket);
		return;
	}
	c->net = net;
	c->wire = wire;
	c->channel.socket = socket;
	c->ip = *peer;
	c->next = net->connections;
	if (c->next != NULL)
		c->next->link = &c->next;
	c->link = &net->connections;
	net->connections = c;
	net->connection_count++;
	metrics_count(METRIC_CONNECTIONS);
	metrics_gauge_add(GAUGE_CONNECTIONS, 1);
	c->opened_ms = clock_ms();
	step = steps_begin(c);
	if (net->hurrying && c->deadline_ms > c->opened_ms + LIMIT_IDLE_MS)
		c->deadline_ms = c->opened_ms + LIMIT_IDLE_MS;
	advance(c, step);
}

void
connections_hurry(struct net *net)
{
	const int64_t latest_ms = clock_ms() + LIMIT_IDLE_MS;
	struct connection *next;

	for (struct connection *c = net->connections; c != NULL; c = next) {
		next = c->next; /* wait_for() may close c */
		if (!steps_is_idle(c) || c->deadline_ms <= latest_ms)
			continue;
		c->deadline_ms = latest_ms;
		wait_for(c, c->interest);
	}
}

void
connection_close(struct connection *c)
{
	struct net *net = c->net;

	if (c->interest != 0)
		event_del(&c->event);
	lanes_leave_queue(c);
	steps_release_channel(c);
	peers_leave(&net->seat, &c->visit, c->cpu_us, clock_us());
	close(c->channel.socket);
	answer_free(c->answer);
	body_free(c->body);
	buf_release(&c->header);
	buf_release(&c->in);
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	free(c);
	net_ended(net);
}
