/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's sessions: made when a client's first bytes have come, and used
 * again for the next client, for making one costs more than a handshake's
 * mathematics.
 */
#ifndef GUIJU_NET_TLS_SESSION_H
#define GUIJU_NET_TLS_SESSION_H

#include <openssl/ssl.h>

#include "net/tls/bio.h"

struct tls_sessions; /* those of a worker that wait for a client */

struct tls_session {
	SSL *ssl;
	struct tls_link link;
	struct tls_sessions *sessions;
	struct tls_session *next; /* while it waits */
	bool notified;            /* close_notify is written */
	bool whole;               /* it is sent: the talk went as it should */
};

/* context (kept) is what each session begins with. NULL: memory is out. */
struct tls_sessions *tls_sessions_new(SSL_CTX *context);
void tls_sessions_free(struct tls_sessions *sessions);

/* A session for a client at socket, which knows nothing of any other; sessions
 * are kept. NULL: memory is out. */
struct tls_session *tls_session_take(struct tls_sessions *sessions, int socket);
/* Give it back; sends nothing. */
void tls_session_give(struct tls_session *session);

#endif
