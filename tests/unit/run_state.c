/* SPDX-License-Identifier: ISC */
/*
 * What the parent keeps: the lock of its folder, the list of those who leave,
 * and (for authors) an eye on the files.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/worker/process.h"
#include "run/config/state.h"
#include "run/parent/internal.h"

static char folder[] = "/tmp/guiju-state-XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	state_remove_folder(folder);
	return 0;
}

/* In a child: 0 if the folder could be locked, 1 if it was busy. */
static int
lock_in_child(char *said, size_t size)
{
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct buf why;
		int lock;
		enum err err;

		buf_init(&why, 1024);
		err = state_lock(folder, ROLE_PRIMARY, &lock, &why);
		if (write(ends[1], why.data, why.len) < 0)
			_exit(3);
		buf_release(&why);
		_exit(err == OK ? 0 : err == ERR_BUSY ? 1 : 2);
	}
	close(ends[1]);
	n = read(ends[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_second_server_on_a_folder_is_refused(void **state)
{
	char said[256], want[256];
	struct buf why;
	int lock = -1;

	(void)state;
	buf_init(&why, 1024);
	assert_int_equal(state_lock(folder, ROLE_PRIMARY, &lock, &why), OK);
	assert_int_equal(lock_in_child(said, sizeof(said)), 1);
	assert_true(snprintf(want, sizeof(want),
			"another guiju (process %ld) serves from %s",
			(long)getpid(), folder) > 0);
	assert_string_equal(said, want);
	close(lock);
	/* Whoever dies leaves no lock behind. */
	assert_int_equal(lock_in_child(said, sizeof(said)), 0);
	assert_int_equal(lock_in_child(said, sizeof(said)), 0);
	assert_int_equal(
	    state_lock("/nonexistent", ROLE_PRIMARY, &lock, &why), ERR_IO);
	assert_true(why.len > 0);
	buf_release(&why);
}

static void
a_file_in_place_of_the_folder_is_refused(void **state)
{
	char path[256];
	struct buf why;
	int fd;

	(void)state;
	buf_init(&why, 1024);
	assert_int_equal(state_make_folder(folder, 0750, &why), OK);
	assert_true(snprintf(path, sizeof(path), "%s/file", folder) > 0);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(why.len, 0);
	assert_int_equal(state_make_folder(path, 0750, &why), ERR_IO);
	assert_true(why.len > 0);
	unlink(path);
	buf_release(&why);
}

/* Processes that do not hear SIGTERM. */
static pid_t sleepers[2];

static pid_t
sleeper(size_t i)
{
	int ends[2];
	char byte;

	assert_int_equal(pipe(ends), 0);
	sleepers[i] = fork();
	assert_true(sleepers[i] >= 0);
	if (sleepers[i] == 0) {
		signal(SIGTERM, SIG_IGN);
		if (write(ends[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1); /* it ignores it by now */
	close(ends[0]);
	close(ends[1]);
	return sleepers[i];
}

/* Those of a test that has failed hold the output open. */
static int
end_sleepers(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++)
		if (sleepers[i] > 0 && kill(sleepers[i], SIGKILL) == 0)
			waitpid(sleepers[i], NULL, 0);
	return 0;
}

static void
a_process_that_is_late_is_killed(void **state)
{
	static struct leaving list;
	const pid_t pid = sleeper(0), other = sleeper(1);
	int status;

	(void)state;
	assert_int_equal(leaving_next_ms(&list), INT64_MAX);
	leaving_add(&list, pid, SIGTERM, 1000, 5000);
	leaving_add(&list, other, SIGTERM, 1000, 9000);
	assert_int_equal(leaving_next_ms(&list), 6000);
	leaving_kill_late(&list, 5999);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	leaving_kill_late(&list, 6000);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(leaving_next_ms(&list), 10000);
	leaving_hurry(&list, SIGTERM, 1000, 2000);
	assert_int_equal(leaving_next_ms(&list), 3000);
	assert_true(leaving_ended(&list, pid));
	assert_false(leaving_ended(&list, pid));
	leaving_kill_late(&list, 3000);
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_true(leaving_ended(&list, other));
	assert_int_equal(list.count, 0);
	sleepers[0] = sleepers[1] = 0;
}

static void
touch(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	assert_true(snprintf(path, sizeof(path), "%s/%s", folder, name) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
a_change_of_the_capsule_is_seen_once(void **state)
{
	struct watch watch;
	char pages[256];
	int64_t now = 1000;

	(void)state;
	assert_true(snprintf(pages, sizeof(pages), "%s/pages", folder) > 0);
	assert_int_equal(mkdir(pages, 0700), 0);
	touch("pages/index.gmi", "one");
	watch_begin(&watch, folder, now);
	assert_int_equal(watch.next_ms, now + WATCH_INTERVAL_MS);
	assert_false(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	touch("pages/index.gmi", "other");
	assert_false(watch_poll(&watch, folder, now + 1)); /* not yet */
	assert_false(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	assert_true(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	assert_false(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	/* What is not served: the state folder's files, an editor's own. */
	touch("portal.db", "x");
	touch("pages/.index.gmi.swp", "x");
	for (int i = 0; i < 3; i++)
		assert_false(
		    watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	touch("capsule.ini", "x");
	assert_false(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	assert_true(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	state_remove_folder(pages);
	assert_false(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
	assert_true(watch_poll(&watch, folder, now += WATCH_INTERVAL_MS));
}

static uid_t
owner(const char *name)
{
	char path[256];
	struct stat file;

	assert_true(snprintf(path, sizeof(path), "%s/%s", folder, name) > 0);
	assert_int_equal(stat(path, &file), 0);
	return file.st_uid;
}

/* Root gives the folder away, also by a symbolic link, but no file that has
 * another name elsewhere; then it is root no more. */
static void
root_gives_away_the_folder_and_its_rights(void **state)
{
	char by_link[64], named[256], outside[64];
	struct config config = {.state = by_link};
	char user[] = "nobody";
	struct buf why;
	int status = -1;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	config.user = user;
	snprintf(by_link, sizeof(by_link), "%s.link", folder);
	snprintf(outside, sizeof(outside), "%s.file", folder);
	snprintf(named, sizeof(named), "%s/other-name", folder);
	touch("first", "x");
	assert_int_equal(symlink(folder, by_link), 0);
	assert_int_equal(close(creat(outside, 0600)), 0);
	assert_int_equal(link(outside, named), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		buf_init(&why, 1024);
		_exit(state_become_user(&config, &why) == OK && getuid() != 0 &&
			    geteuid() != 0 && getgid() != 0 && setuid(0) != 0
			? 0
			: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink(by_link);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_not_equal(owner("."), 0);
	assert_int_not_equal(owner("first"), 0);
	assert_int_equal(owner("other-name"), 0);
	unlink(outside);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_second_server_on_a_folder_is_refused),
	    cmocka_unit_test(a_file_in_place_of_the_folder_is_refused),
	    cmocka_unit_test_teardown(
		a_process_that_is_late_is_killed, end_sleepers),
	    cmocka_unit_test(a_change_of_the_capsule_is_seen_once),
	    cmocka_unit_test(root_gives_away_the_folder_and_its_rights),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
