/* SPDX-License-Identifier: ISC */
/*
 * Counting terms in memory, and folding them into the table. Called by the
 * function term_add() and by the worker's fold.
 */
#include "store/tally.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "store/connect.h"
#include "store/functions/functions.h"

enum {
	NAME_MAX_BYTES = 32,
	DAY_BYTES = 10,
	BUSY_FOLD_MS = 100, /* the worker cannot serve while it waits */
	ROWS_SLACK = 500,   /* rows deleted at once, so few folds sort */
	KEY_BYTES = 32,
	NETWORKS = 65536, /* one counter per 16 bits of the keyed hash */
	DAY_S = 24 * 3600
};

struct entry {
	char name[NAME_MAX_BYTES], day[DAY_BYTES], term[TERM_MAX_BYTES];
	size_t name_len, term_len;
	int64_t n;
};

struct terms {
	size_t count;
	struct entry entry[TERMS_MAX];
	/* Who asks now, and how many terms each network has used on this day
	 * (UTC). Networks whose hashes are equal share a counter. */
	bool known;
	struct ip network;
	int64_t day;
	unsigned char key[KEY_BYTES], used[NETWORKS];
	char why[TERMS_WHY_SIZE]; /* why the last fold failed */
};

const char *
terms_why(const struct terms *terms)
{
	return terms->why;
}

struct terms *
terms_new(void)
{
	struct terms *terms = calloc(1, sizeof(*terms));

	if (terms != NULL && RAND_bytes(terms->key, KEY_BYTES) != 1) {
		free(terms);
		return NULL;
	}
	return terms;
}

void
terms_free(struct terms *terms)
{
	free(terms);
}

bool
terms_is_name(struct str name, size_t most)
{
	if (name.len == 0 || name.len > most)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '_'))
			return false;
	}
	return true;
}

static bool
is_day(struct str day)
{
	static const char shape[] = "0000-00-00";

	if (day.len != DAY_BYTES)
		return false;
	for (size_t i = 0; i < DAY_BYTES; i++)
		if (shape[i] == '-' ? day.data[i] != '-'
				    : day.data[i] < '0' || day.data[i] > '9')
			return false;
	return true;
}

static struct str
name_of(const struct entry *entry)
{
	return (struct str){entry->name, entry->name_len};
}

void
terms_reader(struct terms *terms, const struct ip *peer, int64_t now_s)
{
	terms->known = peer != NULL;
	if (peer != NULL)
		terms->network = ip_network(peer, 32, 48);
	if (terms->day != now_s / DAY_S)
		memset(terms->used, 0, sizeof(terms->used));
	terms->day = now_s / DAY_S;
}

/* Charge the reader's network for a term; false: it has used its share. */
static bool
charge(struct terms *terms)
{
	unsigned char hash[EVP_MAX_MD_SIZE], *used;

	if (!terms->known)
		return true;
	if (HMAC(EVP_sha256(), terms->key, KEY_BYTES, terms->network.byte,
		IP_BYTES, hash, NULL) == NULL)
		return false;
	used = &terms->used[hash[0] << 8 | hash[1]];
	if (*used == TERMS_NETWORK_MAX)
		return false;
	++*used;
	return true;
}

void
terms_add(struct terms *terms, struct str name, struct str term, struct str day)
{
	struct entry *entry;

	if (!terms_is_name(name, NAME_MAX_BYTES) || !is_day(day) ||
	    term.len == 0 || term.len > TERM_MAX_BYTES || !charge(terms))
		return;
	for (size_t i = 0; i < terms->count; i++) {
		entry = &terms->entry[i];
		if (str_equal(
			(struct str){entry->term, entry->term_len}, term) &&
		    str_equal(name_of(entry), name) &&
		    memcmp(entry->day, day.data, DAY_BYTES) == 0) {
			entry->n++;
			return;
		}
	}
	if (terms->count == TERMS_MAX)
		return;
	entry = &terms->entry[terms->count++];
	memcpy(entry->name, name.data, name.len);
	memcpy(entry->term, term.data, term.len);
	memcpy(entry->day, day.data, DAY_BYTES);
	entry->name_len = name.len;
	entry->term_len = term.len;
	entry->n = 1;
}

