/* SPDX-License-Identifier: ISC */
/*
 * A folder of its own for each test of the store, with a schema/ in it, and
 * the few moves that all of them make. Included once by each test file.
 */
#ifndef GUIJU_TESTS_UNIT_STORE_PLACE_H
#define GUIJU_TESTS_UNIT_STORE_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

static char dir[64], database[128], schema[128];
static struct buf why;

static inline int
place_setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-store-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(database, sizeof(database), "%s/portal.db", dir);
	snprintf(schema, sizeof(schema), "%s/schema", dir);
	buf_init(&why, 4096);
	return mkdir(schema, 0700);
}

static inline int
place_teardown(void **state)
{
	int status = -1;
	pid_t child;

	(void)state;
	buf_release(&why);
	child = fork();
	if (child == 0) {
		execl("/bin/rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

static inline void
put(const char *folder, const char *name, const void *text, size_t len)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static inline void
script(const char *name, const char *sql)
{
	put(schema, name, sql, strlen(sql));
}

static inline void
assert_why(const char *part)
{
	struct str line = buf_view(&why);

	if (str_find(line, str_from(part)) == SIZE_MAX)
		fail_msg("'%.*s' lacks '%s'", STR_ARG(line), part);
	assert_int_equal(str_find_byte(line, '\n'), SIZE_MAX);
}

/* The first column of the first row, or -1 on any failure. */
static inline int64_t
ask_on(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

/* The same by a plain connection, as another program would make it. */
static inline int64_t
ask(const char *sql)
{
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	n = ask_on(db, sql);
	sqlite3_close(db);
	return n;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)

#endif
