/* SPDX-License-Identifier: ISC */
/*
 * sha256(text): the digest in small hexadecimal digits. It is computed here
 * (FIPS 180-4, section 6.2), because the extension for the stock shell is not
 * linked with a library of cryptography.
 */
#include "store/functions/functions.h"

#include "base/hex.h"

struct digest {
	uint32_t state[8];
	unsigned char block[64];
	size_t filled;
	uint64_t bytes;
};

static const uint32_t rounds[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf,
    0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
    0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
    0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
    0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t
turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void
spread(uint32_t *w, const unsigned char *block)
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 |
		    (uint32_t)block[4 * i + 1] << 16 |
		    (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) +
		    w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
}

static void
mix(uint32_t *state, const unsigned char *block)
{
	uint32_t w[64], s[8];

	spread(w, block);
	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 64; i++) {
		uint32_t one = s[7] +
		    (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
		    ((s[4] & s[5]) ^ (~s[4] & s[6])) + rounds[i] + w[i];
		uint32_t two =
		    (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
		    ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += one;
		s[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

static void
add(struct digest *digest, const unsigned char *data, size_t len)
{
	digest->bytes += len;
	while (len > 0) {
		size_t room = sizeof(digest->block) - digest->filled;
		size_t n = len < room ? len : room;

		memcpy(digest->block + digest->filled, data, n);
		digest->filled += n;
		data += n;
		len -= n;
		if (digest->filled == sizeof(digest->block)) {
			mix(digest->state, digest->block);
			digest->filled = 0;
		}
	}
}

static void
finish(struct digest *digest)
{
	static const unsigned char padding[64] = {0x80};
	uint64_t bits = digest->bytes * 8;
	unsigned char length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	add(digest, padding, 1 + (119 - digest->filled) % 64);
	add(digest, length, sizeof(length));
}

void
sha256_digest(struct str text, unsigned char out[SHA256_BYTES])
{
	struct digest digest = {
	    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
	    {0}, 0, 0};

	add(&digest, (const unsigned char *)text.data, text.len);
	finish(&digest);
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out[i] =
		    (unsigned char)(digest.state[i / 4] >> (24 - 8 * (i % 4)));
}

static void
call_sha256(sqlite3_context *context, int count, sqlite3_value **value)
{
	unsigned char digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	(void)count;
	if (sql_is_null(value[0]))
		return;
	sha256_digest(sql_text(value[0]), digest);
	hex_write(digest, SHA256_BYTES, hex);
	sqlite3_result_text(context, hex, 2 * SHA256_BYTES, SQLITE_TRANSIENT);
}

int
functions_register_sha256(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"sha256", 1, SQL_PURE, call_sha256}};

	return sql_register(db, list, 1, NULL);
}
