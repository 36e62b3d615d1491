/* SPDX-License-Identifier: ISC */
/*
 * TLS as a transport. OpenSSL's error queue belongs to the thread, not to a
 * connection: it is emptied before each call, or the failure of one client
 * would be read as the failure of the next.
 */
#include "net/tls_channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/certificate.h"
#include "net/tls_context.h"

static SSL *
session_of(const struct channel *channel)
{
	return channel->session;
}

static enum channel_result
result_of(SSL *ssl, int returned)
{
	switch (SSL_get_error(ssl, returned)) {
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

static enum channel_result
tls_handshake(struct channel *channel)
{
	int returned;

	ERR_clear_error();
	returned = SSL_do_handshake(session_of(channel));
	if (returned == 1)
		return CHANNEL_OK;
	return result_of(session_of(channel), returned);
}

static enum channel_result
tls_read(struct channel *channel, char *room, size_t size, size_t *got)
{
	int returned;

	ERR_clear_error();
	returned = SSL_read_ex(session_of(channel), room, size, got);
	if (returned == 1)
		return CHANNEL_OK;
	return result_of(session_of(channel), returned);
}

static enum channel_result
tls_write(struct channel *channel, const char *data, size_t len, size_t *put)
{
	int returned;

	ERR_clear_error();
	returned = SSL_write_ex(session_of(channel), data, len, put);
	if (returned == 1)
		return CHANNEL_OK;
	return result_of(session_of(channel), returned);
}

/* close_notify (RFC 8446, 6.1). The peer's own is not waited for. */
static enum channel_result
tls_finish(struct channel *channel)
{
	int returned;

	ERR_clear_error();
	returned = SSL_shutdown(session_of(channel));
	if (returned >= 0)
		return CHANNEL_OK;
	return result_of(session_of(channel), returned);
}

static void
tls_release(struct channel *channel)
{
	SSL_free(session_of(channel));
	channel->session = NULL;
}

static const struct transport transport_tls = {.name = "tls",
    .open = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .finish = tls_finish,
    .release = tls_release};

enum err
tls_channel_begin(struct tls *tls, struct channel *channel, bool ask_identity)
{
	SSL *ssl;

	ERR_clear_error();
	ssl = SSL_new(tls_context_default(tls));
	if (ssl == NULL || SSL_set_fd(ssl, channel->socket) != 1) {
		SSL_free(ssl);
		return ERR_NOMEM;
	}
	SSL_set_accept_state(ssl);
	SSL_set_verify(
	    ssl, ask_identity ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	channel->transport = &transport_tls;
	channel->session = ssl;
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
	    SSL_get_servername(session_of(channel), TLSEXT_NAMETYPE_host_name));
}

const char *
tls_channel_version(const struct channel *channel)
{
	return SSL_get_version(session_of(channel));
}

enum err
tls_channel_identity(const struct channel *channel, struct arena *arena,
    const struct identity **out)
{
	X509 *certificate = SSL_get0_peer_certificate(session_of(channel));
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