static int
bind(sqlite3_stmt *statement, int at, const char *text, size_t len)
{
	return sqlite3_bind_text(statement, at, text, (int)len, SQLITE_STATIC);
}

static int
run(sqlite3_stmt *statement, int code)
{
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
store_all(const struct terms *terms, sqlite3 *writer)
{
	sqlite3_stmt *store = NULL;
	int code = sqlite3_prepare_v2(writer,
	    "INSERT INTO guiju_term(name, term, day, n)"
	    " VALUES (?1, ?2, ?3, ?4)"
	    " ON CONFLICT (name, term, day) DO UPDATE SET n = n + excluded.n",
	    -1, &store, NULL);

	for (size_t i = 0; code == SQLITE_OK && i < terms->count; i++) {
		const struct entry *e = &terms->entry[i];

		code = bind(store, 1, e->name, e->name_len);
		if (code == SQLITE_OK)
			code = bind(store, 2, e->term, e->term_len);
		if (code == SQLITE_OK)
			code = bind(store, 3, e->day, DAY_BYTES);
		if (code == SQLITE_OK)
			code = sqlite3_bind_int64(store, 4, e->n);
		code = run(store, code);
	}
	sqlite3_finalize(store);
	return code;
}

/* Is this the first entry with its name? */
static bool
is_first(const struct terms *terms, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_equal(
			name_of(&terms->entry[i]), name_of(&terms->entry[at])))
			return false;
	return true;
}

static int
trim(const struct terms *terms, sqlite3 *writer)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(writer,
	    "DELETE FROM guiju_term WHERE name = ?1 AND (term, day) IN ("
	    "SELECT term, day FROM guiju_term WHERE name = ?1"
	    " AND (SELECT count(*) FROM guiju_term WHERE name = ?1) > ?2"
	    " ORDER BY n, day, term LIMIT max(0, ?3 + "
	    "(SELECT count(*) FROM guiju_term WHERE name = ?1) - ?2))",
	    -1, &statement, NULL);

	for (size_t i = 0; code == SQLITE_OK && i < terms->count; i++) {
		const struct entry *e = &terms->entry[i];

		if (!is_first(terms, i))
			continue;
		code = bind(statement, 1, e->name, e->name_len);
		if (code == SQLITE_OK)
			code = sqlite3_bind_int(statement, 2, TERMS_ROWS_MAX);
		if (code == SQLITE_OK)
			code = sqlite3_bind_int(statement, 3, ROWS_SLACK);
		code = run(statement, code);
	}
	sqlite3_finalize(statement);
	return code;
}

static enum err
fold(struct terms *terms, sqlite3 *writer)
{
	int code = sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = store_all(terms, writer);
	if (code == SQLITE_OK)
		code = trim(terms, writer);
	if (code == SQLITE_OK)
		code = sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		terms->count = 0;
	else
		snprintf(terms->why, sizeof(terms->why), "%s",
		    sqlite3_errmsg(writer));
	if (sqlite3_get_autocommit(writer) == 0)
		sqlite3_exec(writer, "ROLLBACK", NULL, NULL, NULL);
	return store_err(code);
}

enum err
terms_fold(struct terms *terms, sqlite3 *writer)
{
	int64_t wait_ms = BUSY_WRITER_MS;
	enum err err;

	if (terms->count == 0)
		return OK;
	/* The connection's own timeout is restored afterwards. */
	connect_int(writer, "PRAGMA busy_timeout", &wait_ms);
	sqlite3_busy_timeout(writer, BUSY_FOLD_MS);
	err = fold(terms, writer);
	sqlite3_busy_timeout(writer, (int)wait_ms);
	return err;
}
