/* SPDX-License-Identifier: ISC */
/*
 * The steps of a connection, one function per state, from the first byte to the
 * last. A step does what it can without waiting and returns what it waits for.
 * A step never closes the connection.
 */
#include <errno.h>
#include <sys/socket.h>
#include <stddef.h>
#include <unistd.h>
#if __has_include(<linux/tcp.h>)
#include <linux/tcp.h> /* the C library's struct tcp_info is shorter */
#else
#include <netinet/tcp.h>
#endif
#include <netinet/in.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/answer.h"
#include "net/tls/channel.h"

enum {
	TLS_HANDSHAKE_BYTE = 0x16, /* a record's first byte (RFC 8446) */
	PIECE_BYTES = 4096,        /* of a request, read at a time */
	BODY_PIECE_BYTES = 16 * 1024
};

static struct asker
asker_of(const struct connection *c)
{
	return (struct asker){
	    .wire = c->wire, .channel = &c->channel, .ip = &c->ip};
}

static void
enter(struct connection *c, enum connection_state state, int64_t ms)
{
	c->state = state;
	c->deadline_ms = clock_ms() + ms;
}

enum step
steps_begin(struct connection *c)
{
	buf_init(&c->in, wire_receive_max(c->wire));
	c->deadline_ms = c->opened_ms + LIMIT_HANDSHAKE_MS;
	return arrival_begin(c);
}

void
steps_release_channel(struct connection *c)
{
	if (c->channel.transport != NULL)
		c->channel.transport->release(&c->channel);
	c->channel.transport = NULL;
}

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

static bool
waits(enum step step)
{
	return step == STEP_WAIT_READ || step == STEP_WAIT_WRITE;
}

/* Shut our side, then read and drop what the peer still sends. A client may
 * send all of an upload that was refused before it reads why. */
static enum step
begin_drain(struct connection *c)
{
	steps_release_channel(c);
	if (shutdown(c->channel.socket, SHUT_WR) != 0)
		return STEP_CLOSE;
	c->drain_max =
	    c->body_comes ? LIMIT_UPLOAD_DRAIN_BYTES : LIMIT_DRAIN_BYTES;
	enter(c, DRAIN, c->body_comes ? LIMIT_UPLOAD_DRAIN_MS : LIMIT_DRAIN_MS);
	return STEP_WAIT_READ; /* the peer cannot have seen our end yet */
}

static enum step
shake_hands(struct connection *c)
{
	enum step step = step_of(c->channel.transport->open(&c->channel));
	char name[IP_TEXT_MAX];
#ifdef TCP_QUICKACK
	const int on = 1;
#endif

	if (step == STEP_CLOSE) {
		log_debug("net: %s: no TLS handshake", log_name(c, name));
		metrics_count(METRIC_HANDSHAKES_FAILED);
		return begin_drain(c); /* OpenSSL has sent an alert */
	}
	if (step != STEP_NEXT)
		return step;
#ifdef TCP_QUICKACK
	/* We send no ticket, so no data of ours acknowledges the client's last
	 * flight. A client with Nagle's algorithm would wait for the delayed
	 * ACK before it sends its request. */
	setsockopt(
	    c->channel.socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#endif
	enter(c, REQUEST, LIMIT_REQUEST_MS);
	return STEP_NEXT;
}

/*
 * The bytes that the peer of a TCP socket has acknowledged so far; `sent` if
 * the system does not tell. The bytes that the kernel has taken from us are a
 * bad measure of a slow reader: their number stands still, then jumps. The
 * acknowledged bytes grow as the reader reads.
 */
static uint64_t
progress_of(int socket, uint64_t sent)
{
#if __has_include(<linux/tcp.h>)
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	    len >= offsetof(struct tcp_info, tcpi_bytes_acked) +
		    sizeof(info.tcpi_bytes_acked))
		return info.tcpi_bytes_acked;
#else
	(void)socket;
#endif
	return sent;
}

static void
begin_window(struct connection *c)
{
	c->window_open = true;
	c->window_began = progress_of(c->channel.socket, c->answer->sent);
	c->deadline_ms = clock_ms() + LIMIT_WINDOW_MS;
	if (c->deadline_ms > c->end_ms)
		c->deadline_ms = c->end_ms;
}

static enum step
begin_answer(struct connection *c)
{
	buf_release(&c->in);
	body_free(c->body);
	c->body = NULL;
	c->state = ANSWER;
	c->end_ms = clock_ms() + LIMIT_ANSWER_MS +
	    (int64_t)(answer_left(c->answer) / LIMIT_ANSWER_BYTES_PER_MS);
	return STEP_NEXT;
}

/* ---- uploads -------------------------------------------------------- */

