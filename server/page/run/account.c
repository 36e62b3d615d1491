/* SPDX-License-Identifier: ISC */
/*
 * The account of a request's certificate: the names :account, :role, :cert_id,
 * :certificate and :visitor, and the directives account and role.
 *
 * A certificate is found by its fingerprint, or else by its public key: who has
 * renewed it with the same key is still who he was. The index finds rows by a
 * part of a digest, and the whole digest is compared in constant time.
 */
#include "page/run/internal.h"

#include <inttypes.h>
#include <openssl/crypto.h>

#include "base/zone.h"
#include "store/accounts/accounts.h"

enum { DAY_S = 24 * 3600, SHORT_DIGITS = 12 };

static const char account_lookup[] =
    "SELECT c.fingerprint, c.key, c.state, c.changed, c.reason, c.id,"
    " c.last_seen, a.id, a.role, a.closed, a.reason"
    " FROM account_certificate c JOIN account a ON a.id = c.account_id"
    " WHERE substr(c.fingerprint, 1, 16) = substr(?1, 1, 16)"
    " OR substr(c.key, 1, 16) = substr(?2, 1, 16)";

/* The columns of account_lookup. */
enum {
	COLUMN_FINGERPRINT,
	COLUMN_KEY,
	COLUMN_STATE,
	COLUMN_CHANGED,
	COLUMN_REASON,
	COLUMN_CERT_ID,
	COLUMN_LAST_SEEN,
	COLUMN_ACCOUNT,
	COLUMN_ROLE,
	COLUMN_CLOSED,
	COLUMN_WHY_CLOSED
};

static struct str
column(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);

	return (struct str){
	    text == NULL ? "" : text, (size_t)sqlite3_column_bytes(row, i)};
}

static bool
is_same(struct str a, struct str b)
{
	return a.len > 0 && a.len == b.len &&
	    CRYPTO_memcmp(a.data, b.data, a.len) == 0;
}

/* Remember that the certificate was here, for the next fold. */
static void
note_visit(struct run *run, sqlite3_stmt *row)
{
	struct visits *visits = &run->site->visits;
	const struct identity *identity = run->request->identity;
	const int64_t last_s = sqlite3_column_int64(row, COLUMN_LAST_SEEN);
	struct account_visit *visit = visits->item;
	/* A certificate that an operator has stored comes without a key. */
	const bool changed =
	    !is_same(column(row, COLUMN_FINGERPRINT), run->cert) ||
	    (identity->key.len > 0 && column(row, COLUMN_KEY).len == 0);

	if (!changed && run->now_s - last_s < DAY_S)
		return;
	while (visit < visits->item + visits->count &&
	    visit->cert_id != run->account.cert_id)
		visit++;
	if (visit == visits->item + VISITS_MAX ||
	    identity->fingerprint.len > DIGEST_TEXT ||
	    identity->key.len > DIGEST_TEXT)
		return;
	if (visit == visits->item + visits->count)
		visits->count++;
	*visit = (struct account_visit){.cert_id = run->account.cert_id,
	    .at_s = run->now_s,
	    .until_s = identity->until};
	memcpy(visit->fingerprint, identity->fingerprint.data,
	    identity->fingerprint.len);
	memcpy(visit->key, identity->key.data, identity->key.len);
}

/* false: out of memory. */
static bool
take_row(struct run *run, sqlite3_stmt *row)
{
	struct arena *arena = run->request->arena;
	struct account *account = &run->account;
	const struct str state = column(row, COLUMN_STATE);
	const bool revoked = str_equal(state, STR("revoked"));
	const bool closed =
	    sqlite3_column_type(row, COLUMN_CLOSED) != SQLITE_NULL;

	*account = (struct account){.state = ACCOUNT_NONE};
	if (str_equal(state, STR("pending")))
		return true;
	account->state = revoked ? ACCOUNT_REVOKED
	    : closed             ? ACCOUNT_CLOSED
				 : ACCOUNT_ACTIVE;
	account->id = sqlite3_column_int64(row, COLUMN_ACCOUNT);
	account->cert_id = sqlite3_column_int64(row, COLUMN_CERT_ID);
	account->role = arena_str(arena, column(row, COLUMN_ROLE));
	account->since_s =
	    sqlite3_column_int64(row, revoked ? COLUMN_CHANGED : COLUMN_CLOSED);
	account->reason = arena_str(
	    arena, column(row, revoked ? COLUMN_REASON : COLUMN_WHY_CLOSED));
	if (account->state == ACCOUNT_ACTIVE)
		note_visit(run, row);
	return account->role.data != NULL && account->reason.data != NULL;
}

