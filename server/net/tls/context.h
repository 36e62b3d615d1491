/* SPDX-License-Identifier: ISC */
/* The inside of struct tls, for the files of net/ that see OpenSSL. */
#ifndef GUIJU_NET_TLS_CONTEXT_H
#define GUIJU_NET_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "net/tls/tls.h"
#include "net/tls/session.h"

/* A worker's sessions. They begin with the first host's context; the server
 * name that the client sends may change it. Borrowed. */
struct tls_sessions *tls_sessions_of(const struct tls *tls);

/* The certificate of the first host, borrowed; NULL: there is none. */
const X509 *tls_certificate_of(const struct tls *tls);

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

#endif
