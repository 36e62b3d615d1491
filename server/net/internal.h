/* SPDX-License-Identifier: ISC */
/* What the network side of a worker is made of: private to net/. */
#ifndef GUIJU_NET_INTERNAL_H
#define GUIJU_NET_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "net/net.h"
#include "net/request_log.h"
#include "net/transport.h"
#include "wire/wire.h"

struct answer;
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

/* ---- a connection ------------------------------------------------------ */

/*
 * One request, one answer, over TLS or plain TCP: a small machine whose state
 * says what is done next and what is waited for. steps.c does what each state
 * asks; connection.c waits between the steps and ends the connection.
 */

/*
 * Every state has a deadline that no trickle of bytes moves (base/limits.h).
 *
 *   HEADER     from a proxy: for whom it comes (arrival.c)
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
enum connection_state {
	HEADER,
	HELLO,
	HANDSHAKE,
	REQUEST,
	ANSWER,
	FINISH,
	DRAIN
};

/* What a step leaves behind. */
enum step {
	STEP_NEXT, /* there is another to take */
	STEP_WAIT_READ,
	STEP_WAIT_WRITE,
	STEP_CLOSE,
	STEP_ABORT /* without a word, and the peer is to know it */
};

struct connection {
	struct connection *next, **link;
	struct net *net;
	const struct wire *wire;
	enum connection_state state;
	struct event event;
	short interest; /* what event waits for; 0: not yet added */
	int64_t opened_ms, deadline_ms;
	struct channel channel;
	struct buf header, in;
	struct answer *answer; /* NULL: there is none yet, or it is over */
	int64_t answer_end_ms;
	bool window_open; /* the answer is waited for, */
	uint64_t
	    window_began; /* and so much had arrived, as steps.c counts it */
	size_t drained;
	struct ip ip;
	struct visit visit;
	unsigned wait_s; /* what it is told instead of an answer; 0: nothing */
};

/* The address of its peer as the log tells it, in out. */
static inline const char *
log_name(const struct connection *c, char out[IP_TEXT_MAX])
{
	flood_name(&c->net->flood, &c->ip, out);
	return out;
}

/* Begin with the first state. */
enum step steps_begin(struct connection *c);
/* Do what the state asks. */
enum step steps_take(struct connection *c);
/* The deadline of the state has passed. */
enum step steps_expire(struct connection *c);
/* Has it asked for nothing yet? */
bool steps_is_idle(const struct connection *c);
/* Give back the transport's session; sends nothing. */
void steps_release_channel(struct connection *c);

/* arrival.c: whose a connection is that was just accepted, and whether it may
 * come in. Gives HEADER or HELLO as its state. */
enum step arrival_begin(struct connection *c);
/* The state is HEADER: read what the proxy says. */
enum step arrival_read_header(struct connection *c);

#endif
