/* SPDX-License-Identifier: ISC */
/*
 * A connection: one request, one answer, over TLS or plain TCP. A small
 * machine whose state says what is done next and what is waited for; every
 * state has a deadline on the monotonic clock that no trickle of bytes moves.
 *
 *   HELLO      the first byte: TLS or not. Until it comes a connection costs
 *              no more than its own struct.
 *   HANDSHAKE  TLS
 *   REQUEST    the request line, in whatever pieces it comes
 *   ANSWER     sending
 *   FINISH     close_notify: the reader knows that nothing is missing
 *   DRAIN      our side is shut; what the peer still sends is dropped, for
 *              closing on unread bytes would make TCP take back the answer
 *
 * What fails on our side in the middle of an answer ends without
 * close_notify, so that the reader can tell.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/answer.h"
#include "net/parts.h"
#include "net/tls_channel.h"
#include "net/transport.h"
#include "wire/gemini.h"
#include "wire/gopher.h"

enum {
	HANDSHAKE_MS = 10 * 1000, /* from accept to the end of TLS's */
	REQUEST_MS = 10 * 1000,   /* for the whole line */
	ANSWER_MS = 60 * 1000,    /* and what its size allows for: */
	ANSWER_BYTES_PER_MS = 8,  /* 8 kB/s over all, */
	WINDOW_MS = 20 * 1000,    /* and in each window of that length */
	WINDOW_BYTES = 20 * 1024, /* at least so much */
	IDLE_MS = 1000, /* at a stop, for whoever has not begun a request */
	DRAIN_MS = 2 * 1000,
	DRAIN_MAX = 1024 * 1024,  /* bytes that are dropped */
	TURN_BYTES = 64 * 1024,   /* sent before others have their turn */
	TLS_HANDSHAKE_BYTE = 0x16 /* the first of a TLS record (RFC 8446) */
};

enum connection_state { HELLO, HANDSHAKE, REQUEST, ANSWER, FINISH, DRAIN };

/* What a step leaves behind. */
enum step {
	STEP_NEXT,
	STEP_WAIT_READ,
	STEP_WAIT_WRITE,
	STEP_CLOSE,
	STEP_ABORT
};

struct connection {
	struct connection *next, **link;
	struct net *net;
	enum net_service service;
	enum connection_state state;
	struct event event;
	short interest; /* what event waits for; 0: not yet added */
	int64_t opened_ms, deadline_ms;
	struct channel channel;
	struct buf in;
	struct answer answer;
	int64_t answer_end_ms;
	uint64_t window_sent; /* of the answer, when the window began */
	size_t drained;
	char address[INET6_ADDRSTRLEN];
};

static const struct wire *
wire_of(const struct connection *c)
{
	return c->service == NET_GEMINI ? &wire_gemini : &wire_gopher;
}

static struct asker
asker_of(const struct connection *c)
{
	return (struct asker){wire_of(c), &c->channel, c->address};
}

static void
enter(struct connection *c, enum connection_state state, int64_t ms)
{
	c->state = state;
	c->deadline_ms = clock_ms() + ms;
}

/* Let the kernel forget what it has not sent, and the peer know it. */
static void
abort_connection(struct connection *c)
{
	const struct linger at_once = {.l_onoff = 1};

	setsockopt(c->channel.socket, SOL_SOCKET, SO_LINGER, &at_once,
	    sizeof(at_once));
	answer_log(&c->answer, false);
	connection_close(c);
}

static void
release_channel(struct connection *c)
{
	if (c->channel.transport != NULL)
		c->channel.transport->release(&c->channel);
	c->channel.transport = NULL;
}

/* ---- the steps ------------------------------------------------------ */

static enum step
step_of(enum channel_result result)
{
	switch (result) {
	case CHANNEL_OK:
		return STEP_NEXT;
	case CHANNEL_WANT_READ:
		return STEP_WAIT_READ;
	case CHANNEL_WANT_WRITE:
		return STEP_WAIT_WRITE;
	default:
		return STEP_CLOSE;
	}
}

static enum step
say_hello(struct connection *c)
{
	unsigned char first;
	ssize_t n = recv(c->channel.socket, &first, 1, MSG_PEEK);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return STEP_WAIT_READ;
	if (n <= 0)
		return STEP_CLOSE;
	if (c->service == NET_GOPHER && first != TLS_HANDSHAKE_BYTE) {
		c->channel.transport = &transport_plain;
		enter(c, REQUEST, REQUEST_MS);
		return STEP_NEXT;
	}
	if (c->net->tls == NULL ||
	    tls_channel_begin(
		c->net->tls, &c->channel, c->service == NET_GEMINI) != OK)
		return STEP_CLOSE;
	c->state = HANDSHAKE;
	c->deadline_ms = c->opened_ms + HANDSHAKE_MS;
	return STEP_NEXT;
}

