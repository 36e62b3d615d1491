/* SPDX-License-Identifier: ISC */
/*
 * What is left to a process in its sandbox, and what is not. Each case runs in
 * a child of its own, for nobody comes out again. Where this machine has
 * neither Landlock nor seccomp, the self-test must say so.
 */
#define _GNU_SOURCE /* for syscall() */

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/seccomp.h"
#include "base/log.h"
#include "run/worker/sandbox.h"

static char folder[] = "/tmp/guiju-sandbox-XXXXXX";
static char capsule[64], state_dir[64], files[64], certs[64];
static char tallies[64], downloads[64];
static struct config config;

static void
write_file(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "text\n", 5), 5);
	close(fd);
}

static int
set_up(void **state)
{
	static char nobody[] = "";

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(capsule, sizeof(capsule), "%s/capsule", folder);
	snprintf(state_dir, sizeof(state_dir), "%s/var", folder);
	snprintf(files, sizeof(files), "%s/capsule/static", folder);
	snprintf(tallies, sizeof(tallies), "%s/var/tally", folder);
	snprintf(downloads, sizeof(downloads), "%s/var/public", folder);
	snprintf(certs, sizeof(certs), "%s/certs", folder);
	if (mkdir(capsule, 0755) != 0 || mkdir(state_dir, 0755) != 0 ||
	    mkdir(files, 0755) != 0 || mkdir(certs, 0755) != 0)
		return -1;
	write_file("certs/localhost.key.pem");
	write_file("capsule/capsule.ini");
	write_file("capsule/static/file");
	if (mkdir(tallies, 0755) != 0 || mkdir(downloads, 0755) != 0)
		return -1;
	write_file("var/lock");
	write_file("var/portal.db");
	write_file("var/portal.db-wal");
	write_file("var/public/list.gmi");
	write_file("var/tally/old");
	config.capsule = capsule;
	config.state = state_dir;
	config.certs = certs;
	config.user = nobody;
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const left[] = {"capsule/static/file",
	    "capsule/capsule.ini", "var/new", "var/lock", "var/portal.db",
	    "var/portal.db-wal", "var/public/list.gmi", "var/tally/old",
	    "certs/localhost.key.pem"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, left[i]);
		unlink(path);
	}
	return rmdir(tallies) != 0 || rmdir(downloads) != 0 ||
	    rmdir(files) != 0 || rmdir(capsule) != 0 || rmdir(certs) != 0 ||
	    rmdir(state_dir) != 0 || rmdir(folder) != 0;
}

/* Open below the test's folder, or a whole path. */
static bool
opens(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s%s%s", name[0] == '/' ? "" : folder,
	    name[0] == '/' ? "" : "/", name);
	fd = open(path, flags, 0644);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Run it in a child; the line of the first thing that was not so, or 0. */