/* Step through the rows, of which one may be the certificate's. */
static int
find_row(struct run *run, sqlite3_stmt *lookup, bool *remembered)
{
	const struct identity *identity = run->request->identity;
	int code;

	while ((code = sqlite3_step(lookup)) == SQLITE_ROW) {
		const bool same =
		    is_same(column(lookup, COLUMN_FINGERPRINT), run->cert);

		if (!same &&
		    !is_same(column(lookup, COLUMN_KEY), identity->key))
			continue;
		*remembered = take_row(run, lookup);
		if (same)
			return SQLITE_DONE;
	}
	return code;
}

static bool
look_up(struct run *run)
{
	static const struct node nowhere = {.file = {"accounts", 8}};
	const struct identity *identity = run->request->identity;
	sqlite3_stmt *lookup;
	bool remembered = true;
	int code;

	if (!run_begin(run, &nowhere))
		return false;
	lookup =
	    run->locked ? run->site->account_write : run->site->account_read;
	sqlite3_bind_text(
	    lookup, 1, run->cert.data, (int)run->cert.len, SQLITE_STATIC);
	/* Without a key it is NULL, which is equal to nothing. */
	sqlite3_bind_text(lookup, 2,
	    identity->key.len == 0 ? NULL : identity->key.data,
	    (int)identity->key.len, SQLITE_STATIC);
	code = find_row(run, lookup, &remembered);
	sqlite3_reset(lookup);
	if (code != SQLITE_DONE)
		return run_refuse_for(run, &nowhere, store_err(code),
		    sqlite3_errmsg(run_connection(run)));
	return remembered || run_refuse(run, REFUSAL_BROKEN, STR(""));
}

/* What the tables of accounts store of the certificate, in one text: see
 * store/accounts/rules.sql. */
static struct str
certificate_facts(struct run *run)
{
	const struct identity *identity = run->request->identity;

	return arena_printf(run->request->arena,
	    "%-64.*s%-64.*s%012" PRId64 "%.*s", STR_ARG(identity->fingerprint),
	    STR_ARG(identity->key), identity->until, STR_ARG(identity->name));
}

static void
set_visitor(struct run *run)
{
	const struct ip *peer = run->request->peer;
	char name[WRITES_NAME];
	struct str visitor;

	if (peer == NULL ||
	    writes_name(run->site->seal_keys.link, "visitor:", peer, run->now_s,
		name) != OK)
		return;
	visitor = arena_str(run->request->arena, str_from(name));
	if (visitor.data != NULL)
		run->slots[BUILTIN_VISITOR] = value_text(visitor);
}

bool
account_find(struct run *run)
{
	struct account *account = &run->account;
	struct str facts;

	*account = (struct account){.state = ACCOUNT_NONE};
	if (run->page->uses_visitor)
		set_visitor(run);
	if (!run->page->uses_account || run->cert.len == 0)
		return true;
	facts = certificate_facts(run);
	if (facts.data == NULL)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->slots[BUILTIN_CERTIFICATE] = value_text(facts);
	if (!look_up(run))
		return false;
	if (account->state != ACCOUNT_ACTIVE)
		return true;
	run->slots[BUILTIN_ACCOUNT] = value_integer(account->id);
	run->slots[BUILTIN_CERT_ID] = value_integer(account->cert_id);
	if (account->role.len > 0)
		run->slots[BUILTIN_ROLE] = value_text(account->role);
	return true;
}

/* A refusal that says a day and perhaps a reason. */
static bool
refuse_since(
    struct run *run, enum refusal kind, enum word plain, enum word reasoned)
{
	struct arena *arena = run->request->arena;
	struct str values[2] = {STR(""), run->account.reason};
	struct buf day;

	buf_init(&day, 64);
	if (zone_add(&day, run->account.since_s, ZONE_DAY) &&
	    arena_take(arena, &day, &values[0]) != OK)
		values[0] = STR("");
	buf_release(&day);
	return run_refuse(run, kind,
	    words_fill(run->reply->words, arena,
		values[1].len > 0 ? reasoned : plain, values));
}

