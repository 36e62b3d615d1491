/* SPDX-License-Identifier: ISC */
/* X.509: what a client's certificate says. Ours is made here as well, see
 * tls_make_certificate(). */
#ifndef GUIJU_NET_TLS_CERTIFICATE_H
#define GUIJU_NET_TLS_CERTIFICATE_H

#include <openssl/x509.h>

#include "page/request.h"

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
