/* SPDX-License-Identifier: ISC */
/* What the files of net/ share: private to net/. */
#ifndef GUIJU_NET_INTERNAL_H
#define GUIJU_NET_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "net/net.h"
#include "net/request_log.h"
#include "net/transport.h"
#include "wire/wire.h"

struct answer;
struct body;
struct connection;

struct listener {
	struct net *net;
	struct event event;
	int socket; /* -1: this process has closed it */
	const struct wire *wire;
};

struct net {
	struct event_base *base;
	struct site *site;
	struct tls *tls; /* NULL: no TLS */
	struct wire_host ours;
	char *host;          /* what ours.host points to */
	char *uploads;       /* the folder of body.c; NULL: no uploads */
	struct arena *arena; /* of the request that is answered now */

	struct listener *listeners;
	size_t listener_count;
	struct event resume; /* timer: accept again */
	bool resting;        /* `resume` is pending */
	bool accepting;
	int reserve;           /* spare descriptor, for when none is left */
	int64_t complained_ms; /* time of the last log line on accept errors */

	struct connection *connections;
	size_t connection_count, connections_max;
	struct peers_seat seat;
	struct ip_ranges unlimited_from, proxy_from;
	struct flood flood;   /* limits the lines in the log */
	struct event drained; /* timer: end the loop */
	bool draining;
	bool hurrying; /* a short drain: idle connections are closed soon */

	/* lanes.c: the requests that wait for a lane, from the first */
	struct connection *queue, **queue_end;
	size_t queue_count;
	struct event look;  /* timer: look for a lane */
	struct lane lane;   /* while it is this worker's */
	int64_t settled_ms; /* when the page of the lane begins at the latest */
};

/* listener.c: set up a listener of net; from->socket is now the listener's.
 * ERR_BUG. */
enum err listener_open(struct listener *listener, struct net *net,
    const struct net_listener *from) MUST_CHECK;
/* Accept, or go on accepting, on all sockets that are still open. Does nothing
 * while this worker has a lane. */
void listeners_start(struct net *net);
/* Stop accepting for a while; the sockets stay open. */
void listeners_stop(struct net *net);
/*
 * Close the sockets in this process. A socket after closing_begin() is closed
 * only after closing_end(), and accepted from until then. take: accept the
 * clients that wait in a queue before its socket is closed.
 */
void listeners_leave(struct net *net, bool take);
/* Has this process closed all of them? */
bool listeners_are_left(const struct net *net);

/* connection.c: serve the client of a non-blocking socket, which is now the
 * connection's. Out of memory: the socket is closed. */
void connection_open(struct net *net, int socket, const struct wire *wire,
    const struct ip *peer);
/* A lane is here for a connection that has left the queue. It may be closed and
 * freed. */
void connection_go_on(struct connection *connection);
/* End a connection at once and free it. */
void connection_close(struct connection *connection);
/* The same with a reset, and with a line in the log if there was a request. */
void connection_abort(struct connection *connection);

/* A short drain has begun: idle connections get one second (LIMIT_IDLE_MS). */
void connections_hurry(struct net *net);

/* net.c: a connection has ended. */
void net_ended(struct net *net);
/* net.c: end the loop if net is draining and nothing is left to do. */
void net_end_if_over(struct net *net);

/* ---- a connection ------------------------------------------------------ */

/*
 * A connection has one request and one answer, over TLS or plain TCP. It is a
 * state machine: steps.c has one step per state; connection.c waits between the
 * steps and ends the connection.
 */

/*
 * Every state has a deadline (base/limits.h). A trickle of bytes does not
 * extend it.
 *
 *   HEADER     read a proxy's header with the client's address (arrival.c)
 *   HELLO      wait for the first byte: TLS or not. Until then the connection
 *              uses no memory except its struct.
 *   HANDSHAKE  TLS
 *   REQUEST    read the request line, in any number of pieces
 *   BODY       read the upload that the page behind the line expects
 *   ANSWER     send the answer
 *   FINISH     send close_notify: the reader knows that no byte is missing
 *   DRAIN      our side is shut; read and drop what the peer still sends. A
 *              close on unread bytes is a reset, which destroys the answer.
 *   QUEUE      after REQUEST or BODY: wait for a lane (lanes.c)
 *
 * An answer that fails on our side ends without close_notify, so that the
 * reader knows that bytes are missing.
 */
enum connection_state {
	HEADER,
	HELLO,
	HANDSHAKE,
	REQUEST,
	BODY,
	ANSWER,
	FINISH,
	DRAIN,
	QUEUE
};

