/* SPDX-License-Identifier: ISC */
/*
 * `guiju init`: what it writes is whole, and it writes into no folder that
 * somebody uses. That the capsule serves is a test over the wire.
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
#include "tools/command.h"
#include "tools/init/files.h"

static char folder[] = "/tmp/guiju-init-XXXXXX";

static int
run_init(const char *argument)
{
	char name[] = "init", path[256];
	char *argv[] = {name, path, NULL};

	assert_true(snprintf(path, sizeof(path), "%s", argument) >= 0);
	return command_init.run(2, argv);
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	static const char *const folders[] = {"pages/note", "pages/write",
	    "pages", "schema", "content", "static", ""};
	char path[512];

	(void)state;
	for (size_t i = 0; i < init_file_count; i++) {
		snprintf(
		    path, sizeof(path), "%s/%s", folder, init_files[i].path);
		unlink(path);
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, folders[i]);
		rmdir(path);
	}
	return 0;
}

static void
test_texts(void **state)
{
	(void)state;
	assert_true(init_file_count > 5);
	for (size_t i = 0; i < init_file_count; i++) {
		struct str text = str_from(init_files[i].text);

		assert_true(text.len > 0 && text.len <= 4095);
		assert_true(utf8_valid(text));
		assert_true(str_ends(text, STR("\n")));
		assert_int_equal(
		    str_find(str_from(init_files[i].path), STR("..")),
		    SIZE_MAX);
		assert_int_not_equal(init_files[i].path[0], '/');
	}
}

static void
assert_file(const struct init_file *file)
{
	char path[512], text[8192];
	FILE *stream;
	size_t n;

	assert_true(
	    snprintf(path, sizeof(path), "%s/%s", folder, file->path) > 0);
	stream = fopen(path, "r");
	if (stream == NULL)
		fail_msg("%s was not written", path);
	n = fread(text, 1, sizeof(text) - 1, stream);
	text[n] = '\0';
	fclose(stream);
	assert_string_equal(text, file->text);
}

static void
test_writes_all_once(void **state)
{
	char path[512];
	int fd;

	(void)state;
	assert_int_equal(run_init(folder), STATUS_OK); /* empty: fine */
	for (size_t i = 0; i < init_file_count; i++)
		assert_file(&init_files[i]);
	assert_true(snprintf(path, sizeof(path), "%s/%s", folder,
			init_files[0].path) > 0);
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(run_init(folder), STATUS_FAILURE);
	fd = open(path, O_RDONLY);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0); /* still ours */
	close(fd);
}

static void
test_refuses(void **state)
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
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_writes_all_once),
	    cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
