/* SPDX-License-Identifier: ISC */
/*
 * What a reader types, on its way into MATCH. SQLite must take every query
 * that comes out of fts_query(), and a text must be found by its own words.
 */
#include "fuzz.h"

#include <sqlite3.h>

#include "store/functions/functions.h"

enum { TEXT_MAX = 4096 };

static sqlite3 *db;

static const char schema[] =
    "CREATE VIRTUAL TABLE whole USING fts5 (a, b, tokenize = 'cjk');"
    "CREATE VIRTUAL TABLE small USING fts5 "
    "  (a, b, tokenize = 'cjk', detail = none);"
    "INSERT INTO whole VALUES ('标准化 GB/T 1.1—2020', 'near and or not');"
    "INSERT INTO small VALUES ('标准化 GB/T 1.1—2020', 'near and or not');";

/* Each with ?1: gives 1, or NULL where the text has no words. */
static const char *const checks[] = {
    "SELECT count(*) FROM whole WHERE whole MATCH "
    "  coalesce(fts_query(?1, 'phrase'), '\"\"') AND rowid = 2",
    "SELECT count(*) FROM whole WHERE whole MATCH "
    "  coalesce(fts_query(?1, 'phrase', 'a'), '\"\"') AND rowid = 2",
    "SELECT count(*) FROM small WHERE small MATCH "
    "  coalesce(fts_query(?1, 'and'), '\"\"') AND rowid = 2",
    "SELECT text_has(?1, ?1)"};

static const char *const others[] = {
    "SELECT text_snippet(?1, ?1, 40), text_snippet(?1, '标准', 1)",
    "SELECT text_excerpt(?1, 20), text_excerpt(?1, 1), text_fold(?1)",
    "SELECT text_pages(?1, 1), text_page(?1, 1, 1), text_page(?1, 2, 30)"};

enum {
	CHECKS = sizeof(checks) / sizeof(*checks),
	OTHERS = sizeof(others) / sizeof(*others)
};

static sqlite3_stmt *check[CHECKS], *other[OTHERS], *insert[2], *wordless;

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *statement;

	MUST(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
	return statement;
}

static void
open_once(void)
{
	if (db != NULL)
		return;
	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	MUST(functions_register(db, NULL) == SQLITE_OK);
	MUST(sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK);
	for (size_t i = 0; i < CHECKS; i++)
		check[i] = prepare(checks[i]);
	for (size_t i = 0; i < OTHERS; i++)
		other[i] = prepare(others[i]);
	insert[0] = prepare("INSERT INTO whole (rowid, a) VALUES (2, ?1)");
	insert[1] = prepare("INSERT INTO small (rowid, a) VALUES (2, ?1)");
	wordless = prepare("SELECT fts_query(?1, 'phrase') IS NULL");
}

/* Run it to its end; the first column of the last row, or -1. */
static int
run(sqlite3_stmt *statement, struct str text)
{
	int code, result = -1;

	if (sqlite3_bind_parameter_count(statement) > 0)
		MUST(sqlite3_bind_text(statement, 1, text.data, (int)text.len,
			 SQLITE_STATIC) == SQLITE_OK);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		result = sqlite3_column_int(statement, 0);
	if (code != SQLITE_DONE)
		fprintf(stderr, "%s: %s\n", sqlite3_sql(statement),
		    sqlite3_errmsg(db));
	MUST(code == SQLITE_DONE);
	sqlite3_reset(statement);
	return result;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);
	bool words, clean;

	open_once();
	if (size > TEXT_MAX)
		return 0;
	for (size_t i = 0; i < OTHERS; i++)
		run(other[i], text);
	MUST(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	for (size_t i = 0; i < 2; i++)
		run(insert[i], text);
	words = run(wordless, text) == 0;
	/* Both borders, wire and import, let nothing else in. */
	clean = is_clean_text(text, "\n");
	for (size_t i = 0; i < CHECKS; i++) {
		int found = run(check[i], text);
		MUST(!clean || found == (words ? 1 : 0));
	}
	MUST(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK);
	return 0;
}
