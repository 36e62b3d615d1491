/* SPDX-License-Identifier: ISC */
/*
 * TLS by OpenSSL 3: the context, the certificates, and the small set of calls
 * that a connection makes. Only the files tls*.c and certificate.c see it.
 */
#ifndef GUIJU_NET_TLS_TLS_H
#define GUIJU_NET_TLS_TLS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct tls; /* the context: certificates and settings, shared by fork */

/*
 * Load dir/HOST.cert.pem and dir/HOST.key.pem for each host (the first is
 * shown where no server name is sent). ERR_MISSING, ERR_INPUT (does not
 * parse, key does not match, key readable by others), ERR_IO; why gets one
 * line. An expired certificate is loaded with a loud line in the log.
 */
enum err tls_open(const char *dir, const struct str *hosts, size_t host_count,
    struct tls **out, struct buf *why) MUST_CHECK;
void tls_close(struct tls *tls);
/* Tell the log of certificates that have ended or will within 60 days, as
 * tls_open does: now and then, since who opens once may serve for years. */
void tls_warn_of_end(const struct tls *tls);

/*
 * Make a self-signed P-256 certificate for host, good for ten years, unless
 * one of the two files is there already (then OK and *made is false): a
 * certificate is never overwritten. The key is written 0600. ERR_INPUT: we have
 * no right to write there.
 */
enum err tls_make_certificate(
    const char *dir, struct str host, bool *made, struct buf *why) MUST_CHECK;
/* The same, unless by the clock this program has not been made yet: readers
 * remember a certificate, and its dates would be wrong as long as it lives.
 * ERR_INPUT. */
enum err tls_make_first_certificate(
    const char *dir, struct str host, bool *made, struct buf *why) MUST_CHECK;

/* What readers see of the certificate that is being shown. */
struct tls_facts {
	int64_t not_before_s, not_after_s; /* since 1970 UTC */
	char sha256[65];                   /* of the DER, lower-case hex */
};

/* Of the certificate that new sessions begin with. ERR_INPUT: its dates
 * cannot be read. */
enum err tls_facts(const struct tls *tls, struct tls_facts *out) MUST_CHECK;

#endif
