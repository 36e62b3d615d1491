/* SPDX-License-Identifier: ISC */
/*
 * The transactions of a page's run, and the clock of its statements. A
 * transaction that cannot write begins at the first statement, so a page
 * without SQL has none. Prompts, refusals and the costly part of a page come
 * from it, and hold nobody up.
 *
 * The first % do takes the write lock. What the page has read by then is still
 * true if nobody has committed since, which PRAGMA data_version says. Then the
 * page goes on. Otherwise the page runs again from its first line, under the
 * lock. So all that a page reads is true when the page writes, but for the rows
 * that the page calls early (query.c).
 */
#include "page/run/internal.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/checkpoint.h"
#include "store/sync.h"

uint64_t
run_lap(struct run *run)
{
	const int64_t now_us = clock_us();
	const uint64_t us = (uint64_t)(now_us - run->mark_us);

	run->mark_us = now_us;
	return us;
}

static int
step_alone(sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);

	sqlite3_reset(stmt);
	return code;
}

/* A number that changes when another connection commits; -1: unknown. */
static int64_t
data_version(const struct site *site)
{
	int64_t version = -1;

	if (sqlite3_step(site->data_version) == SQLITE_ROW)
		version = sqlite3_column_int64(site->data_version, 0);
	sqlite3_reset(site->data_version);
	return version;
}

bool
run_begin(struct run *run, const struct node *node)
{
	struct site *site = run->site;
	int code;

	if (run->began)
		return true;
	run->version = -1;
	if (PAGE_USES_WRITER(run->page))
		run->version = data_version(site);
	if (!store_is_sound(site->store))
		return run_refuse_for(run, node, ERR_IO,
		    "the copy was changed in its place; what it gives is not "
		    "trusted until the server reloads");
	store_roll_back(run_connection(run));
	store_deadline(site->store, LIMIT_PAGE_MS);
	code = step_alone(site->begin_read);
	if (code != SQLITE_DONE)
		return run_refuse_for(run, node, store_err(code),
		    sqlite3_errmsg(run_connection(run)));
	run->began = true;
	run->mark_us = clock_us();
	log_debug("page: transaction begins, to read");
	return true;
}

bool
run_lock(struct run *run, const struct node *node)
{
	struct site *site = run->site;
	int code;

	if (!run_begin(run, node))
		return false;
	step_alone(site->end_read);
	run->began = false;
	run->locked = true;
	store_roll_back(run_connection(run));
	code = step_alone(site->begin_write);
	if (code != SQLITE_DONE)
		return run_refuse_for(run, node, store_err(code),
		    sqlite3_errmsg(run_connection(run)));
	run->began = true;
	store_deadline(site->store, LIMIT_WRITE_HELD_MS);
	store_budget(site->store, LIMIT_WRITE_MS);
	run->mark_us = clock_us();
	log_debug("page: transaction begins, to write");
	if (!site_has_database(site))
		return run_refuse_for(run, node, ERR_IO,
		    "the database's file is gone or another one; nothing is "
		    "written until it is back or the server reloads");
	if (checkpoint_log_bytes(store_writer(site->store)) >=
	    CHECKPOINT_LOG_MAX_BYTES)
		return run_refuse_for(run, node, ERR_IO,
		    "the write-ahead log is too large; nothing is written "
		    "until a checkpoint has emptied it");
	run->again = run->version < 0 || data_version(site) != run->version;
	if (run->again)
		log_debug("page: the database has changed; once more");
	return true;
}

/* Is what the run has written to be kept? */
static bool
is_kept(const struct run *run)
{
	const struct reply *reply = run->reply;

	if (run->unfit)
		return false;
	return reply->type == REPLY_BLOCKS || reply->type == REPLY_BYTES ||
	    reply->type == REPLY_FILE || reply->type == REPLY_REDIRECT;
}

void
run_give_up_if_doubtful(const struct site *site)
{
	int code = sqlite3_errcode(store_writer(site->store)) & 0xFF;

	if (code == SQLITE_NOMEM)
		sync_give_up("a statement ran out of memory");
	else if (code == SQLITE_IOERR)
		sync_give_up("the disk failed in a statement");
}

void
run_finish(struct run *run)
{
	static const struct node nowhere = {.file = {"commit", 6}};
	struct site *site = run->site;
	uint64_t us;
	int code;

	store_deadline(site->store, 0);
	if (!run->began)
		return;
	if (!run->locked) {
		step_alone(site->end_read);
		return;
	}
	run_give_up_if_doubtful(site);
	if (!is_kept(run)) {
		step_alone(site->rollback);
		log_debug("page: rollback");
		return;
	}
	(void)run_lap(run);
	(void)FAULT("commit");
	code = step_alone(site->commit);
	(void)FAULT("committed");
	us = run_lap(run);
	stats_add_run(site->commit_stats, us);
	log_debug("page: commit%s, %" PRIu64 " us",
	    code == SQLITE_DONE ? "" : " failed", us);
	if (code == SQLITE_DONE)
		return;
	if (run->reply->type == REPLY_FILE)
		close(run->reply->file);
	run->reply->file = -1;
	run_refuse_for(run, &nowhere, store_err(code),
	    sqlite3_errmsg(store_writer(site->store)));
	if (!sqlite3_get_autocommit(store_writer(site->store)))
		step_alone(site->rollback);
}

bool
transaction_write_alone(struct run *run)
{
	struct site *site = run->site;
	bool began;

	store_roll_back(store_writer(site->store));
	began = step_alone(site->begin_write) == SQLITE_DONE;
	if (began)
		store_deadline(site->store, LIMIT_WRITE_MS);
	return began;
}

bool
transaction_end_alone(struct run *run, bool good)
{
	struct site *site = run->site;
	bool committed;

	store_deadline(site->store, 0);
	run_give_up_if_doubtful(site);
	committed = good && site_has_database(site) &&
	    checkpoint_log_bytes(store_writer(site->store)) <
		CHECKPOINT_LOG_MAX_BYTES &&
	    step_alone(site->commit) == SQLITE_DONE;
	if (!committed && !sqlite3_get_autocommit(store_writer(site->store)))
		step_alone(site->rollback);
	return committed;
}
