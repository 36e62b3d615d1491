/* SPDX-License-Identifier: ISC */
/*
 * TLS as a transport. All connections of a thread share OpenSSL's error queue.
 * The queue is emptied before each call, or the failure of one client would be
 * taken for a failure of the next.
 */
#include "net/tls/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls/internal.h"

static SSL *
ssl_of(const struct channel *channel)
{
	const struct tls_session *session = channel->session;

	return session->ssl;
}

static enum channel_result
result_of(SSL *ssl, int returned)
{
	switch (SSL_get_error(ssl, returned)) {
	case SSL_ERROR_NONE:
		return CHANNEL_OK;
	case SSL_ERROR_WANT_READ:
		return CHANNEL_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return CHANNEL_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return CHANNEL_END;
	default:
		ERR_clear_error();
		return CHANNEL_BROKEN;
	}
}

/*
 * Turn the result of an OpenSSL call into a channel result. After CHANNEL_OK
 * the written bytes stay in the buffer, and the next bytes are sent with them.
 * Before the connection waits or ends, all bytes must be sent: a flight of the
 * handshake, or an alert.
 */
static enum channel_result
settle(struct tls_session *session, int returned)
{
	enum channel_result result = result_of(session->ssl, returned), sent;

	if (result == CHANNEL_OK)
		return result;
	sent = tls_link_flush(&session->link, false);
	return result == CHANNEL_WANT_READ && sent != CHANNEL_OK ? sent
								 : result;
}

static enum channel_result
tls_handshake(struct channel *channel)
{
	struct tls_session *session = channel->session;
	enum channel_result result;

	ERR_clear_error();
	result = settle(session, SSL_do_handshake(session->ssl));
	if (result == CHANNEL_OK)
		session->link.in_max = SIZE_MAX;
	return result;
}

static enum channel_result
tls_read(struct channel *channel, char *room, size_t size, size_t *got)
{
	ERR_clear_error();
	return settle(
	    channel->session, SSL_read_ex(ssl_of(channel), room, size, got));
}

static enum channel_result
tls_write(struct channel *channel, const char *data, size_t len, size_t *put)
{
	ERR_clear_error();
	return settle(
	    channel->session, SSL_write_ex(ssl_of(channel), data, len, put));
}

/* Send close_notify (RFC 8446, 6.1), and do not wait for the peer's. */
static enum channel_result
tls_finish(struct channel *channel)
{
	struct tls_session *session = channel->session;
	enum channel_result result;

	if (!session->notified) {
		int returned;
		ERR_clear_error();
		returned = SSL_shutdown(session->ssl);
		if (returned < 0)
			return settle(session, returned);
		session->notified = true;
	}
	result = tls_link_flush(&session->link, true);
	session->whole = result == CHANNEL_OK;
	return result;
}

static void
tls_release(struct channel *channel)
{
	tls_session_give(channel->session);
	channel->session = NULL;
}

static const struct transport transport_tls = {.name = "tls",
    .open = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .finish = tls_finish,
    .release = tls_release};

enum err
tls_channel_begin(struct tls *tls, struct channel *channel, bool ask_identity,
    struct str first, bool all)
{
	struct tls_session *session;

	ERR_clear_error();
	session = tls_session_take(tls_sessions_of(tls), channel->socket);
	if (session == NULL)
		return ERR_NOMEM;
	tls_link_received(&session->link, first, all);
	SSL_set_verify(session->ssl,
	    ask_identity ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	channel->transport = &transport_tls;
	channel->session = session;
	return OK;
}

bool
tls_channel_is(const struct channel *channel)
{
	return channel->transport == &transport_tls;
}

struct str
tls_channel_server_name(const struct channel *channel)
{
	return str_from(
	    SSL_get_servername(ssl_of(channel), TLSEXT_NAMETYPE_host_name));
}

const char *
tls_channel_version(const struct channel *channel)
{
	return SSL_get_version(ssl_of(channel));
}

enum err
tls_channel_identity(const struct channel *channel, struct arena *arena,
    const struct identity **out)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl_of(channel));
	struct identity *identity;
	enum err err;

	*out = NULL;
	if (certificate == NULL)
		return OK;
	identity = arena_alloc(arena, sizeof(*identity));
	if (identity == NULL)
		return ERR_NOMEM;
	err = certificate_read(certificate, arena, identity);
	if (err == OK)
		*out = identity;
	return err;
}
