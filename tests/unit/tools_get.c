/* SPDX-License-Identifier: ISC */
/*
 * `guiju get`: the exit status says who has to do something: whoever typed,
 * whoever writes the capsule, or whoever runs the machine.
 */
#include <sys/stat.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "run/config/state.h"
#include "tools/command.h"

static char folder[] = "/tmp/guiju-get-test-XXXXXX";

static const char *
in_folder(const char *name)
{
	static char path[256];
	int n = snprintf(path, sizeof(path), "%s/%s", folder, name);

	assert_true(n > 0 && (size_t)n < sizeof(path));
	return path;
}

static int
set_up(void **state)
{
	FILE *file;

	(void)state;
	if (mkdtemp(folder) == NULL || mkdir(in_folder("schema"), 0700) != 0)
		return -1;
	file = fopen(in_folder("schema/001_test.sql"), "we");
	if (file == NULL || fputs("CREATE TABLE t (x);\n", file) < 0)
		return -1;
	return fclose(file);
}

static int
tear_down(void **state)
{
	(void)state;
	state_remove_folder(in_folder("schema"));
	state_remove_folder(in_folder("pages"));
	state_remove_folder(in_folder("var"));
	(void)rmdir(in_folder("capsule.ini"));
	state_remove_folder(folder);
	return 0;
}

static int
get(const char *capsule)
{
	char name[] = "get", flag[] = "--capsule", state_flag[] = "--state",
	     address[] = "gemini://localhost/none", at[256], var[256];
	char *argv[] = {name, flag, at, state_flag, var, address, NULL};

	assert_true(snprintf(at, sizeof(at), "%s", capsule) > 0);
	assert_true(snprintf(var, sizeof(var), "%s/var", folder) > 0);
	return command_get.run(6, argv);
}

static void
each_failure_has_its_exit_status(void **state)
{
	(void)state;
	assert_int_equal(get("/nonexistent"), STATUS_USAGE);
	/* A capsule without pages. */
	assert_int_equal(get(folder), STATUS_REFUSED);
	/* A refusal is an answer. */
	assert_int_equal(mkdir(in_folder("pages"), 0700), 0);
	assert_int_equal(get(folder), STATUS_OK);
	/* Settings that cannot be read. */
	assert_int_equal(mkdir(in_folder("capsule.ini"), 0700), 0);
	assert_int_equal(get(folder), STATUS_FAILURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_failure_has_its_exit_status),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
