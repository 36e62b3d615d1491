/* SPDX-License-Identifier: ISC */
/*
 * Plain TCP and TLS behind one table of functions, so that connections treat
 * both alike. No call blocks. The result says what the call waits for; that can
 * differ from the call: a TLS write may wait for input.
 */
#ifndef GUIJU_NET_TRANSPORT_H
#define GUIJU_NET_TRANSPORT_H

#include <stddef.h>

enum channel_result {
	CHANNEL_OK,
	CHANNEL_WANT_READ,  /* call again when the socket is readable */
	CHANNEL_WANT_WRITE, /* call again when the socket is writable */
	CHANNEL_END,        /* the peer sends nothing more */
	CHANNEL_BROKEN      /* only release may be called */
};

struct transport;

struct channel {
	const struct transport *transport;
	int socket;    /* non-blocking; the connection closes it */
	void *session; /* the transport's own; NULL before and after use */
};

struct transport {
	const char *name; /* for the log */
	/* Do the handshake, if the transport has one. */
	enum channel_result (*open)(struct channel *channel);
	/* Read up to size bytes, size > 0; with CHANNEL_OK *got > 0. */
	enum channel_result (*read)(
	    struct channel *channel, char *room, size_t size, size_t *got);
	/* Write up to len bytes, len > 0; with CHANNEL_OK *put > 0. After
	 * CHANNEL_WANT_* call it again with the same bytes; their address may
	 * have changed. */
	enum channel_result (*write)(
	    struct channel *channel, const char *data, size_t len, size_t *put);
	/* Tell the peer that nothing more follows. Does not wait for the
	 * peer's answer. */
	enum channel_result (*finish)(struct channel *channel);
	/* Free the session; sends nothing. */
	void (*release)(struct channel *channel);
};

extern const struct transport transport_plain;

#endif