bool
account_refuse_revoked(struct run *run)
{
	return run->account.state != ACCOUNT_REVOKED ||
	    refuse_since(run, REFUSAL_BAD_CERT, WORD_CERT_REVOKED,
		WORD_CERT_REVOKED_FOR);
}

bool
act_account(struct run *run, const struct node *node)
{
	if (!act_cert(run, node))
		return false;
	switch (run->account.state) {
	case ACCOUNT_ACTIVE:
		return true;
	case ACCOUNT_CLOSED:
	case ACCOUNT_REVOKED:
		return refuse_since(run, REFUSAL_FORBIDDEN, WORD_ACCOUNT_CLOSED,
		    WORD_ACCOUNT_CLOSED);
	case ACCOUNT_NONE:
		break;
	}
	return act_send_away(run, run->site->register_path, STR("/"));
}

bool
act_role(struct run *run, const struct node *node)
{
	struct str rest = node->mimes, role, digits;

	while (run->account.role.len > 0 && rest.len > 0 &&
	    str_next_part(&rest, ' ', &role))
		if (str_equal(role, run->account.role))
			return true;
	digits = str_slice(run->cert, 0, SHORT_DIGITS);
	return run_refuse(run, REFUSAL_FORBIDDEN,
	    words_fill(run->reply->words, run->request->arena, WORD_ROLE_NEEDED,
		&digits));
}

/* ---- the site ------------------------------------------------------- */

int
account_prepare(struct site *site)
{
	sqlite3 *writer = store_writer(site->store);
	int code = SQLITE_OK;

	if (!accounts_are_on())
		return SQLITE_OK;
	code = sqlite3_prepare_v3(store_reader(site->store), account_lookup, -1,
	    SQLITE_PREPARE_PERSISTENT, &site->account_read, NULL);
	if (code == SQLITE_OK && writer != NULL)
		code = sqlite3_prepare_v3(writer, account_lookup, -1,
		    SQLITE_PREPARE_PERSISTENT, &site->account_write, NULL);
	return code;
}

void
account_release(struct site *site)
{
	sqlite3_finalize(site->account_read);
	sqlite3_finalize(site->account_write);
}

/* The row may be another certificate's by now, so its digests are asked again.
 */
static const char store_visit[] =
    "UPDATE OR IGNORE account_certificate SET last_seen = max(last_seen, ?2),"
    " fingerprint = ?3, until = CASE WHEN ?4 > 0 THEN ?4 ELSE until END,"
    " key = coalesce(key, nullif(?5, ''))"
    " WHERE id = ?1 AND state = 'active'"
    " AND (fingerprint = ?3 OR key = nullif(?5, ''))";
static const char store_last_seen[] =
    "UPDATE account SET last_seen = max(last_seen, ?2) WHERE id ="
    " (SELECT account_id FROM account_certificate WHERE id = ?1"
    "  AND (fingerprint = ?3 OR key = nullif(?5, '')))";

/* Run one statement about a visit. sql: static. */
static int
run_visit(sqlite3 *writer, const char *sql, const struct account_visit *visit)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(writer, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, visit->cert_id);
		sqlite3_bind_int64(stmt, 2, visit->at_s);
		sqlite3_bind_text(
		    stmt, 3, visit->fingerprint, -1, SQLITE_STATIC);
		sqlite3_bind_int64(stmt, 4, visit->until_s);
		sqlite3_bind_text(stmt, 5, visit->key, -1, SQLITE_STATIC);
		code = sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

enum err
account_fold(struct site *site)
{
	sqlite3 *writer = store_writer(site->store);
	const size_t count = site->visits.count;
	int code;

	site->visits.count = 0;
	if (count == 0 || writer == NULL)
		return OK;
	store_roll_back(writer);
	code = sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < count; i++) {
		const struct account_visit *visit = &site->visits.item[i];

		code = run_visit(writer, store_visit, visit);
		if (code == SQLITE_OK)
			code = run_visit(writer, store_last_seen, visit);
	}
	if (code == SQLITE_OK)
		code = sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		store_roll_back(writer);
	return store_err(code);
}
