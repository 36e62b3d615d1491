/* SPDX-License-Identifier: ISC */
/* Conditions that are decided without SQLite, held against SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "page/compile/condition.h"

enum { NAMES = 2, ROUNDS = 300 };

/* What a slot may hold. */
static const struct value values[] = {{.type = VALUE_NULL},
    {.type = VALUE_INTEGER, .integer = 0},
    {.type = VALUE_INTEGER, .integer = 1},
    {.type = VALUE_INTEGER, .integer = 2},
    {.type = VALUE_INTEGER, .integer = -1},
    {.type = VALUE_INTEGER, .integer = INT64_MAX},
    {.type = VALUE_INTEGER, .integer = INT64_MIN},
    {.type = VALUE_REAL, .real = 1.5}, {.type = VALUE_REAL, .real = 1.0},
    {.type = VALUE_TEXT, .text = {"", 0}},
    {.type = VALUE_TEXT, .text = {"1", 1}},
    {.type = VALUE_TEXT, .text = {"news", 4}},
    {.type = VALUE_TEXT, .text = {"new", 3}},
    {.type = VALUE_TEXT, .text = {"News", 4}},
    {.type = VALUE_TEXT, .text = {"标准", 6}}};
enum { VALUES = sizeof(values) / sizeof(*values) };

static struct scope *
scope_of_a_and_b(void)
{
	static struct scope scope;

	scope.count = 0;
	assert_int_equal(scope_add(&scope, STR("a"), 0), OK);
	assert_int_equal(scope_add(&scope, STR("b"), 1), OK);
	return &scope;
}

static sqlite3 *
open_nothing(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	return db;
}

/* As % if asks it. */
static bool
sqlite_says(sqlite3 *db, const char *sql, const struct value *slots)
{
	static const char *const names[NAMES] = {":a", ":b"};
	char text[256];
	sqlite3_stmt *stmt;
	bool yes;

	snprintf(
	    text, sizeof(text), "SELECT CASE WHEN (%s) THEN 1 ELSE 0 END", sql);
	assert_int_equal(
	    sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
	for (int i = 0; i < NAMES; i++) {
		int at = sqlite3_bind_parameter_index(stmt, names[i]);
		if (at > 0)
			assert_int_equal(
			    value_bind(stmt, at, &slots[i]), SQLITE_OK);
	}
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	yes = sqlite3_column_int(stmt, 0) != 0;
	sqlite3_finalize(stmt);
	return yes;
}

static size_t asked;

static void
compare_all_values(sqlite3 *db, struct arena *arena, const char *sql)
{
	const struct condition *condition =
	    condition_read(arena, scope_of_a_and_b(), str_from(sql));

	if (condition == NULL)
		fail_msg("not read: %s", sql);
	for (size_t i = 0; i < VALUES * VALUES; i++) {
		const struct value slots[NAMES] = {
		    values[i / VALUES], values[i % VALUES]};
		enum verdict verdict = condition_decide(condition, slots);

		asked += verdict == VERDICT_ASK;
		if (verdict != VERDICT_ASK &&
		    (verdict == VERDICT_YES) != sqlite_says(db, sql, slots))
			fail_msg("%s is wrong with values %zu and %zu", sql,
			    i / VALUES, i % VALUES);
	}
}

static void
conditions_are_what_sqlite_says(void **state)
{
	static const char *const conditions[] = {":a", "NOT :a", ":a IS NULL",
	    ":a IS NOT NULL", "NOT :a IS NULL", ":a = 1", ":a == 1", ":a <> 1",
	    ":a != 1", ":a < 1", ":a <= 1", ":a > 1", ":a >= 1", "1 < :a",
	    ":a = 'news'", ":a <> ''", ":a < 'new'", ":a>:b", ":a=:b",
	    "NOT :a = :b", ":a <> :b AND :a", ":a IS NOT NULL AND :b > 1",
	    "not :a and :b is not null", " :a\n\t= '1' ", "1", "0", "'x' = 'x'",
	    "NOT :a AND NOT :b", ":a = '标准'", ":a = 9223372036854775807"};
	sqlite3 *db = open_nothing();
	struct arena *arena = arena_new(1024 * 1024);

	(void)state;
	asked = 0;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		compare_all_values(db, arena, conditions[i]);
	/* Real numbers, and texts as truths; nothing else. */
	assert_true(asked > 0 && asked < VALUES * VALUES * 30 / 3);
	arena_free(arena);
	sqlite3_close(db);
}

/* A test of random parts. */
static int
add_random_test(char *out, size_t size)
{
	static const char *const operands[] = {
	    ":a", ":b", "0", "1", "2", "''", "'new'", "'news'"};
	static const char *const signs[] = {
	    "=", "==", "<>", "!=", "<", "<=", ">", ">="};
	const char *not = rand() % 4 == 0 ? "NOT " : "";
	const char *left = operands[rand() % 8];

	switch (rand() % 4) {
	case 0:
		return snprintf(out, size, "%s%s", not, left);
	case 1:
		return snprintf(out, size, "%s%s IS %sNULL", not, left,
		    rand() % 2 == 0 ? "NOT " : "");
	default:
		return snprintf(out, size, "%s%s %s %s", not, left,
		    signs[rand() % 8], operands[rand() % 8]);
	}
}

static void
random_conditions_are_what_sqlite_says(void **state)
{
	sqlite3 *db = open_nothing();
	struct arena *arena = arena_new(16 * 1024 * 1024);

	(void)state;
	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		char sql[200];
		int len = add_random_test(sql, sizeof(sql));

		for (int more = rand() % 3; more > 0; more--) {
			len += snprintf(
			    sql + len, sizeof(sql) - (size_t)len, " AND ");
			len += add_random_test(
			    sql + len, sizeof(sql) - (size_t)len);
		}
		compare_all_values(db, arena, sql);
	}
	arena_free(arena);
	sqlite3_close(db);
}

static void
other_conditions_are_left_to_sqlite(void **state)
{
	static const char *const conditions[] = {"", "AND", ":a AND", ":a :b",
	    ":c", ":", ":a IS :b", ":a IS NOT 1", ":a OR :b", "(:a)", ":a = -1",
	    ":a = 1.5", ":a = 'it''s'", ":a = 'x", ":a = 01",
	    ":a BETWEEN 1 AND 2", ":a NOT IN (1, 2)", ":a GLOB 'x*'",
	    ":a = :b COLLATE NOCASE", ":a = 99999999999999999999", ":a = 0x1",
	    ":a - 1", ":a /* scan */", ":a -- b", ":a = :b = 1", ":a < 2 > 1",
	    "NULL", "NOT NOT :a", "EXISTS (SELECT 1)", ":a AND AND :b",
	    ":a IS NOT", "a = 1", ":a = b", "'a' || 'b'", ":a NOTNULL",
	    ":a AND :a AND :a AND :a AND :a AND :a AND :a AND :a AND :a"};
	struct arena *arena = arena_new(1024 * 1024);

	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		if (condition_read(arena, scope_of_a_and_b(),
			str_from(conditions[i])) != NULL)
			fail_msg("read: %s", conditions[i]);
	arena_free(arena);
}

static void
memory_out_reads_no_condition(void **state)
{
	struct arena *arena = arena_new(16);

	(void)state;
	assert_null(condition_read(arena, scope_of_a_and_b(), STR(":a = 1")));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conditions_are_what_sqlite_says),
	    cmocka_unit_test(random_conditions_are_what_sqlite_says),
	    cmocka_unit_test(other_conditions_are_left_to_sqlite),
	    cmocka_unit_test(memory_out_reads_no_condition)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
