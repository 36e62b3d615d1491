/* SPDX-License-Identifier: ISC */
/*
 * Runs a verb. What it changes is one transaction, in which the capsule's
 * desk/_log.sql also stores who has changed something, when and by which verb,
 * and import/follow.sql brings up to date what follows. Rows are printed when
 * the transaction has ended: no lock waits for a pager, and nobody reads of a
 * change that is not stored.
 */
#include "tools/desk/internal.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file_path.h"
#include "base/zone.h"
#include "page/compile/value.h"
#include "run/config/config.h"
#include "store/store.h"
#include "tools/import/frame.h"
#include "tools/import/script/steps.h"
#include "tools/sql/internal.h"
#include "tools/desk/who.h"

enum {
	OUTPUT_BYTES_MAX = 64 * 1024 * 1024,
	WHY_BYTES_MAX = 4096,
	DAY_BYTES_MAX = 16
};

/* The names of every verb, before its arguments; the log has all of them. */
enum { NAME_WHO, NAME_NOW, NAME_TODAY, NAME_KIND, NAME_VERB, NAME_ABOUT };
static const char *const fixed[] = {[NAME_WHO] = "who",
    [NAME_NOW] = "now",
    [NAME_TODAY] = "today",
    [NAME_KIND] = "kind",
    [NAME_VERB] = "verb",
    [NAME_ABOUT] = "about"};
enum { FIXED = sizeof(fixed) / sizeof(*fixed), VERB_FIXED = NAME_KIND };

static const char *const fails[] = {"refused"};

/* A run of a script, with where its output goes. */
struct output {
	struct steps_run run; /* first: the steps get a pointer to it */
	struct print *table, *record;
	struct buf *rows, *text; /* text: lines that are not rows */
	struct buf *why;
	bool apart; /* a blank line stands between two results */
};

static void
say(struct steps_run *run, struct str text)
{
	struct output *output = (struct output *)run;

	buf_str(output->text, text);
	buf_char(output->text, '\n');
}

static void
refuse(struct steps_run *run, size_t kind, struct str text)
{
	(void)kind;
	buf_str(((struct output *)run)->why, text);
}

static int
print(struct steps_run *run, sqlite3_stmt *statement, bool record)
{
	struct output *output = (struct output *)run;

	if (output->apart && output->rows->len > 0)
		buf_char(output->rows, '\n');
	return print_rows(record ? output->record : output->table, statement);
}

/* ---- a script ---------------------------------------------------------- */

/* An opened script with its names. Zeroed: none. */
struct script {
	struct names *names;
	struct steps *steps;
};

static void
script_close(struct script *script)
{
	steps_close(script->steps);
	names_free(script->names);
}

static enum err
open_verb(const char *capsule, const struct desk_kind *kind,
    const struct desk_verb *verb, sqlite3 *db, struct script *out,
    struct buf *why)
{
	const char *names[VERB_FIXED + DESK_ARGUMENTS_MAX];
	const struct steps_form form = {.fails = fails,
	    .count = 1,
	    .rows = true,
	    .first_line = verb->first_line,
	    .last_line = verb->last_line};
	struct file_path path;
	enum err err = file_path_join(&path, capsule, kind->file.data);

	for (int i = 0; i < VERB_FIXED; i++)
		names[i] = fixed[i];
	for (int i = 0; i < verb->count; i++)
		names[VERB_FIXED + i] = verb->argument[i];
	if (err == OK)
		err = names_new(
		    names, VERB_FIXED + (size_t)verb->count, &out->names);
	if (err == OK)
		err = steps_open(
		    db, out->names, path.text, &form, &out->steps, why);
	if (err != OK || verb->writes || !steps_writes(out->steps))
		return err;
	buf_printf(why, "%s:%u: `%% read %s` writes: say `%% write`", path.text,
	    verb->first_line - 1, verb->name);
	return ERR_INPUT;
}

static enum err
open_log(const char *capsule, sqlite3 *db, struct script *out, struct buf *why)
{
	static const struct steps_form form = {.fails = fails, .count = 1};
	struct file_path path;
	enum err err = file_path_join(&path, capsule, CAPSULE_DESK "/_log.sql");

	if (err == OK)
		err = names_new(fixed, FIXED, &out->names);
	return err != OK
	    ? err
	    : steps_open(db, out->names, path.text, &form, &out->steps, why);
}

enum err
desk_try(const char *capsule, const struct desk_kind *kind,
    const struct desk_verb *verb, sqlite3 *db, struct buf *why)
{
	struct script script = {NULL, NULL};
	enum err err = open_verb(capsule, kind, verb, db, &script, why);

	script_close(&script);
	return err;
}

enum err
desk_try_log(const char *capsule, sqlite3 *db, struct buf *why)
{
	struct script script = {NULL, NULL};
	enum err err = open_log(capsule, db, &script, why);

	script_close(&script);
	return err;
}

/* ---- a call ------------------------------------------------------------ */

struct work {
	const struct desk_call *call;
	sqlite3 *db;
	struct output output;
	struct buf rows, text, why, who, day;
	int64_t now;
};

/* A number is bound as a page's parameter is: 7 is an integer, 007 a text. */
static void
set(struct names *names, size_t slot, const char *text)
{
	const struct value value =
	    value_parameter(text == NULL ? STR("") : str_from(text));

	if (text == NULL)
		names_set_text(names, slot, (struct str){NULL, 0});
	else if (value.type == VALUE_INTEGER)
		names_set_int(names, slot, value.integer);
	else
		names_set_text(names, slot, str_from(text));
}

