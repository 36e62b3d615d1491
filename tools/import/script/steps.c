/* SPDX-License-Identifier: ISC */
/*
 * Statements that run in order, once for each thing that is imported, inside
 * a transaction that none of them may begin or end.
 *
 * Parameters are what the tool provides. Every column that a statement gives
 * is a parameter of the statements after it, also in scripts of the same
 * import that come later; only a statement's first row counts, and without a
 * row its columns are as they were. Columns of some names are answers as well,
 * unless they are NULL.
 *
 * A comment `-- when :name` that is the last before a statement lets it run
 * only if that parameter is not NULL: a million rows feel each statement.
 */
#include "tools/import/script/steps.h"

#include <stdlib.h>

#include "store/sql_file.h"
#include "store/store.h"

enum {
	STATEMENTS_MAX = 64,
	PARAMETERS_MAX = 80, /* of one statement, and as many columns */
	FILE_BYTES_MAX = 1024 * 1024
};

struct column {
	unsigned char name;
	unsigned char answer; /* from 1; 0: none */
};

struct statement {
	sqlite3_stmt *handle; /* owned */
	size_t line;
	unsigned parameters, columns;
	unsigned char parameter[PARAMETERS_MAX]; /* places of names */
	struct column column[PARAMETERS_MAX];
	bool each_item, each_row;
	bool copies; /* a column takes the place of a parameter of its own */
	size_t when; /* runs if this name is not NULL; SIZE_MAX: always */
};

struct steps {
	sqlite3 *db;
	struct names *names;
	char *path; /* owned */
	const struct steps_form *form;
	struct statement statement[STATEMENTS_MAX];
	size_t statements;
};

/* A file being compiled, and its statement at hand. */
struct compiler {
	struct steps *steps;
	struct statement *statement;
	struct buf *why;
};

static enum err
refuse(const struct compiler *c, const char *message, enum err err)
{
	return sql_complain(
	    c->steps->path, c->statement->line, message, err, c->why);
}

/* Why there is no place for a name. */
static enum err
refuse_name(const struct compiler *c, const char *name, enum err err)
{
	char message[128];

	if (err == ERR_NOMEM)
		return refuse(c, "memory is out", err);
	if (err == ERR_LIMIT)
		return refuse(c, "too many names", ERR_INPUT);
	snprintf(message, sizeof(message),
	    "nothing provides the parameter %.64s", name);
	return refuse(c, message, err);
}

/* The statement needs a name's value. */
static enum err
ask(const struct compiler *c, struct str name, size_t *place)
{
	const struct steps_form *form = c->steps->form;
	enum err err = names_ask(c->steps->names, name, place);

	if (err == OK && *place >= form->item_first && *place < form->item_end)
		c->statement->each_item = true;
	return err;
}

static enum err
take_condition(const struct compiler *c, struct str remark)
{
	struct str when = STR("-- when :");
	char name[64];
	enum err err;

	c->statement->when = SIZE_MAX;
	if (!str_starts(remark, when))
		return OK;
	when = str_trim(str_slice(remark, when.len, remark.len));
	if (when.len == 0)
		return OK;
	err = ask(c, when, &c->statement->when);
	if (err == OK)
		return OK;
	snprintf(name, sizeof(name), ":%.*s", STR_ARG(when));
	return refuse_name(c, name, err);
}

static enum err
take_parameters(const struct compiler *c)
{
	struct statement *s = c->statement;
	int count = sqlite3_bind_parameter_count(s->handle);

	if (count > PARAMETERS_MAX)
		return refuse(c, "too many parameters", ERR_INPUT);
	for (int i = 0; i < count; i++) {
		const char *name =
		    sqlite3_bind_parameter_name(s->handle, i + 1);
		size_t place;
		enum err err;

		if (name == NULL)
			return refuse(
			    c, "a parameter without a name", ERR_INPUT);
		err = ask(c, str_from(name + 1), &place);
		if (err != OK)
			return refuse_name(c, name, err);
		s->parameter[i] = (unsigned char)place;
	}
	s->parameters = (unsigned)count;
	return OK;
}

/* From 1, or 0. */
static size_t
find_answer(const struct steps_form *form, const char *column)
{
	size_t i = form->answers;

	while (i > 0 && strcmp(form->answer[i - 1].column, column) != 0)
		i--;
	return i;
}

static bool
is_parameter(const struct statement *s, size_t place)
{
	for (unsigned i = 0; i < s->parameters; i++)
		if (s->parameter[i] == place)
			return true;
	return false;
}

static enum err
take_columns(const struct compiler *c)
{
	const struct steps_form *form = c->steps->form;
	struct statement *s = c->statement;
	int count = sqlite3_column_count(s->handle);

	if (count > PARAMETERS_MAX)
		return refuse(c, "too many columns", ERR_INPUT);
	for (int i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(s->handle, i);
		size_t place, answer;
		enum err err = name == NULL
		    ? ERR_NOMEM
		    : names_give(c->steps->names, str_from(name), &place);

		if (err != OK)
			return refuse_name(c, name, err);
		answer = find_answer(form, name);
		s->column[i] = (struct column){
		    (unsigned char)place, (unsigned char)answer};
		if (answer > 0 && form->answer[answer - 1].each_row)
			s->each_row = true;
		if (is_parameter(s, place))
			s->copies = true;
	}
	s->columns = (unsigned)count;
	return OK;
}