static enum step
refuse_body(struct connection *c, enum refusal kind, enum word word)
{
	const struct asker asker = asker_of(c);

	answer_word(c->answer, c->net, &asker, kind, word);
	return begin_answer(c);
}

/* Refuse for an error of body.c. */
static enum step
fail_body(struct connection *c, enum err err)
{
	switch (err) {
	case ERR_BUSY:
		return refuse_body(c, REFUSAL_BUSY, WORD_BUSY);
	case ERR_LIMIT:
		return refuse_body(c, REFUSAL_BAD, WORD_UPLOAD_LONG);
	default:
		return refuse_body(c, REFUSAL_BROKEN, WORD_UPLOAD_NO_ROOM);
	}
}

static void
begin_body_window(struct connection *c)
{
	c->window_began = body_received(c->body);
	c->deadline_ms = clock_ms() + LIMIT_UPLOAD_MS;
	if (c->deadline_ms > c->end_ms)
		c->deadline_ms = c->end_ms;
}

/* The page takes the upload. What has come behind the line is its begin. */
static enum step
begin_body(struct connection *c)
{
	enum { LINE_END_BYTES = 2 }; /* CR LF, of all that take uploads */
	const struct str line = c->line.text;
	const struct str begin =
	    str_slice(buf_view(&c->in), line.len + LINE_END_BYTES, c->in.len);
	enum err err = body_open(c->net, &c->ip, c->answer->awaits, &c->body);

	if (err == OK)
		err = body_add(c->body, begin);
	if (err != OK)
		return fail_body(c, err);
	c->in.len = line.len; /* the line is read again with its body */
	c->state = BODY;
	c->end_ms = clock_ms() + LIMIT_UPLOAD_MS +
	    (int64_t)(c->answer->awaits / LIMIT_UPLOAD_BYTES_PER_MS);
	begin_body_window(c);
	return STEP_NEXT;
}

/* ---- costly pages ---------------------------------------------------- */

/* Tell the reader of a costly page to come back. Its page may keep an upload
 * that is here as a whole. */
static enum step
send_back(struct connection *c)
{
	struct asker asker = asker_of(c);

	metrics_count(METRIC_WAIT_LANE);
	asker.sent_back = c->body != NULL;
	if (asker.sent_back)
		answer_line(c->answer, c->net, &asker, &c->line);
	else
		answer_busy(c->answer, c->net, &asker, LIMIT_PEER_WAIT_S);
	return begin_answer(c);
}

/* Answer c->line. Nothing has been read since it was set: the line and its data
 * are where they were. */
static enum step
answer_now(struct connection *c)
{
	const struct asker asker = asker_of(c);

	answer_line(c->answer, c->net, &asker, &c->line);
	return c->answer->awaits > 0 ? begin_body(c) : begin_answer(c);
}

/* Answer the line, or let it wait for a lane. A page of which nothing is known
 * does not wait behind a full queue: only its answer makes it known. */
static enum step
answer_in_turn(struct connection *c, const struct wire_line *line)
{
	struct asker asker = asker_of(c);

	c->line = *line;
	asker.may_wait = lanes_are_kept(c->net);
	answer_line(c->answer, c->net, &asker, line);
	if (c->answer->awaits > 0)
		return begin_body(c);
	if (c->answer->costly.mean_us == 0)
		return begin_answer(c);
	c->costly = c->answer->costly;
	/* The page has judged the line, and its seal, before the body came. */
	c->costly.sealed |= c->body != NULL;
	if (lanes_queue(c) != OK)
		return c->costly.unknown ? answer_now(c) : send_back(c);
	enter(c, QUEUE, LIMIT_LANE_WAIT_MS);
	return STEP_WAIT_LANE;
}

static enum step
answer_in_lane(struct connection *c)
{
	(void)FAULT("lane");
	return answer_now(c);
}

/* ---- the bodies of uploads ------------------------------------------- */

static enum step
answer_upload(struct connection *c)
{
	struct wire_line line = {buf_view(&c->in), STR(""), STR("")};
	enum err err = body_map(c->body, &line.data);

	c->body_comes = false; /* it is here */
	if (err != OK)
		return fail_body(c, err);
	return answer_in_turn(c, &line);
}

/*
 * Wait for more of the body, unless its client is too slow: in the minute that
 * has passed, or as a whole. Only what has been read counts, so this comes
 * after reading. It does not depend on the timer, which a client that sends
 * byte after byte may hold up.
 */
static enum step
await_body(struct connection *c, enum step waiting)
{
	const int64_t now_ms = clock_ms();

	if (now_ms < c->deadline_ms)
		return waiting;
	if (now_ms >= c->end_ms ||
	    body_received(c->body) - c->window_began <
		LIMIT_UPLOAD_BYTES_LEAST) {
		metrics_count(METRIC_LATE_BODY);
		return refuse_body(c, REFUSAL_BAD, WORD_UPLOAD_LATE);
	}
	begin_body_window(c);
	return waiting;
}

