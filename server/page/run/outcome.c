/* SPDX-License-Identifier: ISC */
/*
 * The outcome of a run that is not the page itself: refusals, prompts and
 * redirects. Every other file of this room calls these functions; they call
 * none of theirs.
 */
#include "page/run/internal.h"

#include <unistd.h>

#include "base/log.h"
#include "page/run/failure.h"

bool
run_refuse(struct run *run, enum refusal kind, struct str text)
{
	if (run->reply->type == REPLY_FILE) { /* a refusal takes its place */
		close(run->reply->file);
		run->reply->file = -1;
	}
	reply_refuse(run->reply, kind, text);
	run->settled = true;
	return false;
}

bool
run_refuse_word(struct run *run, enum refusal kind, enum word word)
{
	return run_refuse(run, kind, words_text(run->reply->words, word));
}

bool
run_refuse_for(
    struct run *run, const struct node *node, enum err err, const char *what)
{
	if (err == ERR_BUSY || err == ERR_LATE) {
		log_warn("page: %.*s:%u: %s: %s", STR_ARG(node->file),
		    node->line, err == ERR_LATE ? "took too long" : "busy",
		    what);
		return run_refuse(run, REFUSAL_BUSY, STR(""));
	}
	if (err == ERR_INPUT) {
		log_info("page: %.*s:%u: refused: %s", STR_ARG(node->file),
		    node->line, what);
		return run_refuse_word(run, REFUSAL_BAD, WORD_NOT_ACCEPTED);
	}
	failure_refuse(run->reply, run->request->arena,
	    &(struct failure){.file = node->file,
		.line = node->line,
		.message = what,
		.sql = node->statement.stmt == NULL
		    ? NULL
		    : sqlite3_sql(node->statement.stmt)});
	run->settled = true;
	return false;
}

bool
run_refuse_sql(
    struct run *run, const struct node *node, enum err err, const char *what)
{
	sqlite3 *db = run_connection(run);
	const int code = sqlite3_errcode(db);
	struct str whole;

	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return run_refuse_for(run, node, err, what);
	whole = arena_printf(
	    run->request->arena, "%s: %s", what, sqlite3_errmsg(db));
	return run_refuse_for(
	    run, node, err, whole.data == NULL ? what : whole.data);
}

bool
run_lead(struct run *run, struct buf *target, enum refusal otherwise)
{
	run->reply->permanent = false;
	if (target->err == OK)
		run_settle(run, REPLY_REDIRECT, buf_view(target));
	else
		run_refuse(run, otherwise, STR(""));
	buf_release(target);
	return false;
}

bool
run_settle(struct run *run, enum reply_type type, struct str text)
{
	run->reply->text = arena_str(run->request->arena, text);
	/* Out of memory cuts the line, and the prompt would have no text. */
	if (run->reply->text.data == NULL || run->line.err == ERR_NOMEM)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->reply->type = type;
	run->settled = true;
	return false;
}
