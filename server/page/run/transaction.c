/* SPDX-License-Identifier: ISC */
/*
 * The one transaction of a page's run, and the clock of its statements. The
 * transaction begins at the first statement, so a page without SQL has none.
 */
#include "page/run/internal.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/log.h"
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

static bool
uses_writer(const struct run *run)
{
	return PAGE_USES_WRITER(run->page);
}

bool
run_begin(struct run *run, const struct node *node)
{
	struct site *site = run->site;
	int code;

	if (run->began)
		return true;
	if (!store_is_sound(site->store))
		return run_refuse_for(run, node, ERR_IO,
		    "the copy was changed in its place; what it gives is not "
		    "trusted until the server reloads");
	store_roll_back(run_connection(run));
	store_deadline(site->store, LIMIT_PAGE_MS);
	code =
	    step_alone(uses_writer(run) ? site->begin_write : site->begin_read);
	if (code != SQLITE_DONE)
		return run_refuse_for(run, node, store_err(code),
		    sqlite3_errmsg(run_connection(run)));
	run->began = true;
	run->mark_us = clock_us();
	log_debug("page: transaction begins, to %s",
	    uses_writer(run) ? "write" : "read");
	if (uses_writer(run) && !site_has_database(site))
		return run_refuse_for(run, node, ERR_IO,
		    "the database's file is gone or another one; nothing is "
		    "written until it is back or the server reloads");
	return true;
}

static bool
is_kept(const struct reply *reply)
{
	return reply->type == REPLY_BLOCKS || reply->type == REPLY_BYTES ||
	    reply->type == REPLY_REDIRECT;
}

/* If the last statement failed inside SQLite, this worker stores nothing more.
 */
static void
give_up_if_doubtful(struct site *site)
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
	if (!uses_writer(run)) {
		step_alone(site->end_read);
		return;
	}
	give_up_if_doubtful(site);
	/* A request to edit only reads the text: its seal stays good. */
	if (!is_kept(run->reply) || run->request->edit) {
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
	run_refuse_for(run, &nowhere, store_err(code),
	    sqlite3_errmsg(store_writer(site->store)));
	if (!sqlite3_get_autocommit(store_writer(site->store)))
		step_alone(site->rollback);
}
