/* SPDX-License-Identifier: ISC */
/*
 * `guiju init` writes into no folder that somebody uses. What it writes, and
 * that the capsules serve, is a test over the wire (wire/test_beginnings.py).
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/command.h"

static int
run_init(const char *argument)
{
	char name[] = "init", path[256];
	char *argv[] = {name, path, NULL};

	assert_true(snprintf(path, sizeof(path), "%s", argument) >= 0);
	return command_init.run(2, argv);
}

static void
folder_that_holds_something_is_left_alone(void **state)
{
	char folder[] = "/tmp/guiju-init-XXXXXX", path[64];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(snprintf(path, sizeof(path), "%s/mine", folder) > 0);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(run_init(folder), STATUS_FAILURE);
	/* Nothing else is there: the folder can go. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void
what_is_no_new_folder_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run_init("/dev/null"), STATUS_FAILURE);
	assert_int_equal(run_init("/nonexistent/capsule"), STATUS_FAILURE);
	assert_int_equal(run_init(""), STATUS_USAGE);
	assert_int_equal(run_init("--force"), STATUS_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folder_that_holds_something_is_left_alone),
	    cmocka_unit_test(what_is_no_new_folder_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
