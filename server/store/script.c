/* SPDX-License-Identifier: ISC */
/*
 * SQL scripts, listed from their folder and run inside a transaction that the
 * caller has begun. sql_file.c refuses a COMMIT in a script: it would leave
 * half a schema behind when a later statement fails.
 */

#include <dirent.h>
#include <errno.h>

#include "store/connect.h"
#include "store/schema.h"
#include "store/store.h"

enum { SCRIPTS_MAX = 1000, SCRIPT_BYTES_MAX = 64 * 1024 * 1024 };

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum err
add_path(struct scripts *out, const char *dir, const char *name)
{
	size_t size = strlen(dir) + 1 + strlen(name) + 1;
	char *path = malloc(size);

	if (path == NULL)
		return ERR_NOMEM;
	snprintf(path, size, "%s/%s", dir, name);
	out->path[out->count++] = path;
	return OK;
}

static bool
is_script(const char *name)
{
	/* A leading dot is an editor's or the system's own file. */
	return name[0] != '.' && str_ends(str_from(name), STR(".sql"));
}

static enum err
collect(DIR *folder, const char *dir, struct scripts *out)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL) {
		enum err err;
		if (!is_script(entry->d_name))
			continue;
		if (out->count == SCRIPTS_MAX)
			return ERR_LIMIT;
		err = add_path(out, dir, entry->d_name);
		if (err != OK)
			return err;
	}
	return OK;
}

enum err
scripts_list(const char *dir, struct scripts *out, struct buf *why)
{
	struct scripts found = {calloc(SCRIPTS_MAX, sizeof(char *)), 0};
	DIR *folder = opendir(dir);
	enum err err = ERR_NOMEM;

	if (folder == NULL) {
		err = errno == ENOENT ? ERR_MISSING : ERR_IO;
		(void)sql_complain(dir, 0, strerror(errno), err, why);
		goto out;
	}
	if (found.path != NULL)
		err = collect(folder, dir, &found);
	closedir(folder);
	if (err != OK) {
		(void)sql_complain(dir, 0,
		    err == ERR_LIMIT ? "too many scripts" : "out of memory",
		    err, why);
		goto out;
	}
	if (found.count > 0)
		qsort(found.path, found.count, sizeof(char *), by_name);
	*out = found;
	return OK;
out:
	scripts_release(&found);
	return err;
}

void
scripts_release(struct scripts *scripts)
{
	for (size_t i = 0; i < scripts->count; i++)
		free(scripts->path[i]);
	free(scripts->path);
	*scripts = (struct scripts){NULL, 0};
}

/* Run a statement to its end and finalize it. */
static enum err
run_statement(const struct sql_file *file,
    const struct sql_statement *statement, struct buf *why)
{
	enum err err = OK;
	int code;

	do
		code = sqlite3_step(statement->handle);
	while (code == SQLITE_ROW);
	if (code != SQLITE_DONE)
		err =
		    sql_blame(file->db, file->path, statement->line, code, why);
	sqlite3_finalize(statement->handle);
	return err;
}

enum err
script_run(sqlite3 *db, const char *path, struct buf *why)
{
	struct sql_statement statement;
	struct sql_file file;
	enum err err = sql_file_open(&file, db, path, SCRIPT_BYTES_MAX, why);

	/* The file was listed, so it is a link to a file that is missing. */
	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	do {
		err = sql_file_next(&file, 0, &statement, why);
		if (err != OK || statement.handle == NULL)
			break;
		err = run_statement(&file, &statement, why);
	} while (err == OK);
	sql_file_close(&file);
	return err;
}

/* ---- scripts that have changed ----------------------------------------- */

/*
 * A numbered script runs once per database. Whoever edits it afterwards expects
 * that it runs again, and meets a column that is not there. So the database
 * keeps the hash of each script that it has run.
 */

static const char *
name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* Run a statement of a script's name (?1) and text (?2). *row: it gave one. */
static enum err
run_with(
    sqlite3 *db, const char *sql, const char *path, bool *row, struct buf *why)
{
	sqlite3_stmt *statement = NULL;
	struct sql_file file;
	enum err err = sql_file_open(&file, db, path, SCRIPT_BYTES_MAX, why);
	int code;

	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_text(
		    statement, 1, name_of(path), -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 2, file.rest.data,
		    (int)file.rest.len, SQLITE_STATIC);
		code = sqlite3_step(statement);
	}
	*row = code == SQLITE_ROW;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		err = sql_blame(db, path, 0, code, why);
	sqlite3_finalize(statement);
	sql_file_close(&file);
	return err;
}

enum err
schema_note_script(sqlite3 *db, const char *path, struct buf *why)
{
	bool row;

	return run_with(db,
	    "INSERT OR REPLACE INTO guiju_script (file, sha256)"
	    " VALUES (?1, sha256(?2))",
	    path, &row, why);
}

enum err
schema_changed(sqlite3 *db, const char *schema_dir,
    enum err (*tell)(void *context, const char *file), void *context,
    struct buf *why)
{
	struct schema schema = {.version = 0};
	int64_t known = 0;
	enum err err = store_err(connect_int(db,
	    "SELECT count(*) FROM sqlite_schema WHERE name = 'guiju_script'",
	    &known));

	if (err == OK && known > 0)
		err = schema_list(schema_dir, &schema, why);
	for (size_t i = 0; err == OK && i < schema.steps.count; i++) {
		const char *path = schema.steps.path[i];
		bool changed;

		err = run_with(db,
		    "SELECT 1 FROM guiju_script"
		    " WHERE file = ?1 AND sha256 <> sha256(?2)",
		    path, &changed, why);
		if (err == OK && changed)
			err = tell(context, name_of(path));
	}
	schema_release(&schema);
	return err;
}
