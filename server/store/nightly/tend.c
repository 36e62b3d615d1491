/* SPDX-License-Identifier: ISC */
/*
 * Cleaning up the live database. Each step is a short transaction, so a page
 * that writes waits at most half a second.
 *
 * No statistics are gathered (ANALYZE). The query plan of a page follows from
 * its indexes and the order of its joins. It was checked and measured when the
 * page was written, and must not change overnight.
 */
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/checkpoint.h"
#include "store/nightly/internal.h"
#include "store/store.h"
#include "store/tally.h"

enum {
	SEAL_KEPT_S = 24 * 3600, /* longer than a seal is valid */
	DAYS_KEPT = 400,         /* of scripts; a clock may be set back */
	MERGE_PAGES = 200,
	MERGE_STEPS_MAX = 2000,
	MERGE_REST_MS = 5, /* pause in which others can write */
	WHY_MAX_BYTES = 1024
};

static int
merge_once(sqlite3 *db, const char *name, bool *more)
{
	const struct timespec rest = {0, MERGE_REST_MS * 1000000L};
	char sql[256];
	int before = sqlite3_total_changes(db);
	int code;

	snprintf(sql, sizeof(sql),
	    "INSERT INTO %s(%s, rank) VALUES('merge', %d)", name, name,
	    MERGE_PAGES);
	code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	/* A merge that had nothing to do counts at most one change. */
	*more = code == SQLITE_OK && sqlite3_total_changes(db) - before >= 2;
	if (*more)
		nanosleep(&rest, NULL);
	return code;
}

static int
merge(sqlite3 *db, const char *name, void *context)
{
	int steps = 0, code;
	bool more = true;

	(void)context;
	for (code = SQLITE_OK;
	     code == SQLITE_OK && more && steps < MERGE_STEPS_MAX; steps++)
		code = merge_once(db, name, &more);
	if (code == SQLITE_OK)
		log_info("nightly: search index %s merged, %d steps", name,
		    steps - 1);
	return code;
}

static int
sweep(sqlite3 *db, const char *sql, int64_t limit, const char *what)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(statement, 1, limit);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	if (code == SQLITE_DONE)
		log_info("nightly: %d %s swept", sqlite3_changes(db), what);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Empty the write-ahead log. A reader of an older state may keep a part of it,
 * which is not an error. */
static int
empty_log(sqlite3 *db)
{
	int code = checkpoint_run(db, true);

	if (code == SQLITE_OK)
		log_info("nightly: the write-ahead log is empty");
	else if ((code & 0xFF) == SQLITE_BUSY)
		log_info("nightly: the write-ahead log is in use and stays");
	return (code & 0xFF) == SQLITE_BUSY ? SQLITE_OK : code;
}

static void
judge(sqlite3 *db, const char *what, int code, enum err *err)
{
	if (code == SQLITE_OK)
		return;
	log_error("nightly: %s: %s", what, sqlite3_errmsg(db));
	if (*err == OK)
		*err = store_err(code);
}

enum err
tend_database(const char *database)
{
	const struct connect how = {database, CONNECT_MIGRATOR, NULL};
	sqlite3 *db = NULL;
	struct buf why;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = connect_open(&how, &db, &why);
	if (err != OK)
		log_error("nightly: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	if (err != OK)
		return err;
	judge(db, "the seals were not swept",
	    sweep(db, "DELETE FROM guiju_seal WHERE used_at < ?1",
		clock_now_s() - SEAL_KEPT_S, "expired seals"),
	    &err);
	judge(db, "the notices were not swept",
	    sweep(db,
		"DELETE FROM guiju_notice WHERE nonce < printf('%08x', ?1)",
		clock_now_s() - SEAL_KEPT_S, "notices that nobody has read"),
	    &err);
	judge(db, "the words were not swept",
	    sweep(db,
		"DELETE FROM guiju_term WHERE day < date(?1, 'unixepoch')",
		clock_now_s() - (int64_t)TERMS_DAYS_MAX * 24 * 3600,
		"counts of old words"),
	    &err);
	judge(db, "the days of the scripts were not swept",
	    sweep(db,
		"DELETE FROM guiju_night WHERE day < date(?1, 'unixepoch')",
		clock_now_s() - (int64_t)DAYS_KEPT * 24 * 3600,
		"days of scripts"),
	    &err);
	judge(db, "the drafts were not swept",
	    sweep(db, "DELETE FROM guiju_draft WHERE made < ?1",
		clock_now_s() - (int64_t)LIMIT_DRAFT_DAYS * 24 * 3600,
		"old drafts"),
	    &err);
	judge(db, "a search index was not merged",
	    each_search_index(db, merge, NULL), &err);
	judge(db, "the write-ahead log was not emptied", empty_log(db), &err);
	sqlite3_close(db);
	return err;
}
