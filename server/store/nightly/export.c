/* SPDX-License-Identifier: ISC */
/*
 * From a script of the capsule to files: in a new database the script creates
 * tables and fills them from the copy; then each table is written as CSV.
 * Rows are written one by one, so the memory does not depend on their number.
 *
 * The new database uses no tokenizer of ours and no write-ahead log, so any
 * SQLite can open it.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "store/defined.h"
#include "store/nightly/internal.h"
#include "store/sql_file.h"
#include "store/store.h"
#include "text/escape.h"

enum {
	PATH_MAX_BYTES = 4096,
	FILE_MODE = 0640,
	FLUSH_BYTES = 64 * 1024,
	ROW_MAX_BYTES = 16 * 1024 * 1024,
	TABLES_MAX = 40
};

struct export
{
	struct str stem; /* of the names of all files */
	int folder;
	struct buf path; /* of the new database, ended by NUL */
	sqlite3 *db;
	sqlite3 *copy; /* connection of the capsule's functions */
	struct defined *functions;
	struct made_list *list;
	struct buf *why;
};

static enum err
blame(struct export *export, const char *what, int code)
{
	connect_why(export->why, export->path.data, what, export->db);
	return store_err(code);
}

/* The stem is the name of the script without folder and ending. */
static enum err
take_stem(struct export *export, const char *script)
{
	const char *slash = strrchr(script, '/');
	struct str name = str_from(slash == NULL ? script : slash + 1);

	export->stem = str_slice(name, 0, name.len - (sizeof(".sql") - 1));
	if (is_table_name(export->stem))
		return OK;
	utf8_add_line(export->why, str_from(script));
	buf_text(
	    export->why, ": its name is a letter, and letters, digits and _");
	return ERR_INPUT;
}

