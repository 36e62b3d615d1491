/* SPDX-License-Identifier: ISC */
/*
 * A client's certificate, DER. Whatever parses gives a fingerprint and a name
 * that can be shown.
 */
#include "fuzz.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "net/tls/internal.h"

enum { NAME_CHARACTERS_MAX = 64 };

static bool
is_fingerprint(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("0123456789abcdef", s.data[i]) == NULL ||
		    s.data[i] == '\0')
			return false;
	return s.len == 64;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	const unsigned char *at = data;
	struct identity identity = {.valid = false};
	X509 *certificate = d2i_X509(NULL, &at, (long)size);

	if (arena == NULL)
		arena = arena_new(1 << 20);
	MUST(arena != NULL);
	ERR_clear_error();
	if (certificate == NULL)
		return 0;
	MUST(certificate_read(certificate, arena, &identity) == OK);
	MUST(is_fingerprint(identity.fingerprint));
	MUST(is_clean_line(identity.name));
	MUST(utf8_count(identity.name) <= NAME_CHARACTERS_MAX);
	MUST(ERR_peek_error() == 0);
	X509_free(certificate);
	arena_clear(arena);
	return 0;
}
