/* SPDX-License-Identifier: ISC */
/* Notices: their tokens in addresses, their lines in the database. */
#include "page/run/notice.h"

#include <openssl/crypto.h>

#include "page/run/site_parts.h"
#include "store/store.h"

/* The mark before a token. It is not of a token, and nobody percent-encodes it
 * (RFC 3986, 2.3). Not '~': for some browsers "~NAME" begins the site of a user
 * NAME. */
#define MARK '.'
/* What a token is for, in the place of a seal's folder: no folder has a "?". */
#define FOLDER STR("?notice")
/* The end of a page's address as plain text. */
#define TWIN STR(".txt")

enum {
	PAGE_MAX = 8 * 1024, /* bytes of an address */
	NONCE_TEXT_MAX = 64,
	LIMIT_TEXT_MAX = 16
};

static struct seal_scope
scope_of(const unsigned char *secret, int64_t now_s)
{
	return (struct seal_scope){secret, FOLDER, STR(""), now_s};
}

/* ---- tokens --------------------------------------------------------- */

/* Append the tag of a token. A page and its plain text are one page. */
static void
add_tag(struct buf *out, const struct notice_scope *notice, struct str seal)
{
	struct seal_scope scope = scope_of(notice->secret, notice->now_s);
	struct buf page;
	struct ip network;

	buf_init(&page, PAGE_MAX);
	buf_str(&page, FOLDER);
	path_add(&page, notice->page);
	scope.folder = buf_view(&page);
	if (str_ends(scope.folder, TWIN))
		scope.folder.len -= TWIN.len;
	if (notice->peer != NULL) {
		network = ip_network(notice->peer, 32, 64);
		scope.cert = (struct str){
		    (const char *)network.byte, sizeof(network.byte)};
	}
	seal_add_tag(out, seal, &scope);
	if (page.err != OK)
		out->err = page.err;
	buf_release(&page);
}

static bool
has_tag(struct str token, const struct notice_scope *notice)
{
	struct buf expected;
	bool same;

	buf_init(&expected, SEAL_TAG_TEXT);
	add_tag(&expected, notice, str_slice(token, 0, SEAL_TEXT));
	same = expected.err == OK &&
	    CRYPTO_memcmp(
		expected.data, token.data + SEAL_TEXT, SEAL_TAG_TEXT) == 0;
	buf_release(&expected);
	return same;
}

/* May this token show its line to the reader of this request? */
static bool
is_for(struct str token, const unsigned char *secret, int64_t now_s,
    const struct request *request)
{
	struct notice_scope scope = {
	    secret, now_s, &request->path, request->peer};

	if (has_tag(token, &scope))
		return true;
	scope.peer = NULL;
	return has_tag(token, &scope);
}

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
	/* Late or for others, the token is ours, and nobody's input. */
	err = seal_check(str_slice(token, 0, SEAL_TEXT), &scope);
	if (err != OK && err != ERR_LATE)
		return;
	if (err == OK && is_for(token, secret, now_s, request))
		request->notice = token;
	query->len -= NOTICE_QUERY;
	input->len -= NOTICE_QUERY;
	request->has_input = query->len > 0;
}

void
notice_add(struct buf *out, const struct notice_scope *notice, struct str old,
    struct str *token)
{
	const struct seal_scope scope = scope_of(notice->secret, notice->now_s);
	struct str seal = str_slice(old, 0, SEAL_TEXT);

	if (str_find_byte(buf_view(out), '?') == SIZE_MAX)
		buf_char(out, '?');
	buf_char(out, MARK);
	if (seal.len > 0)
		buf_str(out, seal);
	else
		seal_add(out, &scope);
	if (out->err == OK)
		add_tag(out, notice,
		    str_slice(buf_view(out), out->len - SEAL_TEXT, out->len));
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
	err = seal_add_nonce(&nonce, str_slice(token, 0, SEAL_TEXT));
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
