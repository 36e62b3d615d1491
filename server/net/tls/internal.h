/* SPDX-License-Identifier: ISC */
/* TLS from the inside, for the files that see OpenSSL: private to net/tls/. */
#ifndef GUIJU_NET_TLS_INTERNAL_H
#define GUIJU_NET_TLS_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "net/tls/tls.h"
#include "net/transport.h"
#include "page/request.h"

/* ---- bio.c ----------------------------------------------------------- */

/*
 * Between OpenSSL and the socket: one pair of buffers that all sessions of a
 * worker share. What has come is received once and handed on in the small
 * pieces that OpenSSL asks for; what it writes is gathered and sent once.
 *
 * The buffers belong to the session that moved bytes last, usually until it
 * has nothing in them. When another takes them, what is left goes to the
 * socket or is put aside.
 */

struct tls_buffers;

/* NULL: out of memory. */
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

/* A BIO that reads and writes by way of link (kept). NULL: out of memory. */
BIO *tls_bio_new(struct tls_link *link);

/*
 * Send what OpenSSL has written: CHANNEL_OK when the kernel has all of it,
 * CHANNEL_WANT_WRITE, CHANNEL_BROKEN. last: the caller shuts the socket's side
 * next, so that the end can travel with the last bytes.
 */
enum channel_result tls_link_flush(struct tls_link *link, bool last);

/* ---- session.c ---------------------------------------------------------- */

/*
 * OpenSSL's sessions: made when a client's first bytes have come, and used
 * again for the next client, for making one costs more than the mathematics
 * of a handshake.
 */
struct tls_sessions; /* those of a worker that wait for a client */

struct tls_session {
	SSL *ssl;
	struct tls_link link;
	struct tls_sessions *sessions;
	struct tls_session *next; /* while it waits */
	bool notified;            /* close_notify is written */
	bool whole;               /* it is sent: the talk went as it should */
};

/* context (kept) is what each session begins with. NULL: out of memory. */
struct tls_sessions *tls_sessions_new(SSL_CTX *context);
void tls_sessions_free(struct tls_sessions *sessions);

/* A session for a client at socket, which knows nothing of any other; sessions
 * are kept. NULL: out of memory. */
struct tls_session *tls_session_take(struct tls_sessions *sessions, int socket);
/* Give it back; sends nothing. */
void tls_session_give(struct tls_session *session);

/* ---- tls.c -------------------------------------------------------------- */

/* A worker's sessions. They begin with the first host's context; the server
 * name that the client sends may change it. Borrowed. */
struct tls_sessions *tls_sessions_of(const struct tls *tls);

/*
 * May host stand in a file name and in a certificate? Letters, digits, dots,
 * hyphens, colons, at most 253 bytes; an IPv6 address may have brackets.
 */
bool tls_host_is_sound(struct str host);

/* The path of a host's file: suffix is "cert.pem" or "key.pem". ERR_LIMIT:
 * longer than size. */
enum err tls_file(const char *dir, struct str host, const char *suffix,
    char *out, size_t size) MUST_CHECK;

enum { TLS_PATH_MAX = 4096 };

/* ---- certificate.c ------------------------------------------------------ */

/*
 * The identity a certificate stands for. It is the fingerprint; the name is
 * what anybody may have written there, cleaned for showing, at most 64
 * characters. valid: we are between its dates, the first of which may be a
 * minute ahead; its key is no weak one, and where it says that it signed
 * itself it did. fault: which of these is not so. ERR_NOMEM.
 */
enum err certificate_read(
    X509 *certificate, struct arena *arena, struct identity *out) MUST_CHECK;

#endif
