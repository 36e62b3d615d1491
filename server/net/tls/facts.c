/* SPDX-License-Identifier: ISC */
/* Reading our own certificate where it is in use, not where its file is. */
#include "net/tls/facts.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "net/tls/context.h"

static enum err
seconds(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return ERR_INPUT;
	*out = (int64_t)timegm(&tm);
	return OK;
}

enum err
tls_facts(const struct tls *tls, struct tls_facts *out)
{
	const X509 *certificate = tls_certificate_of(tls);
	struct tls_facts facts = {.sha256 = ""};
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	enum err err = certificate == NULL ? ERR_INPUT : OK;

	if (err == OK)
		err = seconds(
		    X509_get0_notBefore(certificate), &facts.not_before_s);
	if (err == OK)
		err = seconds(
		    X509_get0_notAfter(certificate), &facts.not_after_s);
	if (err == OK &&
	    (X509_digest(certificate, EVP_sha256(), digest, &len) != 1 ||
		2 * len >= sizeof(facts.sha256)))
		err = ERR_INPUT;
	for (unsigned i = 0; err == OK && i < len; i++)
		snprintf(facts.sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
	ERR_clear_error();
	if (err == OK)
		*out = facts;
	return err;
}
