/* SPDX-License-Identifier: ISC */
#include "store/internal.h"

#include <string.h>

#include "base/log.h"
#include "store/functions/fold.h"

bool
refold_is_current(sqlite3 *db)
{
	char name[FOLD_NAME_BYTES];
	sqlite3_stmt *statement = NULL;
	bool current = false;

	fold_name(name);
	if (sqlite3_prepare_v2(db, "SELECT name FROM guiju_fold WHERE id = 1",
		-1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		current = str_equal(
		    str_from((const char *)sqlite3_column_text(statement, 0)),
		    str_from(name));
	sqlite3_finalize(statement);
	return current;
}

static int
rebuild(sqlite3 *db, const char *index)
{
	char *sql = sqlite3_mprintf(
	    "INSERT INTO \"%w\"(\"%w\") VALUES('rebuild')", index, index);
	int code = SQLITE_NOMEM;

	if (sql != NULL)
		code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	if (code == SQLITE_OK) {
		log_info("store: search index %s was built anew: text is "
			 "folded otherwise than before",
		    index);
	} else if (code == SQLITE_ERROR) {
		log_warn("store: search index %s cannot be built from its own "
			 "content: fill it again, text is folded otherwise "
			 "than before",
		    index);
		code = SQLITE_OK;
	}
	return code;
}

int
refold_record(sqlite3 *db)
{
	char name[FOLD_NAME_BYTES];
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_exec(db,
	    "INSERT INTO guiju_fold(id, name) VALUES (1, '')"
	    " ON CONFLICT DO NOTHING",
	    NULL, NULL, NULL);

	fold_name(name);
	/* An UPDATE, because a capsule's triggers act on it. */
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db,
		    "UPDATE guiju_fold SET name = ?1 WHERE id = 1", -1,
		    &statement, NULL);
	if (code == SQLITE_OK)
		code =
		    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

int
refold(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'"
	    " AND sql LIKE '%cjk%' ORDER BY name",
	    -1, &statement, NULL);

	while (
	    code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW)
		code = rebuild(
		    db, (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? refold_record(db) : code;
}