/*
 * Read what the socket has of the body, a turn at most: OpenSSL may hold bytes
 * that make no socket readable, so the next turn waits for a socket that can be
 * written, which is at once. A body is whole when no byte follows.
 */
static enum step
read_body(struct connection *c)
{
	static char piece[BODY_PIECE_BYTES];

	for (size_t turn = 0; turn < LIMIT_TURN_BYTES; turn += sizeof(piece)) {
		size_t got = 0;
		const enum channel_result result = c->channel.transport->read(
		    &c->channel, piece, sizeof(piece), &got);
		const enum step step = step_of(result);
		enum err err;

		if (body_lacks(c->body) == 0 && result != CHANNEL_OK)
			return answer_upload(c);
		if (result == CHANNEL_END)
			return refuse_body(c, REFUSAL_BAD, WORD_UPLOAD_SHORT);
		if (step != STEP_NEXT)
			return waits(step) ? await_body(c, step) : step;
		err = body_add(c->body, (struct str){piece, got});
		if (err != OK)
			return fail_body(c, err);
	}
	return await_body(c, STEP_WAIT_WRITE);
}

/* ---- requests ------------------------------------------------------- */

/* Make the answer to a request, or the refusal of a malformed one. */
static enum step
answer(struct connection *c, enum wire_progress progress,
    const struct wire_line *line)
{
	struct asker asker;

	if (progress == WIRE_WHOLE) {
		c->wire = wire_of_line(c->wire, &c->net->ours, line->text);
		c->body_comes = wire_has_body(c->wire, line);
	}
	c->body_comes |= progress == WIRE_MORE;
	asker = asker_of(c);
	c->answer = answer_new();
	if (c->answer == NULL)
		return STEP_CLOSE;
	if (progress != WIRE_WHOLE) {
		answer_no_line(c->answer, c->net, &asker, progress);
		return begin_answer(c);
	}
	if (c->wait_s > 0) {
		answer_busy(c->answer, c->net, &asker, c->wait_s);
		return begin_answer(c);
	}
	return answer_in_turn(c, line);
}

/* Has a byte come behind the data that a line says? As in a body, one that
 * comes later is not waited for. */
static bool
has_more(struct connection *c, const struct wire_line *line)
{
	char byte;
	size_t got = 0;

	return wire_has_data(c->wire, line) &&
	    c->channel.transport->read(&c->channel, &byte, 1, &got) ==
	    CHANNEL_OK;
}

/* Answer the request if it is whole. STEP_WAIT_READ: it is not. */
static enum step
look_for_line(struct connection *c, bool at_end)
{
	struct wire_line line = {STR(""), STR(""), STR("")};
	enum wire_progress progress =
	    wire_find_line(c->wire, buf_view(&c->in), at_end, &line);

	if (progress == WIRE_WHOLE && has_more(c, &line))
		progress = WIRE_MORE;
	switch (progress) {
	case WIRE_PARTIAL:
		return STEP_WAIT_READ;
	case WIRE_SILENT:
		c->state = FINISH;
		return STEP_NEXT;
	default:
		return answer(c, progress, &line);
	}
}

/* Add a piece to the request. STEP_WAIT_READ: the request is not whole yet. */
static enum step
take_request(struct connection *c, struct str piece)
{
	buf_str(&c->in, piece);
	return c->in.err != OK ? STEP_CLOSE : look_for_line(c, false);
}

static enum step
read_request(struct connection *c)
{
	size_t most = wire_receive_max(c->wire);
	char piece[PIECE_BYTES];

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
		step = take_request(c, (struct str){piece, got});
		if (step != STEP_WAIT_READ)
			return step;
	}
}

static enum step
begin_tls(struct connection *c, struct str first, bool all)
{
	if (c->net->tls == NULL ||
	    tls_channel_begin(c->net->tls, &c->channel, c->wire->certificates,
		first, all) != OK)
		return STEP_CLOSE;
	c->state = HANDSHAKE;
	c->deadline_ms = c->opened_ms + LIMIT_HANDSHAKE_MS;
	return STEP_NEXT;
}

/* A client without TLS gets no answer from a protocol that needs TLS; not even
 * an alert, which the client would take for an answer. A client with TLS gets
 * none from a protocol without TLS. */
static enum step
refuse_hello(struct connection *c, bool is_tls)
{
	char name[IP_TEXT_MAX];

	log_debug("net: %s: %s", log_name(c, name),
	    is_tls ? "TLS where there is none" : "no TLS");
	metrics_count(METRIC_HANDSHAKES_FAILED);
	return begin_drain(c);
}

