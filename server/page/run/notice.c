/* SPDX-License-Identifier: ISC */
/* Notices: their tokens in addresses, their lines in the database. */
#include "page/run/notice.h"

#include "page/run/site_parts.h"
#include "store/store.h"

/* The mark before a token: not of a token, and nobody percent-encodes it (RFC 3986, 2.3). */
/* Not '~': for some browsers "~NAME" begins the site of a user NAME. */
#define MARK '.'
/* What a token is for, in the place of a seal's folder: no folder has a "?". */
#define FOLDER STR("?notice")

enum { NONCE_TEXT_MAX = 64, LIMIT_TEXT_MAX = 16 };

static struct seal_scope
scope_of(const unsigned char *secret, int64_t now_s)
{
	return (struct seal_scope){secret, FOLDER, STR(""), now_s};
}

/* ---- tokens --------------------------------------------------------- */

void
notice_take(const unsigned char *secret, int64_t now_s, struct request *request)
{
	const struct seal_scope scope = scope_of(secret, now_s);
	struct str *query = &request->query, *input = &request->input;
	struct str token;
	enum err err;

	if (query->len < NOTICE_QUERY || input->len < NOTICE_QUERY ||
	    query->data[query->len - NOTICE_QUERY] != MARK)
		return;
	token = str_slice(*query, query->len - NOTICE_TOKEN, query->len);
	/* Late or not, the token is ours, and nobody's input. */
	err = seal_check(token, &scope);
	if (err == OK)
		request->notice = token;
	else if (err != ERR_LATE)
		return;
	query->len -= NOTICE_QUERY;
	input->len -= NOTICE_QUERY;
	request->has_input = query->len > 0;
}

void
notice_add_token(struct buf *out, struct str token)
{
	if (str_find_byte(buf_view(out), '?') == SIZE_MAX)
		buf_char(out, '?');
	buf_char(out, MARK);
	buf_str(out, token);
}

void
notice_add(struct buf *out, const unsigned char *secret, int64_t now_s,
    struct str *token)
{
	const struct seal_scope scope = scope_of(secret, now_s);

	notice_add_token(out, STR(""));
	seal_add(out, &scope);
	*token = str_slice(buf_view(out), out->len - NOTICE_TOKEN, out->len);
}

/* ---- lines ---------------------------------------------------------- */

/* Take a statement whose first value is the token's nonce. *out may be NULL. */
static enum err
prepare(struct site *site, sqlite3 *db, const char *sql, struct str token,
    sqlite3_stmt **out)
{
	struct buf nonce;
	enum err err;

	*out = NULL;
	buf_init(&nonce, NONCE_TEXT_MAX);
	err = seal_add_nonce(&nonce, token);
	if (err == OK)
		err = store_err(site_statement(site, db, sql, out));
	if (err == OK)
		err = store_err(sqlite3_bind_text(
		    *out, 1, nonce.data, (int)nonce.len, SQLITE_TRANSIENT));
	buf_release(&nonce);
	return err;
}

static enum err
bind(sqlite3_stmt *stmt, int at, struct str text)
{
	return store_err(sqlite3_bind_text(
	    stmt, at, text.data, (int)text.len, SQLITE_TRANSIENT));
}

/* Nonces begin with their time in hex, so old lines are one range. */
static enum err
forget_old(struct site *site, int64_t now_s)
{
	const uint32_t now = (uint32_t)now_s;
	char limit[LIMIT_TEXT_MAX];
	sqlite3_stmt *stmt;
	enum err err;

	snprintf(limit, sizeof(limit), "%08x",
	    now > SEAL_LIFE_S ? now - SEAL_LIFE_S : 0);
	err = store_err(site_statement(site, store_writer(site->store),
	    "DELETE FROM guiju_notice WHERE nonce < ?1", &stmt));
	if (err == OK)
		err = bind(stmt, 1, str_from(limit));
	if (err == OK)
		err = store_err(sqlite3_step(stmt));
	sqlite3_reset(stmt);
	return err;
}

enum err
notice_store(struct site *site, struct str token, struct str cert,
    struct str text, int64_t now_s)
{
	sqlite3_stmt *stmt = NULL;
	enum err err = forget_old(site, now_s);

	if (err == OK)
		err = prepare(site, store_writer(site->store),
		    "INSERT INTO guiju_notice (nonce, cert, text)"
		    " VALUES (?1, ?2, ?3)",
		    token, &stmt);
	if (err == OK)
		err = bind(stmt, 2, cert);
	if (err == OK)
		err = bind(stmt, 3, text);
	if (err == OK)
		err = store_err(sqlite3_step(stmt));
	sqlite3_reset(stmt);
	return err;
}

enum err
notice_find(struct site *site, struct arena *arena, struct str token,
    struct str cert, struct str *out)
{
	sqlite3_stmt *stmt;
	int code = SQLITE_DONE;
	enum err err = prepare(site, store_reader(site->store),
	    "SELECT text FROM guiju_notice"
	    " WHERE nonce = ?1 AND cert IN ('', ?2)",
	    token, &stmt);

	if (err == OK)
		err = bind(stmt, 2, cert);
	if (err == OK) {
		code = sqlite3_step(stmt);
		err = code == SQLITE_DONE ? ERR_MISSING : store_err(code);
	}
	if (err == OK) {
		*out = arena_str(arena,
		    (struct str){(const char *)sqlite3_column_text(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0)});
		err = out->data == NULL ? ERR_NOMEM : OK;
	}
	sqlite3_reset(stmt);
	return err;
}

enum err
notice_forget(struct site *site, struct str token)
{
	sqlite3 *writer = store_writer(site->store);
	sqlite3_stmt *stmt;
	enum err err = prepare(site, writer,
	    "DELETE FROM guiju_notice WHERE nonce = ?1", token, &stmt);

	if (err == OK)
		err = store_err(sqlite3_step(stmt));
	sqlite3_reset(stmt);
	if (err == OK && sqlite3_changes(writer) == 0)
		err = ERR_MISSING;
	return err;
}