/* Shut our side and drop what still comes. */
static enum step
begin_drain(struct connection *c)
{
	release_channel(c);
	if (shutdown(c->channel.socket, SHUT_WR) != 0)
		return STEP_CLOSE;
	enter(c, DRAIN, DRAIN_MS);
	return STEP_NEXT;
}

static enum step
shake_hands(struct connection *c)
{
	enum step step = step_of(c->channel.transport->open(&c->channel));
#ifdef TCP_QUICKACK
	const int on = 1;
#endif

	if (step == STEP_CLOSE) {
		log_debug("net: %s: no TLS handshake", c->address);
		return begin_drain(c); /* OpenSSL has sent an alert */
	}
	if (step != STEP_NEXT)
		return step;
#ifdef TCP_QUICKACK
	/* We send no ticket, so nothing of ours acknowledges the client's
	 * last flight; a client with Nagle's algorithm on would wait for
	 * the delayed ACK before it sends its request. */
	setsockopt(
	    c->channel.socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#endif
	enter(c, REQUEST, REQUEST_MS);
	return STEP_NEXT;
}

static void
begin_window(struct connection *c)
{
	c->window_sent = c->answer.sent;
	c->deadline_ms = clock_ms() + WINDOW_MS;
	if (c->deadline_ms > c->answer_end_ms)
		c->deadline_ms = c->answer_end_ms;
}

static enum step
begin_answer(struct connection *c)
{
	buf_release(&c->in);
	c->state = ANSWER;
	c->answer_end_ms = clock_ms() + ANSWER_MS +
	    (int64_t)(answer_left(&c->answer) / ANSWER_BYTES_PER_MS);
	begin_window(c);
	return STEP_NEXT;
}

/* Is there a line yet? STEP_WAIT_READ: no. */
static enum step
look_for_line(struct connection *c, bool at_end)
{
	const struct asker asker = asker_of(c);
	struct str line;
	enum wire_progress progress =
	    wire_find_line(asker.wire, buf_view(&c->in), at_end, &line);

	switch (progress) {
	case WIRE_PARTIAL:
		return STEP_WAIT_READ;
	case WIRE_SILENT:
		c->state = FINISH;
		return STEP_NEXT;
	case WIRE_WHOLE:
		answer_line(&c->answer, c->net, &asker, line);
		return begin_answer(c);
	default:
		answer_no_line(&c->answer, c->net, &asker, progress);
		return begin_answer(c);
	}
}

static enum step
read_request(struct connection *c)
{
	size_t most = wire_receive_max(wire_of(c));
	char piece[GOPHER_LINE_MAX + 2];

	for (;;) {
		size_t room = most - c->in.len, got = 0;
		enum channel_result result =
		    c->channel.transport->read(&c->channel, piece,
			room < sizeof(piece) ? room : sizeof(piece), &got);
		enum step step = step_of(result);
		if (result == CHANNEL_END)
			return look_for_line(c, true);
		if (step != STEP_NEXT)
			return step;
		buf_add(&c->in, piece, got);
		if (c->in.err != OK)
			return STEP_CLOSE;
		step = look_for_line(c, false);
		if (step != STEP_WAIT_READ)
			return step;
	}
}

static enum step
send_answer(struct connection *c)
{
	uint64_t turn_end = c->answer.sent + TURN_BYTES;

	while (c->answer.sent < turn_end) {
		struct str piece;
		size_t put = 0;
		enum step step;
		if (answer_next(&c->answer, &piece) != OK)
			return STEP_ABORT;
		if (piece.len == 0) {
			c->state = FINISH;
			return STEP_NEXT;
		}
		step = step_of(c->channel.transport->write(
		    &c->channel, piece.data, piece.len, &put));
		if (step != STEP_NEXT)
			return step == STEP_CLOSE ? STEP_ABORT : step;
		answer_sent(&c->answer, put);
	}
	return STEP_WAIT_WRITE;
}

static enum step
finish(struct connection *c)
{
	enum step step = step_of(c->channel.transport->finish(&c->channel));

	if (step == STEP_WAIT_READ || step == STEP_WAIT_WRITE)
		return step;
	answer_log(&c->answer, step == STEP_NEXT);
	answer_release(&c->answer);
	return step == STEP_NEXT ? begin_drain(c) : step;
}

static enum step
drain(struct connection *c)
{
	static char dropped[16 * 1024];

	while (c->drained < DRAIN_MAX) {
		ssize_t n =
		    recv(c->channel.socket, dropped, sizeof(dropped), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return STEP_WAIT_READ;
		if (n <= 0)
			return STEP_CLOSE;
		c->drained += (size_t)n;
	}
	return STEP_CLOSE;
}

/* ---- the loop ------------------------------------------------------- */

static void on_event(evutil_socket_t fd, short what, void *context);

/* Wait for what the step wants, or for the deadline. */
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

static void
advance(struct connection *c)
{
	static enum step (*const steps[])(struct connection *) = {
	    [HELLO] = say_hello,
	    [HANDSHAKE] = shake_hands,
	    [REQUEST] = read_request,
	    [ANSWER] = send_answer,
	    [FINISH] = finish,
	    [DRAIN] = drain};
	enum step step;

	do
		step = steps[c->state](c);
	while (step == STEP_NEXT);
	if (step == STEP_CLOSE)
		connection_close(c);
	else if (step == STEP_ABORT)
		abort_connection(c);
	else
		wait_for(c, step == STEP_WAIT_READ ? EV_READ : EV_WRITE);
}

/* Has it asked for nothing yet? */
static bool
is_idle(const struct connection *c)
{
	return c->state == HELLO || (c->state == REQUEST && c->in.len == 0);
}

/* The deadline of the state has passed. */
static void
expire(struct connection *c)
{
	const struct asker asker = asker_of(c);

	if (c->net->draining && is_idle(c)) {
		connection_close(c);
		return;
	}
	switch (c->state) {
	case REQUEST:
		answer_no_line(&c->answer, c->net, &asker, WIRE_PARTIAL);
		begin_answer(c);
		advance(c);
		break;
	case ANSWER:
		if (clock_ms() >= c->answer_end_ms ||
		    c->answer.sent - c->window_sent < WINDOW_BYTES) {
			abort_connection(c);
			break;
		}
		begin_window(c);
		wait_for(c, c->interest);
		break;
	case FINISH:
		abort_connection(c);
		break;
	default:
		connection_close(c);
	}
}

static void
on_event(evutil_socket_t fd, short what, void *context)
{
	struct connection *c = context;

	(void)fd;
	if ((what & EV_TIMEOUT) == 0)
		advance(c);
	else if (clock_ms() >= c->deadline_ms)
		expire(c);
	else
		wait_for(c, c->interest); /* libevent's clock runs ahead */
}

/* ---- life ----------------------------------------------------------- */

static void
name_peer(struct connection *c, const struct sockaddr *peer)
{
	const void *address = NULL;

	if (peer->sa_family == AF_INET)
		address =
		    &((const struct sockaddr_in *)(const void *)peer)->sin_addr;
	else if (peer->sa_family == AF_INET6)
		address = &((const struct sockaddr_in6 *)(const void *)peer)
			       ->sin6_addr;
	if (address == NULL ||
	    inet_ntop(peer->sa_family, address, c->address,
		sizeof(c->address)) == NULL)
		snprintf(c->address, sizeof(c->address), "-");
}

void
connection_open(struct net *net, int socket, enum net_service service,
    const struct sockaddr *peer)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		close(socket);
		return;
	}
	c->net = net;
	c->service = service;
	c->channel.socket = socket;
	buf_init(&c->in, wire_receive_max(wire_of(c)));
	answer_init(&c->answer);
	name_peer(c, peer);
	c->next = net->connections;
	if (c->next != NULL)
		c->next->link = &c->next;
	c->link = &net->connections;
	net->connections = c;
	net->connection_count++;
	c->opened_ms = clock_ms();
	enter(c, HELLO, HANDSHAKE_MS);
	advance(c);
}

void
connections_hurry(struct net *net)
{
	const int64_t latest_ms = clock_ms() + IDLE_MS;
	struct connection *next;

	for (struct connection *c = net->connections; c != NULL; c = next) {
		next = c->next; /* wait_for may close it */
		if (!is_idle(c) || c->deadline_ms <= latest_ms)
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
	release_channel(c);
	close(c->channel.socket);
	answer_release(&c->answer);
	buf_release(&c->in);
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	free(c);
	net_ended(net);
}
