/* SPDX-License-Identifier: ISC */
/* TLS as a transport: what one connection asks of OpenSSL. */
#ifndef GUIJU_NET_TLS_CHANNEL_H
#define GUIJU_NET_TLS_CHANNEL_H

#include "net/tls/tls.h"
#include "net/transport.h"
#include "page/request.h"

/*
 * Put TLS on channel (its socket is set), of which `first` has been received;
 * all: for now there was no more. With ask_identity a client certificate is
 * asked for, never required; whoever sends one must hold its key. ERR_NOMEM:
 * channel is untouched.
 */
enum err tls_channel_begin(struct tls *tls, struct channel *channel,
    bool ask_identity, struct str first, bool all) MUST_CHECK;

/* Is it TLS that carries this channel? */
bool tls_channel_is(const struct channel *channel);

/* The host name that the client asked for (RFC 6066, 3); empty for none.
 * Borrowed from the channel. */
struct str tls_channel_server_name(const struct channel *channel);

/* "TLSv1.3" for the log. */
const char *tls_channel_version(const struct channel *channel);

/* Who the client says it is, in the arena; *out is NULL where it sent no
 * certificate. ERR_NOMEM. */
enum err tls_channel_identity(const struct channel *channel,
    struct arena *arena, const struct identity **out) MUST_CHECK;

#endif
