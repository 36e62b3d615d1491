/* SPDX-License-Identifier: ISC */
/* TLS as a transport (net/transport.h): the OpenSSL calls of one connection. */
#ifndef GUIJU_NET_TLS_CHANNEL_H
#define GUIJU_NET_TLS_CHANNEL_H

#include "net/tls/tls.h"
#include "net/transport.h"
#include "page/request.h"

/*
 * Make channel a TLS channel; the caller has set its socket. first: the bytes
 * that have been received already. all: the socket had no more bytes than
 * these. ask_identity: the client is asked for a certificate. A client need not
 * send one; if it does, it must hold the key. ERR_NOMEM: channel is untouched.
 */
enum err tls_channel_begin(struct tls *tls, struct channel *channel,
    bool ask_identity, struct str first, bool all) MUST_CHECK;

/* Is this a TLS channel? The functions below need one. */
bool tls_channel_is(const struct channel *channel);

/* The host that the client named in its handshake (RFC 6066, 3); empty: none.
 * Borrowed from the channel. */
struct str tls_channel_server_name(const struct channel *channel);

/* The version of TLS, for the log: "TLSv1.3". Static. */
const char *tls_channel_version(const struct channel *channel);

/* The identity of the client's certificate, in the arena. *out is NULL if the
 * client sent none. ERR_NOMEM. */
enum err tls_channel_identity(const struct channel *channel,
    struct arena *arena, const struct identity **out) MUST_CHECK;

#endif
