/* SPDX-License-Identifier: ISC */
/*
 * Runs statements in their transaction. SQLite asks an authorizer, when it
 * prepares a statement, whether the statement may do what it does.
 */
#include "tools/sql/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/file_path.h"
#include "store/sql_file.h"
#include "tools/import/frame.h"
#include "tools/import/script/steps.h"

/* ---- what may be done -------------------------------------------------- */

static bool
is_reading_pragma(const char *name)
{
	static const char *const names[] = {"application_id", "collation_list",
	    "compile_options", "data_version", "database_list", "encoding",
	    "foreign_key_check", "foreign_key_list", "freelist_count",
	    "function_list", "index_info", "index_list", "index_xinfo",
	    "integrity_check", "module_list", "page_count", "page_size",
	    "pragma_list", "quick_check", "table_info", "table_list",
	    "table_xinfo", "user_version"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sqlite3_stricmp(name, names[i]) == 0)
			return true;
	return false;
}

/* May a statement do this? SQLite asks when the statement is prepared. */
static int
authorize(void *context, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	struct session *session = context;

	(void)schema, (void)trigger;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		session->denied = session->terminal
		    ? "a transaction begins by itself; end it by COMMIT or "
		      "ROLLBACK"
		    : "all statements of a run are one transaction, which is "
		      "stored at the end";
		return SQLITE_DENY;
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		session->denied = "no other file can be opened or written";
		return SQLITE_DENY;
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_CREATE_VIEW:
	case SQLITE_DROP_TRIGGER:
	case SQLITE_DROP_VIEW:
	case SQLITE_CREATE_VTABLE:
	case SQLITE_DROP_VTABLE:
		session->denied =
		    "views, triggers and virtual tables are made by the files "
		    "of the capsule's schema/ alone";
		return SQLITE_DENY;
	case SQLITE_ANALYZE:
		session->denied = "the queries of pages are made for a "
				  "database without statistics";
		return SQLITE_DENY;
	case SQLITE_PRAGMA:
		if (is_reading_pragma(first) &&
		    (second == NULL ||
			(sqlite3_stricmp(first, "user_version") != 0 &&
			    sqlite3_stricmp(first, "application_id") != 0)))
			return SQLITE_OK;
		session->denied = "this PRAGMA is not for an operator";
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

/* ---- the transaction --------------------------------------------------- */

enum err
session_begin(struct session *session)
{
	session->changed = 0;
	return frame_execute(session->db, "BEGIN IMMEDIATE", &session->why);
}

static void
say(struct steps_run *run, struct str text)
{
	(void)run;
	complain("%.*s", STR_ARG(text));
}

/* The end of a run of import/follow.sql by `% fail refused WHY`. */
struct follow {
	struct steps_run run; /* first: the steps get a pointer to it */
	struct buf *why;
};

static void
refuse(struct steps_run *run, size_t kind, struct str text)
{
	(void)kind;
	buf_str(((struct follow *)run)->why, text);
}

enum err
session_follow(struct session *session)
{
	static const char *const provided[] = {"changed"},
				 *fails[] = {"refused"};
	static const struct steps_form form = {.fails = fails, .count = 1};
	struct follow follow = {{.say = say, .fail = refuse}, &session->why};
	struct names *names = NULL;
	struct steps *steps = NULL;
	struct file_path path;
	enum err err = file_path_join(
	    &path, session->capsule, CAPSULE_IMPORT "/follow.sql");

	if (err == OK)
		err = names_new(provided, 1, &names);
	if (err == OK)
		err = steps_open(session->db, names, path.text, &form, &steps,
		    &session->why);
	if (err == ERR_MISSING) {
		buf_clear(&session->why);
		err = OK;
	} else if (err == OK) {
		names_set_int(names, 0, session->changed);
		err = steps_run(steps, &follow.run, &session->why);
		if (err == OK && follow.run.failed)
			err = ERR_INPUT;
	}
	steps_close(steps);
	names_free(names);
	return err;
}

enum err
session_store(struct session *session)
{
	enum err err = session_follow(session);

	if (err == OK)
		err = store_check_settings(session->db, &session->why);
	if (err == OK)
		err = frame_execute(session->db, "COMMIT", &session->why);
	if (err != OK)
		frame_roll_back(session->db);
	else
		fprintf(stderr, "%lld row%s changed\n",
		    (long long)session->changed,
		    session->changed == 1 ? "" : "s");
	return err;
}

/* ---- statements -------------------------------------------------------- */

void
session_print(struct session *session)
{
	const struct str text = buf_view(&session->out);

	if (session->terminal) {
		terminal_print(session, text);
	} else {
		fwrite(text.data, 1, text.len, stdout);
		(void)fflush(stdout);
	}
	buf_clear(&session->out);
}

static enum err
run_statement(struct session *session, sqlite3_stmt *statement, size_t line)
{
	const bool writes = !sqlite3_stmt_readonly(statement) &&
	    sqlite3_stmt_isexplain(statement) == 0;
	const int before = sqlite3_total_changes(session->db);
	const char *path = line > 0 ? "standard input" : "statement";
	enum err err = OK;
	int code;

	if (writes && !session->write)
		return sql_complain(path, line,
		    "changes the database, for which --write is missing",
		    ERR_INPUT, &session->why);
	if (writes && sqlite3_get_autocommit(session->db))
		err = session_begin(session);
	if (err != OK)
		return err;
	code = print_rows(session->print, statement);
	if (session->out.err == ERR_LIMIT)
		return sql_complain(path, line,
		    "prints too much: a result has to fit into 256 MiB, with "
		    "--write all of them",
		    ERR_LIMIT, &session->why);
	if (code != SQLITE_DONE)
		return sql_blame(session->db, path, line, code, &session->why);
	/* A statement that changes no row leaves the count of the last one. */
	if (writes && sqlite3_total_changes(session->db) != before)
		session->changed += sqlite3_changes(session->db);
	return OK;
}

/* Take the first word off, and what stands behind it up to `;`. false: it is
 * another word. */
static bool
take_word(struct str *rest, const char *word)
{
	const size_t n = strlen(word);
	size_t end;

	if (rest->len < n ||
	    !str_equal_nocase(str_slice(*rest, 0, n), str_from(word)) ||
	    (rest->len > n && strchr(" ;\t\r\n", rest->data[n]) == NULL))
		return false;
	end = str_find_byte(*rest, ';');
	*rest =
	    str_slice(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
	return true;
}

/* COMMIT and ROLLBACK on a terminal; false: it is another statement. */
static bool
end_transaction(struct session *session, struct str *rest, enum err *err)
{
	const bool stores = take_word(rest, "COMMIT") || take_word(rest, "END");

	if (!stores && !take_word(rest, "ROLLBACK"))
		return false;
	if (sqlite3_get_autocommit(session->db))
		puts("nothing has been changed");
	else if (stores)
		*err = session_store(session);
	else
		frame_roll_back(session->db);
	return true;
}

/* Prepare the first statement of rest, and take it off. line: its number, or
 * 0. *out is NULL if there is only a comment. */
static enum err
prepare(
    struct session *session, struct str *rest, size_t line, sqlite3_stmt **out)
{
	const char *path = line > 0 ? "standard input" : "statement";
	const char *tail = rest->data;
	int code;

	session->denied = NULL;
	sqlite3_set_authorizer(session->db, authorize, session);
	/* The length includes the NUL; else SQLite would copy the rest. */
	code = sqlite3_prepare_v2(
	    session->db, rest->data, (int)rest->len + 1, out, &tail);
	sqlite3_set_authorizer(session->db, NULL, NULL);
	if (code != SQLITE_OK && session->denied != NULL)
		return sql_complain(
		    path, line, session->denied, ERR_INPUT, &session->why);
	if (code != SQLITE_OK)
		return sql_blame(session->db, path, line, code, &session->why);
	*rest = str_slice(*rest, (size_t)(tail - rest->data), rest->len);
	return OK;
}

enum err
session_run(struct session *session, struct str text, size_t first)
{
	struct str rest = text, remark = {NULL, 0}, line;
	enum err err = OK;

	while (err == OK && !session->ended) {
		sqlite3_stmt *statement = NULL;
		size_t at = first;

		rest = sql_skip_blank(rest, &remark);
		if (rest.len == 0)
			break;
		if (first > 0)
			at += sql_count_lines(text.data, rest.data);
		if (rest.data[0] == '.') {
			(void)str_next_line(&rest, &line);
			err = dot_run(session, line);
			if (session->terminal || !session->write)
				session_print(session);
			continue;
		}
		if (session->terminal && session->write &&
		    end_transaction(session, &rest, &err))
			continue;
		err = prepare(session, &rest, at, &statement);
		if (err == OK && statement != NULL)
			err = run_statement(session, statement, at);
		sqlite3_finalize(statement);
		if (session->terminal || !session->write)
			session_print(session);
	}
	return err;
}
