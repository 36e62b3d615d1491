/* SPDX-License-Identifier: ISC */
/*
 * The nodes with a statement: % one, % each, % if, % do. Values are bound. A
 * row is copied into slots before the next step. The statement's time is
 * recorded at its end.
 *
 * A page that runs again under the write lock takes the row of a statement that
 * may be early from the run before, if the same values are bound.
 */
#include "page/run/internal.h"

#include <inttypes.h>

#include "base/log.h"
#include "base/metrics.h"
#include "page/compile/condition.h"
#include "page/compile/statement.h"

/* Record the time of a statement that has ended. before: its time up to the
 * last lap, in microseconds. */
static void
tell_stats(struct run *run, const struct node *node, uint64_t before)
{
	const uint64_t us = before + run_lap(run);

	run->pending = NULL;
	if (node->statement.stats != NULL)
		stats_add_run(node->statement.stats, us);
	log_debug("page: %.*s:%u: statement, %" PRIu64 " us",
	    STR_ARG(node->file), node->line, us);
}

/* Bind and take the first step. Returns SQLITE_ROW or SQLITE_DONE;
 * SQLITE_ERROR: the reply is settled, or the page runs again. *out: the
 * node's statement, on the connection of this moment. */
static int
start(struct run *run, const struct node *node, struct statement *out)
{
	int code;

	if (!run_begin(run, node))
		return SQLITE_ERROR;
	*out = node->statement;
	if (!run->locked && out->unlocked != NULL)
		out->stmt = out->unlocked->stmt;
	if (run->pending != NULL)
		*run->pending += run_lap(run);
	run->pending = NULL;
	code = statement_bind(out, run->slots);
	if (code == SQLITE_OK)
		code = sqlite3_step(out->stmt);
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code;
	run_refuse_for(
	    run, node, store_err(code), sqlite3_errmsg(run_connection(run)));
	sqlite3_reset(out->stmt);
	tell_stats(run, node, 0);
	return SQLITE_ERROR;
}

static bool
take_row(
    struct run *run, const struct node *node, const struct statement *statement)
{
	enum err err =
	    statement_row(statement, run->request->arena, run->slots);

	return err == OK ||
	    run_refuse_for(run, node, err, "a row is too large");
}

/* Set the statement's columns to NULL, because there is no row. */
static void
forget_row(struct run *run, const struct statement *statement)
{
	for (int i = 0; i < statement->column_count; i++)
		run->slots[statement->first_slot + i] =
		    (struct value){.type = VALUE_NULL};
}

/* ---- early rows ----------------------------------------------------- */

/* Keep the row of a statement that was run before the lock; there: is there a
 * row? Without memory for it the statement runs again. */
static void
keep_early(struct run *run, const struct node *node, bool there)
{
	const struct statement *s = &node->statement;
	struct arena *arena = run->request->arena;
	struct early *early = arena_alloc(arena, sizeof(*early));
	struct value *values = arena_array(arena,
	    (size_t)(s->bind_count + s->column_count) + 1, sizeof(*values));

	if (early == NULL || values == NULL)
		return;
	*early = (struct early){.next = run->early,
	    .node = node,
	    .bound = values,
	    .row = there ? values + s->bind_count : NULL};
	for (int i = 0; i < s->bind_count; i++)
		values[i] = run->slots[s->bind_slots[i]];
	for (int i = 0; i < s->column_count; i++)
		values[s->bind_count + i] = run->slots[s->first_slot + i];
	run->early = early;
}

/* The row that the statement gave before the lock for the same values; NULL:
 * none is kept. */
static const struct early *
find_early(const struct run *run, const struct node *node)
{
	const struct statement *s = &node->statement;
	const struct early *early = run->early;
	int same = 0;

	for (; early != NULL; early = early->next) {
		for (same = 0; early->node == node && same < s->bind_count &&
		     value_equal(
			 &early->bound[same], &run->slots[s->bind_slots[same]]);
		     same++)
			continue;
		if (early->node == node && same == s->bind_count)
			return early;
	}
	return NULL;
}

/* The code of sqlite3_step() for the kept row; SQLITE_ERROR: none is kept. */
static int
take_early(struct run *run, const struct node *node)
{
	const struct statement *s = &node->statement;
	const struct early *early = NULL;

	if (node->early && run->locked)
		early = find_early(run, node);
	if (early == NULL)
		return SQLITE_ERROR;
	for (int i = 0; early->row != NULL && i < s->column_count; i++)
		run->slots[s->first_slot + i] = early->row[i];
	return early->row == NULL ? SQLITE_DONE : SQLITE_ROW;
}

