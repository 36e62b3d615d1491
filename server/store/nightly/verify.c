/* SPDX-License-Identifier: ISC */
/*
 * Verifying a copy. Every page of the copy is read; this would take too long on
 * the live database.
 */
#include "base/log.h"
#include "base/utf8.h"
#include "store/nightly/internal.h"
#include "store/store.h"

enum { TOLD_MAX = 10, WHY_MAX_BYTES = 1024 };

/* Run a check and log every row that is not "ok". Adds their number to
 * *found. */
static int
tell(sqlite3 *db, const char *sql, const char *what, int *found)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	while (code == SQLITE_OK &&
	    (code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *text =
		    (const char *)sqlite3_column_text(statement, 0);

		code = SQLITE_OK;
		if (text == NULL || strcmp(text, "ok") == 0)
			continue;
		++*found;
		log_error("nightly: %s: %s", what, text);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
check_index(sqlite3 *db, const char *name, void *context)
{
	int *found = context;
	char sql[256];
	int code;

	snprintf(sql, sizeof(sql),
	    "INSERT INTO %s(%s) VALUES('integrity-check')", name, name);
	code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (code == SQLITE_OK) {
		log_info("nightly: search index %s is whole", name);
	} else if ((code & 0xFF) == SQLITE_CORRUPT) {
		log_error("nightly: search index %s is damaged: build it "
			  "again",
		    name);
		++*found;
		code = SQLITE_OK;
	}
	return code;
}

static int
check_file(sqlite3 *db, int *found)
{
	char sql[128];
	int code;

	snprintf(sql, sizeof(sql), "PRAGMA integrity_check(%d)", TOLD_MAX);
	code = tell(db, sql, "the database is damaged", found);
	if (code == SQLITE_OK && *found == 0)
		log_info("nightly: the database is whole");
	return code;
}

static int
check_content(sqlite3 *db, int *found)
{
	char sql[128];
	int code;

	snprintf(sql, sizeof(sql),
	    "SELECT \"table\" || ' to ' || \"parent\" FROM "
	    "pragma_foreign_key_check LIMIT %d",
	    TOLD_MAX);
	code = tell(db, sql, "a row refers to no row", found);
	if (code == SQLITE_OK)
		code = each_search_index(db, check_index, found);
	return code;
}

/* Run one of the two groups of checks on a connection with that role. */
static enum err
check(const char *copy, enum connect_role role, int (*checks)(sqlite3 *, int *),
    int *found, struct buf *why)
{
	const struct connect how = {copy, role, NULL};
	sqlite3 *db = NULL;
	enum err err = connect_open(&how, &db, why);
	int code;

	if (err != OK)
		return err;
	code = sqlite3_exec(db, "PRAGMA " MAP_COPY, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = checks(db, found);
	if (code != SQLITE_OK) {
		connect_why(why, copy, "does not check", db);
		err = connect_err(code);
	}
	sqlite3_close(db);
	return err;
}

enum err
verify_database(const char *copy)
{
	struct buf why;
	int found = 0;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = check(copy, CONNECT_CHECKER, check_file, &found, &why);
	if (err == OK)
		err =
		    check(copy, CONNECT_MIGRATOR, check_content, &found, &why);
	if (err != OK)
		log_error("nightly: %.*s", STR_ARG(buf_view(&why)));
	else if (found > 0)
		err = ERR_INPUT;
	buf_release(&why);
	return err;
}
