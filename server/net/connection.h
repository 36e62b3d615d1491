/* SPDX-License-Identifier: ISC */
/*
 * The inside of a connection: one request, one answer, over TLS or plain TCP.
 * A small machine whose state says what is done next and what is waited for.
 * steps.c does what each state asks; connection.c waits between the steps and
 * ends the connection.
 */
#ifndef GUIJU_NET_CONNECTION_H
#define GUIJU_NET_CONNECTION_H

#include "net/answer.h"
#include "net/parts.h"

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
	bool window_open;      /* the answer is waited for, */
	uint64_t window_began; /* and so much had arrived, see progress.h */
	size_t drained;
	struct ip ip;
	struct visit visit;
	unsigned wait_s; /* what it is told instead of an answer; 0: nothing */
};

/* Its address as the log may tell it, in out. */
const char *connection_address(
    const struct connection *c, char out[IP_TEXT_MAX]);

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

#endif
