/* SPDX-License-Identifier: ISC */
/* What readers see of the certificate that is being shown, for the operator. */
#ifndef GUIJU_NET_TLS_FACTS_H
#define GUIJU_NET_TLS_FACTS_H

#include "net/tls/tls.h"

struct tls_facts {
	int64_t not_before_s, not_after_s; /* since 1970 UTC */
	char sha256[65];                   /* of the DER, lower-case hex */
};

/* Of the certificate that new sessions begin with. ERR_INPUT: its dates
 * cannot be read. */
enum err tls_facts(const struct tls *tls, struct tls_facts *out) MUST_CHECK;

#endif