/* Make the new database, open it and attach the copy. */
static enum err
open_new(struct export *export, const char *folder_path, const char *copy)
{
	struct connect how = {NULL, CONNECT_MIGRATOR, NULL};
	sqlite3_stmt *attach = NULL;
	int fd, code;
	enum err err;

	buf_printf(&export->path, "%s/.%.*s.sqlite3", folder_path,
	    STR_ARG(export->stem));
	buf_char(&export->path, '\0');
	if (export->path.err != OK)
		return export->path.err;
	how.database = export->path.data;
	fd = open(how.database,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
	if (fd < 0 || close(fd) != 0) {
		buf_printf(export->why, "cannot make %s: %s", how.database,
		    strerror(errno));
		return ERR_IO;
	}
	err = connect_open(&how, &export->db, export->why);
	if (err != OK)
		return err;
	/* synchronous = OFF: the file is synced before it is published.
	 * temp_store = FILE: SQLite may sort more rows than memory holds. */
	code = sqlite3_exec(export->db,
	    "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;"
	    "PRAGMA temp_store = FILE;",
	    NULL, NULL, NULL);
	sqlite3_limit(export->db, SQLITE_LIMIT_ATTACHED, 1);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
		    export->db, "ATTACH ?1 AS portal", -1, &attach, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(attach, 1, copy, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(attach);
	sqlite3_finalize(attach);
	if (code == SQLITE_DONE)
		code = sqlite3_exec(
		    export->db, "PRAGMA portal." MAP_ALL, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : blame(export, "cannot attach", code);
}

/* The capsule's functions read the copy through a connection of their own: a
 * table of the new database may have the name of a table of the portal. */
static enum err
open_functions(struct export *export, const char *capsule, const char *copy)
{
	const struct connect how = {copy, CONNECT_COPY, NULL};
	enum err err = connect_open(&how, &export->copy, export->why);

	if (err == OK &&
	    sqlite3_exec(export->copy, "PRAGMA " MAP_ALL "; BEGIN", NULL, NULL,
		NULL) != SQLITE_OK)
		err = ERR_IO;
	if (err == OK)
		err = defined_open(export->db, export->copy, capsule,
		    &export->functions, export->why);
	return err;
}

static enum err
fill(struct export *export, const char *script)
{
	enum err err;
	int code = sqlite3_exec(export->db, "BEGIN", NULL, NULL, NULL);

	if (code != SQLITE_OK)
		return blame(export, "does not begin", code);
	err = script_run(export->db, script, export->why);
	if (err != OK)
		return err;
	code = sqlite3_exec(
	    export->db, "COMMIT; DETACH portal;", NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : blame(export, "does not commit", code);
}

/* Append a value. A number is not quoted like a text: its minus does not begin
 * a formula. */
static void
add_cell(struct buf *line, sqlite3_stmt *statement, int column)
{
	int type = sqlite3_column_type(statement, column);
	const char *text = (const char *)sqlite3_column_text(statement, column);

	if (text == NULL)
		return;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		buf_text(line, text);
	else
		csv_add(line, str_from(text));
}

static void
add_row(struct buf *line, sqlite3_stmt *statement, bool head)
{
	for (int i = 0; i < sqlite3_column_count(statement); i++) {
		if (i > 0)
			buf_char(line, ',');
		if (head)
			csv_add(
			    line, str_from(sqlite3_column_name(statement, i)));
		else
			add_cell(line, statement, i);
	}
	buf_text(line, "\r\n");
}

/* Write a row of column names and all rows of statement to output. */
static int
write_rows(sqlite3_stmt *statement, struct output *output, int64_t *rows)
{
	struct buf line;
	int code;

	buf_init(&line, ROW_MAX_BYTES);
	add_row(&line, statement, true);
	for (*rows = 0; (code = sqlite3_step(statement)) == SQLITE_ROW;
	     ++*rows) {
		add_row(&line, statement, false);
		if (line.err != OK)
			break;
		if (line.len >= FLUSH_BYTES) {
			output_add(output, buf_view(&line));
			buf_clear(&line);
		}
	}
	if (line.err == OK)
		output_add(output, buf_view(&line));
	else
		code = line.err == ERR_NOMEM ? SQLITE_NOMEM : SQLITE_TOOBIG;
	buf_release(&line);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Select all rows in the order in which they were inserted. A table WITHOUT
 * ROWID has only the order of its key. */
static int
select_rows(sqlite3 *db, const char *table, sqlite3_stmt **statement)
{
	char sql[160];
	int code;

	snprintf(
	    sql, sizeof(sql), "SELECT * FROM main.%s ORDER BY rowid", table);
	code = sqlite3_prepare_v2(db, sql, -1, statement, NULL);
	if (code != SQLITE_ERROR)
		return code;
	snprintf(sql, sizeof(sql), "SELECT * FROM main.%s", table);
	return sqlite3_prepare_v2(db, sql, -1, statement, NULL);
}

static enum err
write_table(struct export *export, const char *table)
{
	char name[OUTPUT_NAME_MAX + 1];
	sqlite3_stmt *statement = NULL;
	struct output *output = NULL;
	int64_t rows = 0;
	enum err err;
	int code;

	snprintf(
	    name, sizeof(name), "%.*s-%s.csv", STR_ARG(export->stem), table);
	err = output_new(export->folder, name, &output, export->why);
	if (err != OK)
		return err;
	code = select_rows(export->db, table, &statement);
	if (code == SQLITE_OK)
		code = write_rows(statement, output, &rows);
	if (code == SQLITE_OK) {
		err = output_finish(output, rows, export->list, export->why);
	} else {
		err = blame(export, table, code);
		output_free(output);
	}
	sqlite3_finalize(statement);
	return err;
}

static enum err
write_tables(struct export *export)
{
	char names[TABLES_MAX][64];
	sqlite3_stmt *statement = NULL;
	size_t count = 0;
	enum err err = OK;
	int code = sqlite3_prepare_v2(export->db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND name NOT LIKE 'sqlite%' ORDER BY rowid",
	    -1, &statement, NULL);

	while (code == SQLITE_OK &&
	    (code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct str name =
		    str_from((const char *)sqlite3_column_text(statement, 0));

		code = SQLITE_OK;
		if (count == TABLES_MAX || !is_table_name(name)) {
			buf_printf(export->why,
			    "%.*s: more than %d tables, or the name of one "
			    "is not of letters, digits and _",
			    STR_ARG(export->stem), TABLES_MAX);
			err = ERR_INPUT;
			break;
		}
		snprintf(
		    names[count++], sizeof(names[0]), "%.*s", STR_ARG(name));
	}
	sqlite3_finalize(statement);
	if (err == OK && code != SQLITE_DONE)
		err = blame(export, "does not read", code);
	for (size_t i = 0; err == OK && i < count; i++)
		err = write_table(export, names[i]);
	return err;
}

enum err
export_run(const char *script, const char *capsule, const char *copy,
    const char *folder_path, int folder, struct made_list *list,
    struct buf *why)
{
	struct export export = {.folder = folder, .list = list, .why = why};
	char name[OUTPUT_NAME_MAX + 1];
	enum err err;

	buf_init(&export.path, PATH_MAX_BYTES);
	err = take_stem(&export, script);
	if (err == OK)
		err = open_new(&export, folder_path, copy);
	if (err == OK)
		err = open_functions(&export, capsule, copy);
	if (err == OK)
		err = fill(&export, script);
	defined_close(export.functions);
	sqlite3_close(export.copy);
	if (err == OK) {
		snprintf(
		    name, sizeof(name), "%.*s.sqlite3", STR_ARG(export.stem));
		err = output_take(folder, name, list, why);
	}
	if (err == OK)
		err = write_tables(&export);
	if (sqlite3_close(export.db) != SQLITE_OK && err == OK)
		err = ERR_BUG;
	buf_release(&export.path);
	return err;
}
