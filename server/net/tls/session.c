/* SPDX-License-Identifier: ISC */
/*
 * Nothing of one client may reach the next. So a session is used again only if
 * its close_notify was sent and its client showed no certificate: such a
 * session never held an identity. reset() brings everything else back to the
 * state of a new session.
 */
#include "net/tls/internal.h"

#include <stdlib.h>

enum { WAITING_MAX = 256 /* unused sessions that are kept; more are freed */ };

struct tls_sessions {
	SSL_CTX *context;
	struct tls_buffers *buffers;
	struct tls_session *waiting;
	size_t count;
};

struct tls_sessions *
tls_sessions_new(SSL_CTX *context)
{
	struct tls_sessions *sessions = calloc(1, sizeof(*sessions));

	if (sessions == NULL)
		return NULL;
	sessions->context = context;
	sessions->buffers = tls_buffers_new();
	if (sessions->buffers == NULL) {
		free(sessions);
		return NULL;
	}
	return sessions;
}

static void
session_free(struct tls_session *session)
{
	SSL_free(session->ssl);
	free(session);
}

void
tls_sessions_free(struct tls_sessions *sessions)
{
	if (sessions == NULL)
		return;
	while (sessions->waiting != NULL) {
		struct tls_session *session = sessions->waiting;
		sessions->waiting = session->next;
		session_free(session);
	}
	tls_buffers_free(sessions->buffers);
	free(sessions);
}

static struct tls_session *
session_new(struct tls_sessions *sessions)
{
	struct tls_session *session = calloc(1, sizeof(*session));
	BIO *bio;

	if (session == NULL)
		return NULL;
	session->sessions = sessions;
	session->ssl = SSL_new(sessions->context);
	tls_link_init(&session->link, sessions->buffers, -1);
	bio = tls_bio_new(&session->link);
	if (session->ssl == NULL || bio == NULL) {
		BIO_free(bio);
		session_free(session);
		return NULL;
	}
	SSL_set_bio(session->ssl, bio, bio);
	SSL_set_accept_state(session->ssl);
	return session;
}

struct tls_session *
tls_session_take(struct tls_sessions *sessions, int socket)
{
	struct tls_session *session = sessions->waiting;

	if (session != NULL) {
		sessions->waiting = session->next;
		sessions->count--;
	} else {
		session = session_new(sessions);
	}
	if (session == NULL)
		return NULL;
	tls_link_init(&session->link, sessions->buffers, socket);
	session->notified = session->whole = false;
	return session;
}

/* Make a session as new. SSL_clear() alone keeps the session's parameters and
 * certificates, the server name, the context of that name and the result of
 * the verification. */
static bool
reset(SSL *ssl, SSL_CTX *context)
{
	SSL_set_verify_result(ssl, X509_V_OK);
	return SSL_set_session(ssl, NULL) == 1 && SSL_clear(ssl) == 1 &&
	    SSL_set_tlsext_host_name(ssl, NULL) == 1 &&
	    SSL_set_SSL_CTX(ssl, context) == context;
}

void
tls_session_give(struct tls_session *session)
{
	struct tls_sessions *sessions = session->sessions;

	tls_link_release(&session->link);
	if (!session->whole || sessions->count == WAITING_MAX ||
	    SSL_get0_peer_certificate(session->ssl) != NULL ||
	    !reset(session->ssl, sessions->context)) {
		session_free(session);
		return;
	}
	session->next = sessions->waiting;
	sessions->waiting = session;
	sessions->count++;
}
