/* SPDX-License-Identifier: ISC */
/*
 * Any text as the number of a standard, as SQL sees it. No call fails; what
 * comes out is one clean line; a key is its own key, a number its own number,
 * and both are the same standard. A number that is read in part never stands
 * for the whole: what is glued to one makes it another, or none.
 */
#include "tests/fuzz/fuzz.h"

#include <sqlite3.h>

#include "../standards.h"

enum { TEXT_MAX = 1024 };

static sqlite3 *db;

/* Each with ?1, its argument; one clean line or NULL. */
static const char *const lines[] = {"SELECT std_number(?1)",
    "SELECT std_key(?1)", "SELECT std_family(?1)", "SELECT std_bare(?1)",
    "SELECT std_sort(?1)", "SELECT std_prefix(?1)", "SELECT std_digits(?1)",
    "SELECT std_year(?1)", "SELECT std_level(?1)", "SELECT std_mandate(?1)",
    "SELECT std_rest(?1)"};

/* Each is 1, or NULL where the text is nothing that it could be asked of. */
static const char *const rules[] = {"SELECT std_key(std_key(?1)) = std_key(?1)",
    "SELECT std_key(std_number(?1)) = std_key(?1)",
    "SELECT std_number(std_number(?1)) = std_number(?1)",
    "SELECT std_number(std_key(?1)) NOTNULL WHERE std_number(?1) NOTNULL",
    "SELECT std_unread(?1) IS NULL WHERE std_number(?1) NOTNULL",
    "SELECT instr(CAST(?1 AS BLOB), CAST(std_unread(?1) AS BLOB)) > 0 "
    "WHERE std_unread(?1) NOTNULL",
    "SELECT count(*) = 0 FROM (VALUES ('9'), ('-200S'), ('-2O08'), ('.7'), "
    "('=2008'), ('-1'), ('/9'), ('(7)'), ('~3'), ('第2部分'), ('一201'), "
    "('-(HD-7)'), ('#5'), ('З')) WHERE std_key(std_number(?1) || column1) = "
    "std_key(?1)"};

enum {
	LINES = sizeof(lines) / sizeof(*lines),
	RULES = sizeof(rules) / sizeof(*rules)
};

static sqlite3_stmt *line[LINES], *rule[RULES];

static void
open_once(void)
{
	if (db != NULL)
		return;
	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	MUST(standards_module.init(db, NULL, NULL) == SQLITE_OK);
	for (size_t i = 0; i < LINES; i++)
		MUST(sqlite3_prepare_v2(db, lines[i], -1, &line[i], NULL) ==
		    SQLITE_OK);
	for (size_t i = 0; i < RULES; i++)
		MUST(sqlite3_prepare_v2(db, rules[i], -1, &rule[i], NULL) ==
		    SQLITE_OK);
}

/* Its value until the next call on it; without data for NULL or no row. */
static struct str
ask(sqlite3_stmt *statement, struct str text)
{
	int code;

	sqlite3_reset(statement);
	MUST(sqlite3_bind_text(statement, 1, text.data, (int)text.len,
		 SQLITE_STATIC) == SQLITE_OK);
	code = sqlite3_step(statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		fprintf(stderr, "%s: %s\n", sqlite3_sql(statement),
		    sqlite3_errmsg(db));
	MUST(code == SQLITE_ROW || code == SQLITE_DONE);
	if (code == SQLITE_DONE ||
	    sqlite3_column_type(statement, 0) == SQLITE_NULL)
		return (struct str){NULL, 0};
	return (struct str){(const char *)sqlite3_column_text(statement, 0),
	    (size_t)sqlite3_column_bytes(statement, 0)};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);

	open_once();
	if (size > TEXT_MAX)
		return 0;
	/* What stands behind a number is the text's own. */
	for (size_t i = 0; i < LINES; i++) {
		struct str s = ask(line[i], text);
		MUST(is_clean_line(s) || !is_clean_line(text));
	}
	for (size_t i = 0; i < RULES; i++) {
		struct str s = ask(rule[i], text);
		if (s.data == NULL || str_equal(s, STR("1")))
			continue;
		fprintf(stderr, "%s\n", rules[i]);
		for (size_t j = 0; j < LINES; j++)
			fprintf(stderr, "%s: %.*s\n", lines[j],
			    STR_ARG(ask(line[j], text)));
		abort();
	}
	for (size_t i = 0; i < LINES; i++)
		sqlite3_reset(line[i]);
	for (size_t i = 0; i < RULES; i++)
		sqlite3_reset(rule[i]);
	return 0;
}