/* The first byte says whether the client speaks TLS. It comes with further
 * bytes, which are handed on, so that they are received only once. */
static enum step
read_first_byte(struct connection *c)
{
	char piece[PIECE_BYTES];
	ssize_t n = recv(c->channel.socket, piece, sizeof(piece), 0);
	const struct str first = {piece, n > 0 ? (size_t)n : 0};
	bool is_tls;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return STEP_WAIT_READ;
	if (n <= 0)
		return STEP_CLOSE;
	is_tls = *piece == TLS_HANDSHAKE_BYTE;
	if (is_tls ? c->wire->tls == WIRE_TLS_NEVER
		   : c->wire->tls == WIRE_TLS_ALWAYS)
		return refuse_hello(c, is_tls);
	if (is_tls)
		return begin_tls(c, first, first.len < sizeof(piece));
	c->channel.transport = &transport_plain;
	enter(c, REQUEST, LIMIT_REQUEST_MS);
	return take_request(c, first);
}

static enum step
send_turn(struct connection *c)
{
	uint64_t turn_end = c->answer->sent + LIMIT_TURN_BYTES;

	while (c->answer->sent < turn_end) {
		struct str piece;
		size_t put = 0;
		enum step step;
		if (answer_next(c->answer, &piece) != OK)
			return STEP_ABORT;
		if (piece.len == 0) {
			c->state = FINISH;
			return STEP_NEXT;
		}
		step = step_of(c->channel.transport->write(
		    &c->channel, piece.data, piece.len, &put));
		if (step != STEP_NEXT)
			return step == STEP_CLOSE ? STEP_ABORT : step;
		answer_sent(c->answer, put);
	}
	return STEP_WAIT_WRITE;
}

/* A window begins when an answer has to wait for its reader. Nearly all answers
 * are sent at once and need none. */
static enum step
in_window(struct connection *c, enum step step)
{
	if (waits(step) && !c->window_open)
		begin_window(c);
	return step;
}

static enum step
send_answer(struct connection *c)
{
	return in_window(c, send_turn(c));
}

static enum step
finish(struct connection *c)
{
	enum step step =
	    in_window(c, step_of(c->channel.transport->finish(&c->channel)));

	if (waits(step))
		return step;
	answer_log(c->answer, step == STEP_NEXT);
	answer_free(c->answer);
	c->answer = NULL;
	return step == STEP_NEXT ? begin_drain(c) : step;
}

static enum step
drain(struct connection *c)
{
	static char dropped[16 * 1024];

	for (size_t turn = 0; c->drained < c->drain_max; turn++) {
		ssize_t n;

		if (turn * sizeof(dropped) >= LIMIT_TURN_BYTES)
			return STEP_WAIT_READ;
		n = recv(c->channel.socket, dropped, sizeof(dropped), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return STEP_WAIT_READ;
		if (n <= 0)
			return STEP_CLOSE;
		c->drained += (size_t)n;
	}
	return STEP_CLOSE;
}

enum step
steps_take(struct connection *c)
{
	static enum step (*const steps[])(struct connection *) = {
	    [HEADER] = arrival_read_header,
	    [HELLO] = read_first_byte,
	    [HANDSHAKE] = shake_hands,
	    [REQUEST] = read_request,
	    [BODY] = read_body,
	    [ANSWER] = send_answer,
	    [FINISH] = finish,
	    [DRAIN] = drain,
	    [QUEUE] = answer_in_lane};

	return steps[c->state](c);
}

bool
steps_is_idle(const struct connection *c)
{
	return c->state < HANDSHAKE || (c->state == REQUEST && c->in.len == 0);
}

enum step
steps_expire(struct connection *c)
{
	static const struct wire_line no_line;

	if (c->net->draining && steps_is_idle(c))
		return STEP_CLOSE;
	if (c->state != ANSWER && c->state != BODY && c->state != QUEUE)
		metrics_count(METRIC_LATE_HEADER + (unsigned)c->state);
	switch (c->state) {
	case REQUEST:
		return answer(c, WIRE_PARTIAL, &no_line);
	case BODY:
		return read_body(c);
	case ANSWER:
		if (clock_ms() >= c->end_ms ||
		    progress_of(c->channel.socket, c->answer->sent) -
			    c->window_began <
			LIMIT_WINDOW_BYTES) {
			metrics_count(METRIC_LATE_ANSWER);
			return STEP_ABORT;
		}
		begin_window(c);
		return c->interest == EV_READ ? STEP_WAIT_READ
					      : STEP_WAIT_WRITE;
	case FINISH:
		return STEP_ABORT;
	case QUEUE:
		lanes_leave_queue(c);
		return send_back(c);
	default:
		return STEP_CLOSE;
	}
}
