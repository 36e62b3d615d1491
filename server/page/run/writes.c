/* SPDX-License-Identifier: ISC */
/*
 * The table has one row per certificate, one per address without a certificate,
 * and one for all certificates of an address. The row counts the writes in the
 * minute and on the day (UTC) of the last write. The next write, by
 * anybody, deletes rows of earlier days.
 */
#include "page/run/internal.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hex.h"
#include "base/limits.h"
#include "page/run/seal.h"
#include "store/store.h"

enum { MINUTE_S = 60, DAY_S = 24 * 3600 };

static const char forget[] = "DELETE FROM guiju_writes WHERE day < ?1";

static const char count[] =
    "INSERT INTO guiju_writes (cert, minute, in_minute, day, in_day)"
    " VALUES (?1, ?2, 1, ?3, 1)"
    " ON CONFLICT (cert) DO UPDATE SET"
    " in_minute = CASE minute WHEN excluded.minute THEN in_minute + 1"
    " ELSE 1 END, minute = excluded.minute,"
    " in_day = CASE day WHEN excluded.day THEN in_day + 1 ELSE 1 END,"
    " day = excluded.day"
    " RETURNING in_minute, in_day";

static unsigned
left_s(int64_t now_s, int64_t period_s)
{
	return (unsigned)(period_s - now_s % period_s);
}

static int
forget_days_before(struct site *site, int64_t day)
{
	sqlite3_stmt *stmt;
	int code =
	    site_statement(site, store_writer(site->store), forget, &stmt);

	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, day);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return code;
}

enum err
writes_name(const unsigned char *secret, const char *what, const struct ip *ip,
    int64_t now_s, char out[WRITES_NAME])
{
	enum {
		TAKEN = 16
	}; /* bytes of the HMAC: the length of an IPv6 address */
	const struct ip network = ip_network(ip, 32, 64);
	unsigned char whole[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	char about[64];
	int len = snprintf(
	    about, sizeof(about), "writes %lld ", (long long)(now_s / DAY_S));

	assert(strlen(what) + 2 * TAKEN < WRITES_NAME);
	memcpy(about + len, network.byte, sizeof(network.byte));
	if (HMAC(EVP_sha256(), secret, SEAL_SECRET_BYTES,
		(const unsigned char *)about,
		(size_t)len + sizeof(network.byte), whole, &n) == NULL ||
	    n < TAKEN)
		return ERR_NOMEM;
	len = snprintf(out, WRITES_NAME, "%s", what);
	hex_write(whole, TAKEN, out + len);
	return OK;
}

/* times: the limits of this name, as a multiple of one reader's. */
static enum err
count_name(struct site *site, struct str who, int times, int64_t now_s,
    unsigned *wait_s)
{
	sqlite3_stmt *stmt;
	int code =
	    site_statement(site, store_writer(site->store), count, &stmt);

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(
		    stmt, 1, who.data, (int)who.len, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 2, now_s / MINUTE_S);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 3, now_s / DAY_S);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW) {
		if (sqlite3_column_int64(stmt, 1) > times * LIMIT_WRITES_DAY)
			*wait_s = left_s(now_s, DAY_S);
		else if (sqlite3_column_int64(stmt, 0) >
		    times * LIMIT_WRITES_MINUTE)
			*wait_s = left_s(now_s, MINUTE_S);
		code = sqlite3_step(stmt);
	}
	sqlite3_reset(stmt);
	return store_err(code);
}

enum err
writes_count(struct site *site, struct str cert, const struct ip *peer,
    int64_t now_s, unsigned *wait_s)
{
	const bool known = cert.len > 0;
	char name[WRITES_NAME];
	enum err err = store_err(forget_days_before(site, now_s / DAY_S));

	*wait_s = 0;
	if (err == OK && known)
		err = count_name(site, cert, 1, now_s, wait_s);
	if (err != OK || *wait_s > 0 || peer == NULL)
		return err;
	err = writes_name(site->seal_keys.link,
	    known ? "certificates:" : "address:", peer, now_s, name);
	return err != OK ? err
			 : count_name(site, str_from(name),
			       known ? LIMIT_WRITES_TIMES : 1, now_s, wait_s);
}
