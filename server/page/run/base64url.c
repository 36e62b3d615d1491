/* SPDX-License-Identifier: ISC */
/* Six bits per character. The bits that fill up the last character are zero. */
#include "page/run/base64url.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
base64url_add(struct buf *out, struct str bytes)
{
	uint32_t word = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		word = word << 8 | (unsigned char)bytes.data[i];
		for (bits += 8; bits >= 6; bits -= 6)
			buf_char(out, alphabet[word >> (bits - 6) & 63]);
	}
	if (bits > 0)
		buf_char(out, alphabet[word << (6 - bits) & 63]);
}

enum err
base64url_read(struct str text, unsigned char *out)
{
	uint32_t word = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.data[i];
		const char *at = c == '\0' ? NULL : strchr(alphabet, c);

		if (at == NULL)
			return ERR_INPUT;
		word = word << 6 | (uint32_t)(at - alphabet);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (unsigned char)(word >> bits);
		}
	}
	return bits < 6 && (word & ((1U << bits) - 1)) == 0 ? OK : ERR_INPUT;
}
