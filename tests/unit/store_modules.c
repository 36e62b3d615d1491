/* SPDX-License-Identifier: ISC */
/*
 * Which modules a capsule may ask for, and that what it may not have is refused
 * with a line that says why. tests/wire/test_extension.py loads a file.
 */
#include "store/modules.h"

#include "store/functions/functions.h"
#include "tests/unit/store_place.h"

static void
refuse(const char *list, const char *reason)
{
	buf_clear(&why);
	assert_int_equal(modules_check(str_from(list), &why), ERR_INPUT);
	buf_char(&why, '\0');
	if (strstr(why.data, reason) == NULL)
		fail_msg("'%s' is refused by '%s'", list, why.data);
	buf_clear(&why);
	assert_int_equal(modules_use(str_from(list), &why), ERR_INPUT);
}

static void
names_are_of_modules_that_are_compiled_in(void **state)
{
	(void)state;
	assert_int_equal(modules_check(STR(""), &why), OK);
	assert_int_equal(modules_check(STR("  "), &why), OK);
	refuse("nothing-of-this-name", "there is no module nothing-of-this-n");
	refuse("x\x1B[1m", "there is no module x");
	assert_null(memchr(why.data, 0x1B, why.len));
	if (function_modules[0] == NULL) {
		refuse("x", "(none was compiled in)");
		return;
	}
	for (size_t i = 0; function_modules[i] != NULL; i++) {
		char near[64];
		const char *name = function_modules[i]->name;

		assert_int_equal(modules_check(str_from(name), &why), OK);
		snprintf(near, sizeof(near), "%sx", name);
		refuse(near, "did you mean ");
		refuse(near, name);
	}
}

static void
names_are_few(void **state)
{
	char list[2 * MODULES_MAX * 70] = "";
	const char *name =
	    function_modules[0] == NULL ? "" : function_modules[0]->name;

	(void)state;
	if (name[0] == '\0')
		return;
	for (int i = 0; i <= MODULES_MAX; i++) {
		size_t n = strlen(list);

		if (i == MODULES_MAX)
			assert_int_equal(
			    modules_check(str_from(list), &why), OK);
		snprintf(list + n, sizeof(list) - n, " %s", name);
	}
	refuse(list, "more than 16");
}

/* Whose tests these are, the folder is not safe: /tmp is everybody's. */
static void
files_are_those_that_only_root_can_change(void **state)
{
	char path[200], long_path[5000];

	(void)state;
	refuse("lib/x.so", "a path must begin with /");
	refuse("./x.so", "a path must begin with /");
	refuse("/nowhere/x.so", "/nowhere/x.so: No such file");
	refuse("/", "is not a regular file");
	refuse("/dev/null", "is not a regular file");
	snprintf(path, sizeof(path), "%s/x.so", dir);
	put(dir, "x.so", "", 0);
	refuse(path, ": others than root can change it (it belongs to ");
	memset(long_path, '/', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	refuse(long_path, "a path is too long");
}

/* A file of root's that is none. */
static void
other_files_are_no_extensions(void **state)
{
	static const char *const names[] = {"/etc/passwd", "/etc/hostname"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		buf_clear(&why);
		if (modules_check(str_from(names[i]), &why) != OK)
			continue; /* a machine that has no such file */
		assert_int_equal(
		    modules_use(str_from(names[i]), &why), ERR_INPUT);
		assert_true(
		    str_find(buf_view(&why), str_from(names[i])) != SIZE_MAX);
	}
}

static int
count_functions(void)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int n;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT count(*) FROM pragma_function_list",
		-1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

/* What is chosen holds for the connections from then on, until the next
 * choice; a wrong choice leaves none. */
static void
each_choice_takes_the_place_of_the_last(void **state)
{
	const int none = count_functions();

	(void)state;
	for (size_t i = 0; function_modules[i] != NULL; i++) {
		const char *name = function_modules[i]->name;
		char wrong[80];

		assert_int_equal(modules_use(str_from(name), &why), OK);
		assert_true(count_functions() > none);
		assert_int_equal(modules_use(STR(""), &why), OK);
		assert_int_equal(count_functions(), none);
		assert_int_equal(modules_use(str_from(name), &why), OK);
		snprintf(wrong, sizeof(wrong), "%s no-such", name);
		assert_int_equal(modules_use(str_from(wrong), &why), ERR_INPUT);
		assert_int_equal(count_functions(), none);
	}
	assert_false(modules_keep(STR("isbn 978-7-111-21382-6")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(names_are_of_modules_that_are_compiled_in),
	    TEST(names_are_few),
	    TEST(files_are_those_that_only_root_can_change),
	    TEST(other_files_are_no_extensions),
	    TEST(each_choice_takes_the_place_of_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
