/* SPDX-License-Identifier: ISC */
/*
 * The capsule's script import/KIND.sql stores a row of a table. It runs once
 * per row, between import/begin.sql and import/end.sql, all in one transaction.
 * script/steps.c describes how scripts are written.
 *
 * A script needs names that the tool provides (load.c lists them), and columns
 * by their names in the file's first row. A column that the file lacks is NULL:
 * the next file may have it. A script ends early by
 *
 *	% fail refused WHY    the row is not stored. It must come before the
 *	                      row's first change: nothing is taken back
 *	% fail unchanged      the row is stored already
 *	% fail fatal WHY      the whole import ends and is taken back
 *
 * and may give
 *
 *	:existing   true: the row is counted as changed, not as new
 *	:confirm    nothing is stored without --commit, and nothing at all if a
 *	            row is refused
 *
 * A line of text is a message to the operator. The SQL function
 * import_once(text) returns the line of the row that had the same text before
 * in this import, or NULL.
 */
#include "tools/import/table/internal.h"

#include "base/utf8.h"

static const char *const fails[] = {
    [VERDICT_REFUSED] = "refused",
    [VERDICT_UNCHANGED] = "unchanged",
    [VERDICT_FATAL] = "fatal",
};

const struct steps_form verdict_form = {
    .fails = fails, .count = sizeof(fails) / sizeof(*fails)};

static void
say(struct steps_run *run, struct str text)
{
	struct verdict *verdict = (struct verdict *)run;

	buf_str(verdict->said, text);
	buf_char(verdict->said, '\n');
}

static void
take_fail(struct steps_run *run, size_t kind, struct str text)
{
	struct verdict *verdict = (struct verdict *)run;

	verdict->kind = (enum verdict_kind)kind;
	buf_str(verdict->text, text);
}

enum err
verdict_reach(struct steps *steps, struct verdict *verdict, struct buf *why)
{
	const struct value *changed = steps_given(steps, "existing");
	enum err err;

	verdict->run = (struct steps_run){.say = say, .fail = take_fail};
	verdict->kind = VERDICT_DONE;
	buf_clear(verdict->text);
	buf_clear(verdict->said);
	err = steps_run(steps, &verdict->run, why);
	verdict->changed = err == OK && changed != NULL &&
	    changed->type == VALUE_INTEGER && changed->integer != 0;
	return err;
}

/* ---- import_once -------------------------------------------------------- */

static void
import_once(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct verdict *verdict = sqlite3_user_data(context);
	const char *text = (const char *)sqlite3_value_text(values[0]);
	uint64_t hash;
	size_t earlier;

	(void)count;
	if (text == NULL)
		return;
	hash =
	    hash_more(HASH_START, text, (size_t)sqlite3_value_bytes(values[0]));
	if (seen_add(verdict->seen, hash == 0 ? 1 : hash, verdict->line,
		&earlier) != OK)
		sqlite3_result_error_nomem(context);
	else if (earlier > 0)
		sqlite3_result_int64(context, (sqlite3_int64)earlier);
}

enum err
verdict_functions(sqlite3 *db, struct verdict *verdict)
{
	return sqlite3_create_function(db, "import_once", 1,
		   SQLITE_UTF8 | SQLITE_DIRECTONLY, verdict, import_once, NULL,
		   NULL) == SQLITE_OK
	    ? OK
	    : ERR_NOMEM;
}

void
verdict_forget(sqlite3 *db)
{
	(void)sqlite3_create_function(
	    db, "import_once", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL);
}
