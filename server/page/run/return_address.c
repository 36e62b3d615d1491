/* SPDX-License-Identifier: ISC */
/* Making and reading return addresses. */
#include "page/run/return_address.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "page/run/base64url.h"
#include "page/site.h"

enum {
	MAC_BYTES = 12,
	TOKEN_BYTES = MAC_BYTES + RETURN_ADDRESS_MAX,
	TOKEN_TEXT = BASE64URL_TEXT(TOKEN_BYTES)
};

/* Seals are made with the same key. No message of a seal is one of ours: ours
 * has its only NUL behind the word, a seal's has one behind its folder. */
static const char word[] = "return"; /* with its NUL */

static enum err
mac(const unsigned char *secret, struct str address,
    unsigned char out[MAC_BYTES])
{
	unsigned char message[sizeof(word) + RETURN_ADDRESS_MAX];
	unsigned char whole[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	memcpy(message, word, sizeof(word));
	memcpy(message + sizeof(word), address.data, address.len);
	if (HMAC(EVP_sha256(), secret, SEAL_SECRET_BYTES, message,
		sizeof(word) + address.len, whole, &n) == NULL ||
	    n < MAC_BYTES)
		return ERR_NOMEM;
	memcpy(out, whole, MAC_BYTES);
	return OK;
}

enum err
return_address_add(
    struct buf *out, const unsigned char *secret, struct str address)
{
	char token[TOKEN_BYTES];
	enum err err;

	if (address.len == 0 || address.len > RETURN_ADDRESS_MAX)
		return ERR_LIMIT;
	err = mac(secret, address, (unsigned char *)token);
	if (err != OK)
		return err;
	memcpy(token + MAC_BYTES, address.data, address.len);
	base64url_add(out, (struct str){token, MAC_BYTES + address.len});
	return out->err;
}

enum err
return_address_read(struct arena *arena, const unsigned char *secret,
    struct str segment, struct str *out)
{
	unsigned char token[TOKEN_BYTES + 1], expected[MAC_BYTES];
	struct str address = {(const char *)token + MAC_BYTES, 0};
	enum err err;

	if (segment.len > TOKEN_TEXT ||
	    BASE64URL_BYTES(segment.len) <= MAC_BYTES)
		return ERR_INPUT;
	err = base64url_read(segment, token);
	if (err != OK)
		return err;
	address.len = BASE64URL_BYTES(segment.len) - MAC_BYTES;
	err = mac(secret, address, expected);
	if (err != OK)
		return err;
	if (CRYPTO_memcmp(expected, token, MAC_BYTES) != 0)
		return ERR_INPUT;
	*out = arena_str(arena, address);
	return out->data == NULL ? ERR_NOMEM : OK;
}