bool
query_one(struct run *run, const struct node *node)
{
	struct statement statement = node->statement;
	int code = take_early(run, node);
	bool on = code == SQLITE_ROW;

	if (code == SQLITE_ERROR) {
		code = start(run, node, &statement);
		on = code == SQLITE_ROW && take_row(run, node, &statement);
		sqlite3_reset(statement.stmt);
		if (code != SQLITE_ERROR)
			tell_stats(run, node, 0);
		if (node->early && !run->locked && (on || code == SQLITE_DONE))
			keep_early(run, node, on);
	}
	if (code != SQLITE_DONE)
		return on;
	if (!node->optional)
		return run_refuse(run, REFUSAL_MISSING, STR(""));
	forget_row(run, &node->statement);
	return run_nodes(run, node->otherwise);
}

/* Count the write; refuse if the reader has written too often. */
static bool
count_write(struct run *run, const struct node *node)
{
	const struct ip *peer = run->request->peer;
	unsigned wait_s;
	enum err err;

	if (run->counted || (run->cert.len == 0 && peer == NULL))
		return true;
	err = writes_count(run->site, run->cert, peer, run->now_s, &wait_s);
	if (err != OK)
		return run_refuse_sql(
		    run, node, err, "cannot count who writes");
	run->counted = true;
	if (wait_s == 0)
		return true;
	metrics_count(METRIC_WAIT_WRITES);
	run_refuse(run, REFUSAL_BUSY, STR(""));
	run->reply->wait_s = wait_s;
	return false;
}

/* A write needs a seal, or an upload with a certificate, or one with a token to
 * a page that has looked at it. This is checked here,
 * because it must hold wherever % upload and % cert stand in the page. */
static bool
may_write(struct run *run, const struct node *node)
{
	const struct request *request = run->request;

	if (run->unfit)
		return confirm_offer(run, NULL);
	if (request->edit)
		return run_refuse_word(run, REFUSAL_BAD, WORD_NOTHING_TO_EDIT);
	if (run->page->sealed && run->page->needs_cert &&
	    request->upload == NULL &&
	    run->slots[BUILTIN_INPUT].type == VALUE_NULL)
		return run_refuse_for(run, node, ERR_BUG,
		    "a certificate's owner is asked before anything is "
		    "written");
	if (run->page->sealed)
		return true;
	if (request->upload != NULL &&
	    (run->cert.len > 0 ||
		(run->page->reads_token && !run->page->needs_cert &&
		    request->upload->token.len > 0)))
		return true;
	return upload_refuse_none(run);
}

bool
query_may_write(struct run *run, const struct node *node)
{
	return may_write(run, node) && confirm_lock(run, node) &&
	    count_write(run, node);
}

/* The first row is the row of RETURNING. The statement is stepped to its end,
 * because it can still fail there (foreign keys). */
bool
query_do(struct run *run, const struct node *node)
{
	struct statement statement = node->statement;
	int code = query_may_write(run, node) ? start(run, node, &statement)
					      : SQLITE_ERROR;
	bool on = code != SQLITE_ERROR, began = on;

	if (code == SQLITE_DONE)
		forget_row(run, &statement);
	if (code == SQLITE_ROW)
		on = take_row(run, node, &statement);
	while (on && code == SQLITE_ROW)
		code = sqlite3_step(statement.stmt);
	if (on && code != SQLITE_DONE)
		on = run_refuse_for(run, node, store_err(code),
		    sqlite3_errmsg(run_connection(run)));
	sqlite3_reset(statement.stmt);
	if (began)
		tell_stats(run, node, 0);
	return on;
}

bool
query_each(struct run *run, const struct node *node)
{
	struct statement statement;
	int code = start(run, node, &statement);
	bool on = true;
	uint64_t taken_us = 0;

	if (code == SQLITE_ERROR)
		return false;
	if (code == SQLITE_DONE) {
		sqlite3_reset(statement.stmt);
		tell_stats(run, node, 0);
		return run_nodes(run, node->otherwise);
	}
	while (on && code == SQLITE_ROW) {
		run->pending = &taken_us;
		on = take_row(run, node, &statement) &&
		    run_nodes(run, node->body);
		if (!on)
			break;
		code = sqlite3_step(statement.stmt);
		if (code != SQLITE_ROW && code != SQLITE_DONE)
			on = run_refuse_for(run, node, store_err(code),
			    sqlite3_errmsg(run_connection(run)));
	}
	sqlite3_reset(statement.stmt);
	tell_stats(run, node, taken_us);
	return on;
}

static bool
ask_if(struct run *run, const struct node *node)
{
	struct statement statement;
	int code = start(run, node, &statement);
	bool yes;

	if (code == SQLITE_ERROR)
		return false;
	yes = code == SQLITE_ROW && sqlite3_column_int(statement.stmt, 0) != 0;
	sqlite3_reset(statement.stmt);
	tell_stats(run, node, 0);
	return run_nodes(run, yes ? node->body : node->otherwise);
}

bool
query_if(struct run *run, const struct node *node)
{
	enum verdict verdict = node->condition == NULL
	    ? VERDICT_ASK
	    : condition_decide(node->condition, run->slots);

	if (verdict == VERDICT_ASK)
		return ask_if(run, node);
	return run_nodes(
	    run, verdict == VERDICT_YES ? node->body : node->otherwise);
}
