/* SPDX-License-Identifier: ISC */
/*
 * Running a capsule's statements for one article: binding what it has and
 * what the statements before gave, and listening for their answers.
 */
#include "tools/import/capsule_parts.h"

#include <assert.h>

#include "base/utf8.h"

/* One article being stored. */
struct run {
	struct capsule_sql *sql;
	const struct article *article;
	size_t attachment;
	enum capsule_answer answer;
	struct buf *text;
	bool done;
};

static int
bind_str(sqlite3_stmt *handle, int i, struct str s)
{
	if (s.data == NULL)
		return sqlite3_bind_null(handle, i);
	return sqlite3_bind_text64(
	    handle, i, s.data, s.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int
bind_attachment(const struct run *run, sqlite3_stmt *handle, int i, size_t name)
{
	const struct attachment *a = &run->article->attachment[run->attachment];

	switch (name) {
	case NAME_PATH:
		return bind_str(handle, i, a->path);
	case NAME_LABEL:
		return bind_str(handle, i, a->label);
	case NAME_MIME:
		return bind_str(handle, i, a->mime);
	case NAME_BYTES:
		return sqlite3_bind_int64(handle, i, a->bytes);
	default:
		return sqlite3_bind_int64(
		    handle, i, (sqlite3_int64)run->attachment + 1);
	}
}

/* Bind one parameter: a field, or what an earlier statement gave. */
static int
bind_name(const struct run *run, sqlite3_stmt *handle, int i, size_t name)
{
	const struct article *article = run->article;

	if (name < FIELD_COUNT)
		return bind_str(handle, i, article->field[name]);
	switch (name) {
	case NAME_BODY:
		return bind_str(handle, i, article->body);
	case NAME_FILE:
		return bind_str(handle, i, str_from(article->file));
	case NAME_PUBLISHED:
		return article->has_published
		    ? sqlite3_bind_int64(handle, i, article->published)
		    : sqlite3_bind_null(handle, i);
	case NAME_PINNED:
		return sqlite3_bind_int(handle, i, article->pinned);
	case NAME_SAMPLE:
		return sqlite3_bind_int(handle, i, article->sample);
	default:
		break;
	}
	if (name < NAME_FIRST_COLUMN)
		return bind_attachment(run, handle, i, name);
	assert(name < run->sql->names);
	return run->sql->name[name].value == NULL
	    ? sqlite3_bind_null(handle, i)
	    : sqlite3_bind_value(handle, i, run->sql->name[name].value);
}

static int
bind_all(const struct run *run, const struct statement *statement)
{
	int count = sqlite3_bind_parameter_count(statement->handle);
	int code = SQLITE_OK;

	for (int i = 1; i <= count && code == SQLITE_OK; i++)
		code = bind_name(
		    run, statement->handle, i, statement->parameter[i - 1]);
	return code;
}

static void
answer(struct run *run, enum capsule_answer what, sqlite3_stmt *handle, int i)
{
	const char *text = (const char *)sqlite3_column_text(handle, i);

	run->answer = what;
	run->done = what != CAPSULE_IMPORTED;
	buf_clear(run->text);
	utf8_add_line(run->text, str_from(text));
}

/* A row's columns: answers, and parameters for later. */
static int
take_row(struct run *run, sqlite3_stmt *handle)
{
	int count = sqlite3_column_count(handle);

	for (int i = 0; i < count && !run->done; i++) {
		const char *column = sqlite3_column_name(handle, i);
		struct name *name;
		sqlite3_value *value =
		    sqlite3_value_dup(sqlite3_column_value(handle, i));

		if (column == NULL || value == NULL) {
			sqlite3_value_free(value);
			return SQLITE_NOMEM;
		}
		name = &run->sql->name[capsule_find_name(run->sql, column)];
		sqlite3_value_free(name->value);
		name->value = value;
		if (sqlite3_column_type(handle, i) == SQLITE_NULL)
			continue;
		if (strcmp(column, "refused") == 0)
			answer(run, CAPSULE_REFUSED, handle, i);
		else if (strcmp(column, "already") == 0)
			answer(run, CAPSULE_ALREADY, handle, i);
		else if (strcmp(column, "address") == 0)
			answer(run, CAPSULE_IMPORTED, handle, i);
	}
	return SQLITE_OK;
}

static int
run_once(struct run *run, const struct statement *statement)
{
	sqlite3_stmt *handle = statement->handle;
	int code = bind_all(run, statement);
	bool first = true;

	while (code == SQLITE_OK) {
		code = sqlite3_step(handle);
		if (code != SQLITE_ROW)
			break;
		code = first ? take_row(run, handle) : SQLITE_OK;
		first = false;
	}
	return code;
}

static enum err
run_statement(
    struct run *run, const struct statement *statement, struct buf *why)
{
	size_t times = statement->each ? run->article->attachments : 1;
	enum err err = OK;

	for (run->attachment = 0;
	     run->attachment < times && err == OK && !run->done;
	     run->attachment++) {
		int code = run_once(run, statement);
		if (code != SQLITE_DONE)
			err =
			    capsule_blame(run->sql, statement->line, why, code);
		sqlite3_reset(statement->handle);
		sqlite3_clear_bindings(statement->handle);
	}
	return err;
}

enum err
capsule_sql_run(struct capsule_sql *sql, const struct article *article,
    enum capsule_answer *answer, struct buf *text, struct buf *why)
{
	struct run run = {.sql = sql, .article = article, .text = text};
	enum err err = OK;

	buf_clear(text);
	for (size_t i = 0; i < sql->statements && err == OK && !run.done; i++)
		err = run_statement(&run, &sql->statement[i], why);
	for (size_t i = 0; i < sql->names; i++) {
		sqlite3_value_free(sql->name[i].value);
		sql->name[i].value = NULL;
	}
	if (err == OK)
		*answer = run.answer;
	return err;
}
