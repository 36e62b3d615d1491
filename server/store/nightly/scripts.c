/* SPDX-License-Identifier: ISC */
/*
 * The scripts of the capsule's nightly/, which may write. Each is one
 * transaction of its own. The same transaction notes the local day for which
 * the script has run, so a script runs once for a day, whoever is killed when,
 * and however the clock is set.
 *
 * A page that writes waits while a script does. So a script has a deadline; one
 * that passes it is rolled back, and the night has failed.
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/file_path.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "store/defined.h"
#include "store/nightly/internal.h"
#include "store/nightly/nightly.h"
#include "store/sql_file.h"
#include "store/store.h"

enum {
	/* All statements of one script. Pages that write wait for them. */
	SCRIPT_MS = 2000,
	STEPS_PER_LOOK = 1000, /* of SQLite's machine, between two looks */
	DAY_BYTES = 16
};

struct chores {
	sqlite3 *db;
	int64_t deadline_ms;
	char day[DAY_BYTES]; /* the local day, YYYY-MM-DD */
	struct buf *report;  /* of a dry run; NULL: it is not one */
	struct buf *why;
};

static int
is_late(void *context)
{
	return clock_ms() >= ((const struct chores *)context)->deadline_ms;
}

static enum err
blame(struct chores *chores, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return OK;
	utf8_add_line(chores->why, str_from(sqlite3_errmsg(chores->db)));
	return connect_err(code);
}

/* Note that the script has run for this day. *first: it had not. */
static enum err
note_day(struct chores *chores, const char *name, bool *first)
{
	sqlite3_stmt *note = NULL;
	int code = sqlite3_prepare_v2(chores->db,
	    "INSERT INTO guiju_night (script, day) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING",
	    -1, &note, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(note, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(note, 2, chores->day, -1, SQLITE_STATIC);
		code = sqlite3_step(note);
	}
	*first = code == SQLITE_DONE && sqlite3_changes(chores->db) == 1;
	sqlite3_finalize(note);
	return blame(chores, code);
}

/* Run a script, inside its transaction. *changes: rows that it has changed, by
 * itself and by triggers; -1: it has run for this day. */
static enum err
run_inside(struct chores *chores, const char *path, int *changes)
{
	const char *name = strrchr(path, '/') + 1;
	bool first;
	enum err err = note_day(chores, name, &first);
	const int before = sqlite3_total_changes(chores->db);

	*changes = -1;
	if (err != OK || (!first && chores->report == NULL))
		return err;
	chores->deadline_ms = clock_ms() + SCRIPT_MS;
	sqlite3_progress_handler(chores->db, STEPS_PER_LOOK, is_late, chores);
	err = script_run(chores->db, path, chores->why);
	sqlite3_progress_handler(chores->db, 0, NULL, NULL);
	*changes = sqlite3_total_changes(chores->db) - before;
	(void)FAULT("script");
	return err;
}

static enum err
run_one(struct chores *chores, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	int changes = -1;
	enum err err = blame(chores,
	    sqlite3_exec(chores->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));

	if (err != OK)
		return err;
	err = run_inside(chores, path, &changes);
	if (err == OK && chores->report == NULL)
		err = blame(chores,
		    sqlite3_exec(chores->db, "COMMIT", NULL, NULL, NULL));
	(void)FAULT("scripted");
	store_roll_back(chores->db);
	if (err != OK)
		return err;
	if (chores->report != NULL)
		buf_printf(chores->report, "%s: %d row%s would change\n", name,
		    changes, changes == 1 ? "" : "s");
	else if (changes < 0)
		log_info("nightly: %s has run for %s", name, chores->day);
	else
		log_info("nightly: %s: %d row%s changed", name, changes,
		    changes == 1 ? "" : "s");
	return OK;
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
		err = sql_complain(
		    folder.text, 0, "the clock is no clock", ERR_INPUT, why);
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
