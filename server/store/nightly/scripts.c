/* SPDX-License-Identifier: ISC */
/*
 * The scripts of the capsule's nightly/, which may write. A script runs in a
 * transaction of its own. The same transaction notes the local day for which
 * the script has run. So a script runs once for a day, whichever process is
 * killed.
 *
 * A page that writes waits while a script does. So a transaction has the time
 * that a page has under the lock. A script that needs more says that it works
 * in portions: it runs again and again, each time in a transaction of its own,
 * until it changes nothing. The transaction that changes nothing notes the day.
 */
#include <time.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file_path.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "store/defined.h"
#include "store/nightly/internal.h"
#include "store/nightly/nightly.h"
#include "store/sql_file.h"
#include "store/store.h"

enum {
	/* A machine that is busy may be late once. */
	TRIES = 3,
	REST_MS_MIN = 5, /* pause in which others can write */
	/* All portions of one script. What is left is for the next night. */
	PORTIONS_MS = 60 * 1000,
	STEPS_PER_LOOK = 1000, /* of SQLite's machine, between two looks */
	SCRIPT_BYTES_MAX = 64 * 1024 * 1024,
	DAY_BYTES = 16
};

struct chores {
	sqlite3 *db;
	int64_t deadline_ms;
	bool late;           /* the deadline has ended a transaction */
	char day[DAY_BYTES]; /* the local day, YYYY-MM-DD */
	struct buf *report;  /* of a dry run; NULL: it is not one */
	struct buf *why;
};

static int
is_late(void *context)
{
	struct chores *chores = context;

	chores->late = clock_ms() >= chores->deadline_ms;
	return chores->late;
}

static enum err
blame(struct chores *chores, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return OK;
	utf8_add_line(chores->why, str_from(sqlite3_errmsg(chores->db)));
	return connect_err(code);
}

/* Run a statement about a script and the day. *changed: it changed a row. */
static enum err
note(struct chores *chores, const char *sql, const char *name, bool *changed)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(chores->db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 2, chores->day, -1, SQLITE_STATIC);
		code = sqlite3_step(statement);
	}
	*changed = code == SQLITE_DONE && sqlite3_changes(chores->db) == 1;
	sqlite3_finalize(statement);
	return blame(chores, code);
}

/* Run a script, inside its transaction. *changes: rows that it has changed, by
 * itself and by triggers; -1: it has run for this day. */
static enum err
run_inside(
    struct chores *chores, const char *path, bool in_portions, int *changes)
{
	const char *name = strrchr(path, '/') + 1;
	bool first;
	enum err err = note(chores,
	    "INSERT INTO guiju_night (script, day) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING",
	    name, &first);
	const int before = sqlite3_total_changes(chores->db);

	*changes = -1;
	if (err != OK || (!first && chores->report == NULL))
		return err;
	chores->deadline_ms = clock_ms() + LIMIT_WRITE_MS;
	sqlite3_progress_handler(chores->db, STEPS_PER_LOOK, is_late, chores);
	err = script_run(chores->db, path, chores->why);
	sqlite3_progress_handler(chores->db, 0, NULL, NULL);
	*changes = sqlite3_total_changes(chores->db) - before;
	if (err == OK && in_portions && *changes > 0) /* there may be more */
		err = note(chores,
		    "DELETE FROM guiju_night WHERE script = ?1 AND day = ?2",
		    name, &first);
	(void)FAULT("script");
	return err;
}

/* Run a script once, in a transaction. Then rest for as long as it has kept
 * others from writing. */
static enum err
run_once(
    struct chores *chores, const char *path, bool in_portions, int *changes)
{
	struct timespec rest = {0, 0};
	int64_t began_ms, ms;
	enum err err = blame(chores,
	    sqlite3_exec(chores->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));

	chores->late = false;
	if (err != OK)
		return err;
	began_ms = clock_ms();
	err = run_inside(chores, path, in_portions, changes);
	if (err == OK && chores->report == NULL)
		err = blame(chores,
		    sqlite3_exec(chores->db, "COMMIT", NULL, NULL, NULL));
	(void)FAULT("scripted");
	store_roll_back(chores->db);
	ms = clock_ms() - began_ms;
	ms = ms < REST_MS_MIN ? REST_MS_MIN : ms;
	rest.tv_sec = (time_t)(ms / 1000);
	rest.tv_nsec = (long)(ms % 1000) * 1000000L;
	nanosleep(&rest, NULL);
	return err;
}

