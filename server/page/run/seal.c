/* SPDX-License-Identifier: ISC */
/* Making, checking and using up seals. */
#include "page/run/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/hex.h"
#include "page/run/base64url.h"
#include "page/run/site_parts.h"
#include "store/store.h"

enum { TIME_BYTES = 4, NONCE_BYTES = 8, MAC_BYTES = SEAL_TAG_BYTES };
_Static_assert(TIME_BYTES + NONCE_BYTES + MAC_BYTES == SEAL_BYTES,
    "the parts make the whole");

/* ERR_INPUT: the text is not a token. */
static enum err
decode(struct str text, unsigned char out[SEAL_BYTES])
{
	return text.len == SEAL_TEXT ? base64url_read(text, out) : ERR_INPUT;
}

/* The HMAC over the scope and over the token's time and nonce. */
static enum err
mac(const struct seal_scope *scope, const unsigned char *head,
    unsigned char out[MAC_BYTES])
{
	unsigned char whole[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	struct buf message;
	enum err err;

	buf_init(&message, 8192);
	buf_add(&message, head, TIME_BYTES + NONCE_BYTES);
	/* A NUL separates the parts: neither part can contain one. */
	buf_str(&message, scope->folder);
	buf_char(&message, '\0');
	buf_str(&message, scope->cert);
	err = message.err;
	if (err == OK &&
	    (HMAC(EVP_sha256(), scope->secret, SEAL_SECRET_BYTES,
		 (const unsigned char *)message.data, message.len, whole,
		 &n) == NULL ||
		n < MAC_BYTES))
		err = ERR_NOMEM;
	if (err == OK)
		memcpy(out, whole, MAC_BYTES);
	buf_release(&message);
	return err;
}

void
seal_add(struct buf *out, const struct seal_scope *scope)
{
	unsigned char token[SEAL_BYTES];
	uint32_t now = (uint32_t)scope->now_s;

	for (size_t i = 0; i < TIME_BYTES; i++)
		token[i] = (unsigned char)(now >> 8 * (TIME_BYTES - 1 - i));
	if (RAND_bytes(token + TIME_BYTES, NONCE_BYTES) != 1 ||
	    mac(scope, token, token + TIME_BYTES + NONCE_BYTES) != OK) {
		out->err = ERR_IO;
		return;
	}
	base64url_add(out, (struct str){(const char *)token, sizeof(token)});
}

enum err
seal_check(struct str text, const struct seal_scope *scope)
{
	unsigned char token[SEAL_BYTES], expected[MAC_BYTES];
	uint32_t made = 0, age;
	enum err err;

	err = decode(text, token);
	if (err == OK)
		err = mac(scope, token, expected);
	if (err != OK)
		return err == ERR_LIMIT ? ERR_INPUT : err;
	if (CRYPTO_memcmp(
		expected, token + TIME_BYTES + NONCE_BYTES, MAC_BYTES) != 0)
		return ERR_INPUT;
	for (size_t i = 0; i < TIME_BYTES; i++)
		made = made << 8 | token[i];
	age = (uint32_t)scope->now_s - made; /* both wrap at 32 bits */
	return age <= SEAL_LIFE_S ? OK : ERR_LATE;
}

void
seal_add_tag(struct buf *out, struct str text, const struct seal_scope *scope)
{
	unsigned char token[SEAL_BYTES], tag[SEAL_TAG_BYTES];

	if (decode(text, token) != OK || mac(scope, token, tag) != OK)
		out->err = ERR_IO;
	else
		base64url_add(
		    out, (struct str){(const char *)tag, sizeof(tag)});
}

enum err
seal_add_nonce(struct buf *out, struct str text)
{
	unsigned char token[SEAL_BYTES];
	char hex[2 * (TIME_BYTES + NONCE_BYTES) + 1];

	if (decode(text, token) != OK)
		return ERR_INPUT;
	hex_write(token, TIME_BYTES + NONCE_BYTES, hex);
	buf_text(out, hex);
	return out->err;
}

/* Run a statement of one or two values. *row: did it give a row? */
static enum err
run_with_text(struct site *site, sqlite3 *db, const char *sql, struct str text,
    int64_t n, bool *row)
{
	sqlite3_stmt *stmt;
	int code = site_statement(site, db, sql, &stmt);

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(
		    stmt, 1, text.data, (int)text.len, SQLITE_TRANSIENT);
	if (code == SQLITE_OK && n >= 0)
		code = sqlite3_bind_int64(stmt, 2, n);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	*row = code == SQLITE_ROW;
	return store_err(code);
}

enum err
seal_find(struct site *site, struct str text)
{
	struct buf nonce;
	bool used = false;
	enum err err;

	buf_init(&nonce, 64);
	err = seal_add_nonce(&nonce, text);
	if (err == OK)
		err = run_with_text(site, store_reader(site->store),
		    "SELECT 1 FROM guiju_seal WHERE nonce = ?1",
		    buf_view(&nonce), -1, &used);
	buf_release(&nonce);
	return used ? ERR_INPUT : err;
}

enum err
seal_use(struct site *site, struct str text, int64_t now_s)
{
	sqlite3 *writer = store_writer(site->store);
	/* The nonce begins with its time in hex, so that expired seals are one
	 * range of the primary key. */
	uint32_t now = (uint32_t)now_s;
	/* Just after the 32-bit clock has wrapped, nothing has expired. A run
	 * may have judged a seal a while ago, and a clock may be set. */
	const uint32_t kept = SEAL_LIFE_S + SEAL_MARGIN_S;
	uint32_t oldest = now > kept ? now - kept : 0;
	struct buf nonce, limit;
	bool row;
	enum err err;

	buf_init(&nonce, 64);
	buf_init(&limit, 64);
	buf_printf(&limit, "%08x", oldest);
	err = seal_add_nonce(&nonce, text);
	if (err == OK)
		err = limit.err;
	if (err == OK)
		err = run_with_text(site, writer,
		    "DELETE FROM guiju_seal WHERE nonce < ?1", buf_view(&limit),
		    -1, &row);
	if (err == OK)
		err = run_with_text(site, writer,
		    "INSERT INTO guiju_seal (nonce, used_at) VALUES (?1, ?2)",
		    buf_view(&nonce), now_s, &row);
	buf_release(&nonce);
	buf_release(&limit);
	return err;
}
