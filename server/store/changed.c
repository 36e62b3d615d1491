/* SPDX-License-Identifier: ISC */
/*
 * A numbered script runs once per database. Whoever edits it afterwards expects
 * that it runs again, and meets a column that is not there. So the database
 * keeps the hash of each script that it has run.
 */
#include "store/schema.h"

#include "store/connect.h"
#include "store/internal.h"
#include "store/store.h"

enum { SCRIPT_BYTES_MAX = 64 * 1024 * 1024 };

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