static void
set_fixed(const struct work *work, struct names *names)
{
	names_set_text(names, NAME_WHO, buf_view(&work->who));
	names_set_int(names, NAME_NOW, work->now);
	names_set_text(names, NAME_TODAY, buf_view(&work->day));
}

static enum err
run_script(struct work *work, struct script *script)
{
	enum err err = steps_run(script->steps, &work->output.run, &work->why);

	return err == OK && work->output.run.failed ? ERR_INPUT : err;
}

static enum err
run_verb(struct work *work)
{
	const struct desk_call *call = work->call;
	struct script script = {NULL, NULL};
	enum err err = open_verb(call->capsule, call->kind, call->verb,
	    work->db, &script, &work->why);

	if (err == OK) {
		set_fixed(work, script.names);
		for (int i = 0; i < call->verb->count; i++)
			set(script.names, VERB_FIXED + (size_t)i,
			    i < call->count ? call->argument[i] : NULL);
		err = run_script(work, &script);
	}
	script_close(&script);
	return err;
}

/* Store who has changed something. What is about a long text is not told. */
static enum err
run_log(struct work *work)
{
	const struct desk_call *call = work->call;
	const int before = sqlite3_total_changes(work->db);
	struct script script = {NULL, NULL};
	enum err err = open_log(call->capsule, work->db, &script, &work->why);

	if (err == OK) {
		set_fixed(work, script.names);
		set(script.names, NAME_KIND, call->kind->name);
		set(script.names, NAME_VERB, call->verb->name);
		set(script.names, NAME_ABOUT,
		    call->count > 0 ? call->argument[0] : NULL);
		err = run_script(work, &script);
	}
	script_close(&script);
	if (err == OK && sqlite3_total_changes(work->db) == before) {
		buf_text(&work->why, CAPSULE_DESK "/_log.sql stores nothing");
		err = ERR_INPUT;
	}
	return err;
}

/* Run import/follow.sql; it tells its messages itself. */
static enum err
follow(struct work *work, int64_t changed)
{
	struct session session = {
	    .capsule = work->call->capsule, .db = work->db, .changed = changed};
	enum err err;

	buf_init(&session.why, WHY_BYTES_MAX);
	err = session_follow(&session);
	buf_str(&work->why, buf_view(&session.why));
	buf_release(&session.why);
	return err;
}

/* Run a verb that writes, in its transaction. */
static enum err
change(struct work *work)
{
	const int before = sqlite3_total_changes(work->db);
	enum err err = frame_execute(work->db, "BEGIN IMMEDIATE", &work->why);
	int changed;

	if (err == OK)
		err = run_verb(work);
	changed = sqlite3_total_changes(work->db) - before;
	if (err == OK && changed > 0)
		err = run_log(work);
	if (err == OK && changed > 0)
		err = follow(work, changed);
	if (err == OK)
		err = store_check_settings(work->db, &work->why);
	if (err == OK)
		err = frame_execute(work->db, "COMMIT", &work->why);
	frame_roll_back(work->db);
	return err;
}

static enum err
begin(struct work *work)
{
	const bool json = work->call->json;
	enum err err;

	who_add(&work->who);
	work->now = clock_now_s();
	if (!zone_add(&work->day, work->now, ZONE_DAY)) {
		buf_text(&work->why, "the time of the clock has no day");
		return ERR_INPUT;
	}
	work->output =
	    (struct output){.run = {.say = say, .fail = refuse, .rows = print},
		.rows = &work->rows,
		.text = json ? &work->text : &work->rows,
		.why = &work->why,
		.apart = !json};
	err = print_new(
	    json ? PRINT_JSON : PRINT_TABLE, &work->rows, &work->output.table);
	return err != OK ? err
			 : print_new(json ? PRINT_JSON : PRINT_RECORD,
			       &work->rows, &work->output.record);
}

/* Print what was said. Rows of a change that is not stored are not printed. */
static int
finish(struct work *work, enum err err)
{
	int status = STATUS_OK;

	if (err == OK) {
		fprintf(stderr, "%.*s", STR_ARG(buf_view(&work->text)));
		status = command_print(&work->rows);
		if (status != STATUS_OK && work->call->verb->writes)
			complain("what was changed is stored");
		return status;
	}
	if (work->why.len == 0)
		buf_text(&work->why,
		    err == ERR_NOMEM ? "out of memory" : "it cannot be done");
	complain("%.*s%s", STR_ARG(buf_view(&work->why)),
	    work->call->verb->writes ? "; nothing is stored" : "");
	return STATUS_FAILURE;
}

int
desk_run(const struct desk_call *call, sqlite3 *db)
{
	struct work work = {.call = call, .db = db};
	enum err err;
	int status;

	buf_init(&work.rows, OUTPUT_BYTES_MAX);
	buf_init(&work.text, OUTPUT_BYTES_MAX);
	buf_init(&work.why, WHY_BYTES_MAX);
	buf_init(&work.who, WHO_MAX);
	buf_init(&work.day, DAY_BYTES_MAX);
	err = begin(&work);
	if (err == OK)
		err = call->verb->writes ? change(&work) : run_verb(&work);
	status = finish(&work, err);
	print_free(work.output.table);
	print_free(work.output.record);
	buf_release(&work.day);
	buf_release(&work.who);
	buf_release(&work.why);
	buf_release(&work.text);
	buf_release(&work.rows);
	return status;
}
