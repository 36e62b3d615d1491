/* SPDX-License-Identifier: ISC */
/*
 * `guiju check`: the capsule may be a stranger's, and what it says of it goes
 * to a terminal.
 */
#include <sys/stat.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "run/config/state.h"
#include "tools/command.h"

static char folder[] = "/tmp/guiju-check-test-XXXXXX";
static char said[8192];

static void
in_folder(char path[256], const char *name)
{
	int n = snprintf(path, 256, "%s/%s", folder, name);

	assert_true(n > 0 && n < 256);
}

static void
put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	in_folder(path, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	static const char *const folders[] = {"pages", "schema"};
	char path[256];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		in_folder(path, folders[i]);
		if (mkdir(path, 0700) != 0)
			return -1;
	}
	put("schema/001_test.sql", "CREATE TABLE t (x);\n");
	return 0;
}

static int
tear_down(void **state)
{
	char path[256];

	(void)state;
	in_folder(path, "pages");
	state_remove_folder(path);
	in_folder(path, "schema");
	state_remove_folder(path);
	state_remove_folder(folder);
	return 0;
}

/* The status; what stood on standard output is in `said`. */
static int
run_check(void)
{
	char name[] = "check", *argv[] = {name, folder, NULL};
	FILE *caught = tmpfile();
	int own, status;
	ssize_t n;

	assert_non_null(caught);
	fflush(stdout);
	own = dup(STDOUT_FILENO);
	assert_true(own >= 0);
	assert_true(dup2(fileno(caught), STDOUT_FILENO) >= 0);
	status = command_check.run(2, argv);
	fflush(stdout);
	assert_true(dup2(own, STDOUT_FILENO) >= 0);
	close(own);
	n = pread(fileno(caught), said, sizeof(said) - 1, 0);
	assert_true(n >= 0);
	said[n] = '\0';
	fclose(caught);
	return status;
}

static void
a_sound_capsule_gives_no_finding(void **state)
{
	(void)state;
	put("pages/index.gmi", "# Home\n");
	assert_int_equal(run_check(), STATUS_OK);
	assert_string_equal(said, "");
}

static void
findings_have_no_controls(void **state)
{
	struct str rest, line;

	(void)state;
	put("pages/index.gmi",
	    "% e\x1b]0;x\a\n{\x1b[2J}\n% fail b\xC2\x9B"
	    "31m x\n");
	assert_int_equal(run_check(), STATUS_FAILURE);
	rest = str_from(said);
	assert_true(rest.len > 0);
	while (str_next_line(&rest, &line)) {
		assert_true(str_starts(line, str_from(folder)));
		assert_true(
		    str_find(line, STR("/pages/index.gmi:")) < line.len);
		assert_int_equal(utf8_clean_len(line), line.len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sound_capsule_gives_no_finding),
	    cmocka_unit_test(findings_have_no_controls),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