/* The same; one that is late is tried again. */
static enum err
run_in_time(
    struct chores *chores, const char *path, bool in_portions, int *changes)
{
	enum err err = run_once(chores, path, in_portions, changes);

	for (int i = 1; err != OK && chores->late && i < TRIES; i++) {
		buf_clear(chores->why);
		err = run_once(chores, path, in_portions, changes);
	}
	return err;
}

/* *yes: the script says that it works in portions. */
static enum err
read_mark(const struct chores *chores, const char *path, bool *yes)
{
	struct sql_file file;
	enum err err = sql_file_open(
	    &file, chores->db, path, SCRIPT_BYTES_MAX, chores->why);

	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	*yes = str_find(file.rest, STR("/* in portions */")) != SIZE_MAX;
	sql_file_close(&file);
	return OK;
}

/* Say what a script has changed, or would change; -1: it had run. */
static void
tell(const struct chores *chores, const char *name, int64_t changes, bool more)
{
	const char *const rows = changes == 1 ? "row" : "rows";

	if (chores->report != NULL)
		buf_printf(chores->report, "%s: %s%lld %s would change\n", name,
		    more ? "at least " : "", (long long)changes, rows);
	else if (changes < 0)
		log_info("nightly: %s has run for %s", name, chores->day);
	else
		log_info("nightly: %s: %lld %s changed", name,
		    (long long)changes, rows);
}

static enum err
run_one(struct chores *chores, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	const int64_t end_ms = clock_ms() + PORTIONS_MS;
	bool in_portions = false;
	int changes = 0;
	int64_t sum = 0;
	enum err err = read_mark(chores, path, &in_portions);

	while (err == OK) {
		err = run_in_time(chores, path, in_portions, &changes);
		if (err != OK)
			break;
		if (changes > 0 || sum == 0)
			sum += changes;
		if (!in_portions || changes <= 0 || chores->report != NULL)
			break;
		if (FAULT("portions") || clock_ms() >= end_ms)
			err = sql_complain(path, 0,
			    "not at its end after 60 seconds; the next night "
			    "goes on",
			    ERR_LATE, chores->why);
	}
	if (err == OK || sum > 0)
		tell(chores, name, sum, in_portions && changes > 0);
	return err;
}

/* Run all scripts. One that fails keeps none of the others from running. */
static enum err
run_all(struct chores *chores, const struct scripts *scripts)
{
	enum err first = OK;

	for (size_t i = 0; i < scripts->count; i++) {
		enum err err = run_one(chores, scripts->path[i]);

		if (err == OK)
			continue;
		if (first == OK)
			first = err;
		if (chores->report != NULL)
			break; /* the caller says why */
		log_error("nightly: %.*s", STR_ARG(buf_view(chores->why)));
		buf_clear(chores->why);
	}
	return first;
}

enum err
nightly_scripts(const char *capsule, const char *database, struct buf *report,
    struct buf *why)
{
	const struct connect how = {database, CONNECT_MIGRATOR, NULL};
	struct chores chores = {.report = report, .why = why};
	struct scripts scripts = {NULL, 0};
	struct defined *functions = NULL;
	struct file_path folder;
	struct buf day;
	enum err err = file_path_join(&folder, capsule, CAPSULE_NIGHTLY);

	buf_init(&day, DAY_BYTES - 1);
	if (err == OK)
		err = scripts_list(folder.text, &scripts, why);
	if (err == ERR_MISSING) { /* a capsule need not have any */
		buf_clear(why);
		return OK;
	}
	if (err == OK && !zone_add(&day, clock_now_s(), ZONE_DAY))
		err = sql_complain(folder.text, 0,
		    "the time of the clock has no day", ERR_INPUT, why);
	if (err == OK)
		snprintf(chores.day, sizeof(chores.day), "%.*s",
		    STR_ARG(buf_view(&day)));
	if (err == OK)
		err = connect_open(&how, &chores.db, why);
	if (err == OK)
		err = defined_open(chores.db, NULL, capsule, &functions, why);
	if (err == OK)
		err = run_all(&chores, &scripts);
	if (why->len > 0 && report == NULL)
		log_error("nightly: %.*s", STR_ARG(buf_view(why)));
	defined_close(functions);
	sqlite3_close(chores.db);
	scripts_release(&scripts);
	buf_release(&day);
	return err;
}
