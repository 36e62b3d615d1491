/* SPDX-License-Identifier: ISC */
/*
 * Between OpenSSL and the socket: one pair of buffers that all sessions of a
 * worker share. What has come is received once and handed on in the small
 * pieces that OpenSSL asks for; what it writes is gathered and sent once.
 *
 * The buffers belong to the session that moved bytes last, usually until it
 * has nothing in them. When another takes them, what is left goes to the
 * socket or is put aside.
 */
#ifndef GUIJU_NET_TLS_BIO_H
#define GUIJU_NET_TLS_BIO_H

#include <openssl/bio.h>

#include "base/buf.h"
#include "net/transport.h"

struct tls_buffers;

/* NULL: memory is out. */
struct tls_buffers *tls_buffers_new(void);
void tls_buffers_free(struct tls_buffers *buffers);

/* One session's part. */
struct tls_link {
	struct tls_buffers *buffers; /* kept */
	int socket;
	struct buf in, out; /* put aside */
	bool dry;           /* the socket, when it was last read */
	/* What may still come in; tls_link_init() begins with a handshake's,
	 * SIZE_MAX is no limit. */
	size_t in_max;
	bool ended;  /* nothing more will come */
	bool broken; /* the socket, or memory for what is put aside */
};

/* Begin with a socket. */
void tls_link_init(
    struct tls_link *link, struct tls_buffers *buffers, int socket);
/* What has been received already, and whether that was all there was. */
void tls_link_received(struct tls_link *link, struct str bytes, bool all);
/* Drop what is left in both directions. */
void tls_link_release(struct tls_link *link);

/* A BIO that reads and writes by way of link (kept). NULL: memory is out. */
BIO *tls_bio_new(struct tls_link *link);

/*
 * Send what OpenSSL has written: CHANNEL_OK when the kernel has all of it,
 * CHANNEL_WANT_WRITE, CHANNEL_BROKEN. last: the caller shuts the socket's side
 * next, so that the end can travel with the last bytes.
 */
enum channel_result tls_link_flush(struct tls_link *link, bool last);

#endif