static enum err
compile_one(struct compiler *c, const struct sql_statement *found)
{
	struct steps *steps = c->steps;
	enum err err;

	if (steps->statements == STATEMENTS_MAX) {
		sqlite3_finalize(found->handle);
		return sql_complain(steps->path, found->line,
		    "too many statements", ERR_INPUT, c->why);
	}
	c->statement = &steps->statement[steps->statements++];
	*c->statement =
	    (struct statement){.handle = found->handle, .line = found->line};
	err = take_condition(c, found->remark);
	if (err == OK)
		err = take_parameters(c);
	return err == OK ? take_columns(c) : err;
}

static enum err
compile(struct steps *steps, struct buf *why)
{
	struct compiler compiler = {.steps = steps, .why = why};
	struct sql_file file;
	enum err err =
	    sql_file_open(&file, steps->db, steps->path, FILE_BYTES_MAX, why);

	if (err != OK)
		return err;
	while (err == OK) {
		struct sql_statement found;
		err = sql_file_next(
		    &file, SQLITE_PREPARE_PERSISTENT, &found, why);
		if (err != OK || found.handle == NULL)
			break;
		err = compile_one(&compiler, &found);
	}
	sql_file_close(&file);
	return err;
}

enum err
steps_open(sqlite3 *db, struct names *names, const char *path,
    const struct steps_form *form, struct steps **out, struct buf *why)
{
	struct steps *steps = calloc(1, sizeof(*steps));
	enum err err = ERR_NOMEM;

	if (steps != NULL) {
		steps->db = db;
		steps->names = names;
		steps->form = form;
		steps->path = strdup(path);
	}
	if (steps == NULL || steps->path == NULL)
		buf_text(why, "memory is out");
	else
		err = compile(steps, why);
	if (err == OK)
		*out = steps;
	else
		steps_close(steps);
	return err;
}

void
steps_close(struct steps *steps)
{
	if (steps == NULL)
		return;
	for (size_t i = 0; i < steps->statements; i++)
		sqlite3_finalize(steps->statement[i].handle);
	free(steps->path);
	free(steps);
}

size_t
steps_count(const struct steps *steps)
{
	return steps->statements;
}

bool
steps_gives(const struct steps *steps, const char *column)
{
	for (size_t i = 0; i < steps->statements; i++) {
		const struct statement *s = &steps->statement[i];
		for (unsigned k = 0; k < s->columns; k++) {
			const char *name =
			    sqlite3_column_name(s->handle, (int)k);
			if (name != NULL && strcmp(name, column) == 0)
				return true;
		}
	}
	return false;
}

/* ---- running ------------------------------------------------------------ */

static int
bind_all(const struct steps *steps, const struct statement *s)
{
	int code = SQLITE_OK;

	for (unsigned i = 0; i < s->parameters && code == SQLITE_OK; i++)
		code = names_bind(steps->names, s->parameter[i], s->handle,
		    (int)i + 1, s->copies);
	return code;
}

static bool
give_answer(struct steps_run *run, const struct statement *s, int column)
{
	const char *text;

	if (sqlite3_column_type(s->handle, column) == SQLITE_NULL)
		return true;
	text = (const char *)sqlite3_column_text(s->handle, column);
	if (text == NULL)
		return false;
	return run->answer(run, s->column[column].answer - 1u,
	    (struct str){
		text, (size_t)sqlite3_column_bytes(s->handle, column)});
}

/* A row's columns: answers, and parameters for later. */
static int
take_row(const struct steps *steps, const struct statement *s,
    struct steps_run *run, bool first)
{
	for (unsigned i = 0; i < s->columns; i++) {
		const struct column *column = &s->column[i];
		bool heard = column->answer > 0 &&
		    (first || steps->form->answer[column->answer - 1].each_row);

		if (heard && !give_answer(run, s, (int)i))
			return SQLITE_NOMEM;
		if (first &&
		    !names_set_column(
			steps->names, column->name, s->handle, (int)i))
			return SQLITE_NOMEM;
	}
	return SQLITE_OK;
}

static int
run_once(
    const struct steps *steps, const struct statement *s, struct steps_run *run)
{
	int code = bind_all(steps, s);
	bool first = true;

	while (code == SQLITE_OK) {
		code = sqlite3_step(s->handle);
		if (code != SQLITE_ROW)
			break;
		code = first || s->each_row ? take_row(steps, s, run, first)
					    : SQLITE_OK;
		first = false;
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum err
run_statement(const struct steps *steps, const struct statement *s,
    struct steps_run *run, struct buf *why)
{
	size_t times = s->each_item ? run->items : 1;
	enum err err = OK;

	for (size_t i = 0; i < times && err == OK && !run->done; i++) {
		int code;

		if (s->each_item)
			run->item(run, i);
		if (s->when != SIZE_MAX && names_is_null(steps->names, s->when))
			continue;
		code = run_once(steps, s, run);
		if (code != SQLITE_OK) {
			(void)sql_blame(
			    steps->db, steps->path, s->line, code, why);
			err = store_err(code) == OK ? ERR_BUG : store_err(code);
		}
		sqlite3_reset(s->handle);
	}
	return err;
}

enum err
steps_run(struct steps *steps, struct steps_run *run, struct buf *why)
{
	enum err err = OK;

	run->done = false;
	for (size_t i = 0; i < steps->statements; i++)
		for (unsigned k = 0; k < steps->statement[i].columns; k++)
			names_forget_column(
			    steps->names, steps->statement[i].column[k].name);
	for (size_t i = 0; i < steps->statements && err == OK && !run->done;
	     i++)
		err = run_statement(steps, &steps->statement[i], run, why);
	return err;
}
