/* SPDX-License-Identifier: ISC */
/*
 * Drafts: a text that a page has refused, kept for its sender, who is known by
 * a certificate. The client may have forgotten the text by the time its reader
 * sees why. The table guiju_draft is the engine's; pages read it.
 */
#include "page/run/internal.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

static const char keep[] =
    "INSERT INTO guiju_draft (cert, path, mime, text, reason, made, bytes)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
    " WHERE (SELECT coalesce(sum(bytes), 0) FROM guiju_draft) + ?7 <= ?8";

/* The same text again takes the place of its draft. */
static const char make_room[] =
    "DELETE FROM guiju_draft WHERE cert = ?1 AND (path = ?2 AND text = ?4"
    " OR id NOT IN (SELECT id FROM guiju_draft WHERE cert = ?1"
    "  ORDER BY made DESC, id DESC LIMIT ?9))";

bool
draft_is_for(const struct run *run)
{
	return run->cert.len > 0 &&
	    (!run->page->uses_account || run->account.state == ACCOUNT_ACTIVE);
}

/* Is it a text that was judged and refused for what it says or when it came? */
static bool
is_worth(const struct run *run, bool past_seal)
{
	const struct upload *upload = run->request->upload;
	const struct reply *reply = run->reply;
	const struct value *mime = &run->slots[BUILTIN_MIME];

	return upload != NULL && !upload->awaited && draft_is_for(run) &&
	    (run->taken || !past_seal) && reply->type == REPLY_REFUSAL &&
	    reply->refusal != REFUSAL_BROKEN &&
	    (reply->refusal != REFUSAL_BUSY || reply->text.len > 0) &&
	    upload->body.len > 0 && upload->body.len <= LIMIT_DRAFT_BYTES &&
	    mime->type == VALUE_TEXT && str_starts(mime->text, STR("text/")) &&
	    str_find_byte(upload->body, '\0') == SIZE_MAX &&
	    utf8_valid(upload->body);
}

/* The address without its seal, which may still be good. */
static struct str
address_of(const struct run *run)
{
	struct str path = run->path;

	while (
	    run->page->sealed && path.len > 0 && path.data[path.len - 1] != '/')
		path.len--;
	return path;
}

static int
run_statement(struct run *run, const char *sql, struct str reason)
{
	const struct upload *upload = run->request->upload;
	const struct value values[] = {value_text(run->cert),
	    value_text(address_of(run)), run->slots[BUILTIN_MIME],
	    value_text(upload->body), value_text(reason),
	    value_integer(run->now_s), value_integer((int64_t)upload->body.len),
	    value_integer(LIMIT_DRAFTS_BYTES), value_integer(LIMIT_DRAFTS - 1)};
	sqlite3_stmt *stmt;
	int code = site_statement(
	    run->site, store_writer(run->site->store), sql, &stmt);

	for (int i = 1;
	     code == SQLITE_OK && i <= sqlite3_bind_parameter_count(stmt); i++)
		code = value_bind(stmt, i, &values[i - 1]);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return code;
}

/* Store the draft, inside a transaction. false: it is not kept. */
static bool
store(struct run *run, struct str reason)
{
	sqlite3 *writer = store_writer(run->site->store);
	unsigned wait_s = 0;
	enum err err = writes_count(
	    run->site, run->cert, run->request->peer, run->now_s, &wait_s);

	return err == OK && wait_s == 0 &&
	    run_statement(run, make_room, reason) == SQLITE_DONE &&
	    run_statement(run, keep, reason) == SQLITE_DONE &&
	    sqlite3_changes(writer) == 1;
}

/* Tell the sender; the reason is what the page has said. */
static void
tell(struct run *run, struct str reason)
{
	char days[16];
	struct str values[2] = {reason};
	struct str text;

	snprintf(days, sizeof(days), "%d", LIMIT_DRAFT_DAYS);
	values[1] = str_from(days);
	text = words_fill(
	    run->reply->words, run->request->arena, WORD_UPLOAD_KEPT, values);
	if (text.len > 0)
		run->reply->text = text;
}

void
draft_keep(struct run *run, bool past_seal)
{
	struct str reason = run->reply->text;

	if (!is_worth(run, past_seal) || site_is_copy(run->site))
		return;
	if (reason.len == 0)
		reason = words_text(run->reply->words,
		    WORD_MISSING + (unsigned)run->reply->refusal);
	if (!transaction_write_alone(run))
		return;
	if (transaction_end_alone(run, store(run, reason)))
		tell(run, reason);
	else
		log_warn("page: %.*s: a draft is not kept",
		    STR_ARG(run->page->file));
}