/* The result of a step: what connection.c does next. */
enum step {
	STEP_NEXT,       /* take the step of the state */
	STEP_WAIT_READ,  /* wait until the socket is readable */
	STEP_WAIT_WRITE, /* wait until the socket is writable */
	STEP_WAIT_LANE,  /* wait for connection_go_on() */
	STEP_CLOSE,
	STEP_ABORT /* close with a reset; unsent bytes are dropped */
};

struct connection {
	struct connection *next, **link;
	struct net *net;
	const struct wire *wire;
	enum connection_state state;
	struct event event;
	/* What event waits for: EV_READ, EV_WRITE, or EV_TIMEOUT for the
	 * deadline alone; 0: not yet added. */
	short interest;
	int64_t opened_ms, deadline_ms;
	struct channel channel;
	struct buf header, in;
	struct answer *answer; /* owned; NULL: not yet made, or over */
	struct body *body;     /* owned; of an upload; NULL: none */
	int64_t end_ms;        /* deadline of the whole answer, or in BODY of
				* the whole upload */
	/* In QUEUE: who waits behind c, and what points to c (NULL: c does not
	 * wait); the line, whose text is in `in` and whose data in `in` or in
	 * body; why it waits. */
	struct connection *queue_next, **queue_link;
	struct wire_line line;
	struct costly costly;
	bool window_open;      /* deadline_ms is the end of a window */
	uint64_t window_began; /* bytes that had been read at its begin: by the
				* reader, or in BODY by us */
	bool body_comes;       /* the client may still send of a body */
	size_t drained;        /* bytes read and dropped in DRAIN */
	size_t drain_max;
	struct ip ip; /* of the client; a proxy's header sets it */
	struct visit visit;
	int64_t cpu_us;  /* processor time used since accept(2) */
	unsigned wait_s; /* answer "wait so many seconds"; 0: the page */
};

/* The client's address as the log shows it, in out. */
static inline const char *
log_name(const struct connection *c, char out[IP_TEXT_MAX])
{
	flood_name(&c->net->flood, &c->ip, out);
	return out;
}

/* Enter the first state. */
enum step steps_begin(struct connection *c);
/* Take the step of the state. */
enum step steps_take(struct connection *c);
/* The deadline of the state has passed. */
enum step steps_expire(struct connection *c);
/* Is the connection before its handshake, or without a byte of the request? */
bool steps_is_idle(const struct connection *c);
/* Free the transport's session. Sends nothing. */
void steps_release_channel(struct connection *c);

/* ---- body.c: the body of an upload ------------------------------------- */

/*
 * Make room for a body of size bytes, size > 0, from this address. ERR_BUSY:
 * there are too many uploads, or too many bytes of them. ERR_IO: no file can be
 * made, and the log says why. ERR_NOMEM.
 */
enum err body_open(const struct net *net, const struct ip *ip, uint64_t size,
    struct body **out) MUST_CHECK;
/* Free the body and what is on the disk of it. NULL is accepted. */
void body_free(struct body *body);
/* Bytes that are here, and bytes that are not yet. */
uint64_t body_received(const struct body *body);
uint64_t body_lacks(const struct body *body);
/* Add a piece. ERR_LIMIT: it is longer than what lacks, and nothing was added.
 * ERR_IO: the disk is full or fails, and the log says so. */
enum err body_add(struct body *body, struct str piece) MUST_CHECK;
/* The whole body, borrowed until body_free(). ERR_IO. */
enum err body_map(struct body *body, struct str *out) MUST_CHECK;

/* ---- lanes.c: costly pages wait for a lane ------------------------------ */

/* ERR_BUG. lanes_close() gives the lane back. */
enum err lanes_open(struct net *net) MUST_CHECK;
void lanes_close(struct net *net);
/* Do costly pages wait for a lane here? */
bool lanes_are_kept(const struct net *net);
/* Put c at the end of the queue, as c->costly says. When a lane is here, c
 * leaves the queue, and connection_go_on() is called. A client that resets its
 * connection leaves the queue, too. ERR_LIMIT: the queue, or what c may have of
 * it, is full. */
enum err lanes_queue(struct connection *c) MUST_CHECK;
/* c waits no longer. Does nothing if c does not wait. */
void lanes_leave_queue(struct connection *c);

/* arrival.c: check a new connection. The state becomes HEADER if the peer is a
 * proxy, or else HELLO. STEP_ABORT: the address is past its limits. */
enum step arrival_begin(struct connection *c);
/* The step of HEADER: read the proxy's header. */
enum step arrival_read_header(struct connection *c);

#endif