static int
in_child(int (*test)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(test());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Its line as far as an exit status has room, and not 0 or 100. */
#define WANT(condition)                              \
	do {                                         \
		if (!(condition))                    \
			return __LINE__ % 100 + 101; \
	} while (0)

static bool
has_landlock(void)
{
	return syscall(444, NULL, 0, 1) >= 1;
}

static bool
connects(void)
{
	const struct sockaddr_in there = {.sin_family = AF_INET,
	    .sin_port = htons(9),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd >= 0 &&
	    (connect(fd, (const struct sockaddr *)&there, sizeof(there)) == 0 ||
		(errno != EACCES && errno != EPERM));
}

static bool
runs_a_program(void)
{
	static char name[] = "true";
	static char *arguments[] = {name, NULL};

	execve("/bin/true", arguments, &arguments[1]);
	return false; /* had it been run, the child's status would be 0 */
}

/* ---- a worker ------------------------------------------------------ */

static int
use_what_a_worker_needs(void)
{
	struct sandbox_facts facts;
	char from[96], to[96];

	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(opens("capsule/static/file", O_RDONLY));
	WANT(opens("var/portal.db", O_RDWR));
	WANT(opens("var/portal.db-wal", O_RDWR | O_TRUNC));
	WANT(opens("var/public/list.gmi", O_RDONLY));
	WANT(opens("var/tally/old", O_RDWR));
	WANT(opens("var/tally/new", O_RDWR | O_CREAT));
	WANT(opens("var/tally/new", O_RDWR | O_TRUNC));
	WANT(opens("/dev/urandom", O_RDONLY));
	snprintf(from, sizeof(from), "%s/var/tally/new", folder);
	snprintf(to, sizeof(to), "%s/var/tally/other", folder);
	WANT(link(from, to) == 0);
	WANT(unlink(from) == 0);
	WANT(rename(to, from) == 0);
	WANT(unlink(from) == 0);
	return 0;
}

/* What lies in the state folder beside the database and the tallies. */
static int
change_what_is_not_of_a_worker(void)
{
	static const char *const names[] = {
	    "lock", "portal.db", "portal.db-wal", "public/list.gmi"};
	struct sandbox_facts facts;
	char path[96], mine[96];

	WANT(sandbox_worker(&config, &facts) == OK);
	snprintf(mine, sizeof(mine), "%s/var/tally/old", folder);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/var/%s", folder, names[i]);
		WANT(unlink(path) != 0);
		WANT(rename(mine, path) != 0);
		WANT(rename(path, mine) != 0);
	}
	WANT(!opens("var/lock", O_WRONLY));
	WANT(!opens("var/lock", O_RDONLY | O_TRUNC));
	WANT(!opens("var/public/list.gmi", O_WRONLY));
	WANT(!opens("var/public/new", O_WRONLY | O_CREAT));
	WANT(!opens("var/checked", O_WRONLY | O_CREAT));
	snprintf(path, sizeof(path), "%s/var/nightly", folder);
	WANT(link(mine, path) != 0);
	WANT(rename(tallies, path) != 0);
	return 0;
}

static int
use_what_a_worker_must_not(void)
{
	struct sandbox_facts facts;
	char path[96];

	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(!opens("/etc/passwd", O_RDONLY));
	WANT(!opens("/", O_RDONLY | O_DIRECTORY));
	WANT(!opens("/tmp", O_RDONLY | O_DIRECTORY));
	WANT(!opens("certs", O_RDONLY | O_DIRECTORY));
	WANT(!opens("certs/localhost.key.pem", O_RDONLY));
	WANT(!opens("certs/localhost.key.pem", O_WRONLY));
	WANT(!opens("certs/new", O_WRONLY | O_CREAT));
	WANT(!opens("capsule/capsule.ini", O_RDONLY));
	WANT(!opens("capsule/capsule.ini", O_WRONLY));
	WANT(!opens("capsule/static/file", O_WRONLY));
	WANT(!opens("capsule/static/new", O_WRONLY | O_CREAT));
	WANT(!opens("new", O_WRONLY | O_CREAT));
	snprintf(path, sizeof(path), "%s/capsule/static/file", folder);
	WANT(unlink(path) != 0);
	snprintf(path, sizeof(path), "%s/var/folder", folder);
	WANT(mkdir(path, 0755) != 0);
	WANT(symlink("/etc", path) != 0);
	WANT(!connects());
	runs_a_program();
	return 100; /* and with a status that no program gives */
}

static void
a_worker_reaches_only_what_it_needs(void **state)
{
	(void)state;
	assert_int_equal(in_child(use_what_a_worker_needs), 0);
	if (!has_landlock())
		return;
	assert_int_equal(in_child(use_what_a_worker_must_not), 100);
	assert_int_equal(in_child(change_what_is_not_of_a_worker), 0);
}

#ifdef RLIMIT_NPROC
/* A user of the system's own, without `user`: its other processes count. */
static int
be_another_user(void)
{
	struct sandbox_facts facts;
	struct rlimit limit;

	if (geteuid() == 0)
		WANT(setuid(65534) == 0);
	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(getrlimit(RLIMIT_NPROC, &limit) == 0);
	WANT(facts.processes >= 4 * 4 * CONFIG_WORKERS_MAX);
	WANT(limit.rlim_cur == facts.processes);
	WANT(limit.rlim_max == facts.processes);
	return 0;
}

static void
the_processes_of_any_user_are_limited(void **state)
{
	(void)state;
	if (access("/proc/self/task", F_OK) == 0)
		assert_int_equal(in_child(be_another_user), 0);
}
#endif

#if defined(HAVE_SECCOMP)
static int
signal_another(void)
{
	struct sandbox_facts facts;

	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(syscall(SYS_tgkill, getpid(), getpid(), 0) == 0);
	WANT(
	    syscall(SYS_tgkill, getppid(), getppid(), 0) < 0 && errno == EPERM);
	WANT(kill(getppid(), 0) < 0 && errno == EPERM);
	return 0;
}

/* As root, which could else signal anybody. */
static int
keep_a_capability(void)
{
	WANT(sandbox_task(&config) == OK);
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		WANT(geteuid() != 0 || prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 0);
	WANT(geteuid() != 0 || chroot("/") < 0);
	return 0;
}

static void
no_process_has_power_over_others(void **state)
{
	(void)state;
	assert_int_equal(in_child(signal_another), 0);
	assert_int_equal(in_child(keep_a_capability), 0);
}

static int
make_calls_that_are_not_listed(void)
{
	struct sandbox_facts facts;

	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(facts.calls > 50);
	WANT(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2);
	WANT(socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM);
	WANT(socket(AF_INET, SOCK_DGRAM, 0) < 0 && errno == EPERM);
	WANT(mkdir("/tmp", 0755) < 0 && errno == EPERM);
	WANT(chmod("/tmp", 0755) < 0 && errno == EPERM);
	WANT(setuid(geteuid()) < 0 && errno == EPERM);
	WANT(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	return 0;
}

/* A refused call is told once, by its name. */
static int
leave_a_trace(void)
{
	char said[512];
	int ends[2];
	ssize_t n;

	WANT(pipe(ends) == 0 && dup2(ends[1], 2) == 2);
	WANT(make_calls_that_are_not_listed() == 0);
	sandbox_report();
	n = read(ends[0], said, sizeof(said) - 1);
	WANT(n > 0);
	said[n] = '\0';
	WANT(strstr(said, "refused the system call") != NULL);
	WANT(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	while (read(ends[0], said, sizeof(said)) > 0)
		;
	sandbox_report();
	WANT(read(ends[0], said, sizeof(said)) < 0 && errno == EAGAIN);
	return 0;
}

static int
end_by_a_call(void)
{
	static const struct seccomp_call few[] = {{"exit_group", CALL_ALWAYS}};

	if (seccomp_allow_only(few, 1, SECCOMP_KILL, NULL) != OK)
		return 1;
	getppid();
	return 2;
}

static void
calls_that_are_not_listed_are_refused(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(in_child(make_calls_that_are_not_listed), 0);
	assert_int_equal(in_child(leave_a_trace), 0);
	pid = fork();
	if (pid == 0)
		_exit(end_by_a_call());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}
#endif

/* ---- the others ---------------------------------------------------- */

static int
use_what_a_task_must_not(void)
{
	char path[96];

	WANT(sandbox_task(&config) == OK);
	WANT(opens("capsule/capsule.ini", O_RDONLY));
	WANT(opens("capsule/static/file", O_RDONLY));
	WANT(!opens("/etc/passwd", O_RDONLY));
	WANT(!opens("certs/localhost.key.pem", O_RDONLY));
	WANT(!connects());
	snprintf(path, sizeof(path), "%s/var/folder", folder);
	WANT(mkdir(path, 0755) == 0 && rmdir(path) == 0);
	WANT(opens("var/new", O_WRONLY | O_CREAT));
	WANT(!opens("capsule/capsule.ini", O_WRONLY));
	WANT(!opens("new", O_WRONLY | O_CREAT));
	runs_a_program();
	return 100;
}

static int
use_what_a_parent_must_not(void)
{
	WANT(sandbox_parent(&config) == OK);
	WANT(opens("capsule/capsule.ini", O_WRONLY));
	WANT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	WANT(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
	runs_a_program();
	return 100;
}

static int
use_what_a_logger_must_not(void)
{
	WANT(sandbox_logger(SANDBOX_REQUIRE) == OK);
	WANT(!opens("capsule/static/file", O_RDONLY));
	WANT(!opens("var/lock", O_RDONLY));
	WANT(!opens("var/new", O_WRONLY | O_CREAT));
	WANT(!connects());
	runs_a_program();
	return 100;
}

static void
task_logger_and_parent_are_in_sandboxes(void **state)
{
	(void)state;
	if (!has_landlock())
		return;
	assert_int_equal(in_child(use_what_a_task_must_not), 100);
	assert_int_equal(in_child(use_what_a_logger_must_not), 100);
	assert_int_equal(in_child(use_what_a_parent_must_not), 100);
}

/* ---- the self-test ------------------------------------------------- */

static void
the_self_test_tells_a_missing_sandbox(void **state)
{
	struct config open_to_all = config;

	(void)state;
	config.sandbox = SANDBOX_REQUIRE;
	assert_int_equal(
	    sandbox_test(&config), has_landlock() ? STATUS_OK : STATUS_REFUSED);
	config.sandbox = SANDBOX_AUTO;
	assert_int_equal(sandbox_test(&config), STATUS_OK);
	/* A capsule inside of the state folder can be written: told. */
	open_to_all.state = capsule;
	open_to_all.sandbox = SANDBOX_REQUIRE;
	assert_int_equal(sandbox_test(&open_to_all), STATUS_REFUSED);
	open_to_all.sandbox = SANDBOX_AUTO;
	assert_int_equal(sandbox_test(&open_to_all), STATUS_OK);
}

static int
do_as_before(void)
{
	struct sandbox_facts facts;

	config.sandbox = SANDBOX_OFF;
	WANT(sandbox_worker(&config, &facts) == OK);
	WANT(opens("/etc/passwd", O_RDONLY));
	WANT(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0);
	return 0;
}

static void
without_a_sandbox_all_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(in_child(do_as_before), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_worker_reaches_only_what_it_needs),
#ifdef RLIMIT_NPROC
	    cmocka_unit_test(the_processes_of_any_user_are_limited),
#endif
#ifdef HAVE_SECCOMP
	    cmocka_unit_test(no_process_has_power_over_others),
	    cmocka_unit_test(calls_that_are_not_listed_are_refused),
#endif
	    cmocka_unit_test(task_logger_and_parent_are_in_sandboxes),
	    cmocka_unit_test(the_self_test_tells_a_missing_sandbox),
	    cmocka_unit_test(without_a_sandbox_all_is_allowed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
