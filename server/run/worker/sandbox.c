/* SPDX-License-Identifier: ISC */
/*
 * The part of the sandbox that all systems share: limits, which process gets
 * which bounds, the self-test. The size of files is not limited: a database may
 * be as large as its disk.
 */
#include "run/worker/sandbox.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <unistd.h>

#include "base/seccomp.h"
#include "base/log.h"
#include "base/metrics.h"
#include "page/run/sniff.h"
#include "run/worker/internal.h"
#include "run/worker/process.h"
#include "run/config/state.h"
#include "store/nightly/nightly.h"

enum {
	LINE_MAX_BYTES = 512,
	/* Two generations of workers, each worker with a child. */
	PROCESSES_MAX = 4 * CONFIG_WORKERS_MAX,
	DISCARD_PORT = 9 /* RFC 863 */
};

#if !defined(SANDBOX_LINUX) && !defined(SANDBOX_OPENBSD) && \
    !defined(SANDBOX_FREEBSD)
enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	(void)bounds;
	(void)facts;
	return OK;
}
#endif

/* ---- entering ------------------------------------------------------ */

/* Lower a limit to at most `most`, for good: the hard limit too. */
static bool
limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0)
		return false;
	if (now.rlim_cur > most)
		now.rlim_cur = most;
	now.rlim_max = now.rlim_cur;
	return setrlimit(resource, &now) == 0;
}

/* Add a path to a list that has room for most. */
static void
add_path(struct file_path *list, size_t most, size_t *count, struct str path,
    const char *end)
{
	struct file_path *out = &list[*count];

	if (*count < most && path.len > 0 &&
	    path.len + strlen(end) < sizeof(out->text)) {
		snprintf(
		    out->text, sizeof(out->text), "%.*s%s", STR_ARG(path), end);
		++*count;
	}
}

static void
add_read(struct sandbox_bounds *bounds, struct str path, const char *end)
{
	add_path(
	    bounds->read, SANDBOX_READ_MAX, &bounds->read_count, path, end);
}

static void
add_write(struct sandbox_bounds *bounds, struct str path, const char *end)
{
	add_path(
	    bounds->write, SANDBOX_WRITE_MAX, &bounds->write_count, path, end);
}

/* The static folder, the downloads in the state folder, and what pages write:
 * the database, the tallies and the uploads. All that a worker may change lies
 * in single files and in folders of its own, so it can neither replace a
 * download nor remove the lock or a socket. */
static void
add_worker_paths(struct sandbox_bounds *bounds, const struct config *config)
{
	static const char *const written[] = {"/" STATE_DATABASE,
	    "/" STATE_DATABASE "-wal", "/" STATE_DATABASE "-shm",
	    "/" STATE_TALLIES, "/" STATE_UPLOADS};

	add_read(bounds, str_from(config->capsule), "/" CAPSULE_STATIC);
	add_read(bounds, str_from(config->state), "");
	for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++)
		add_write(bounds, str_from(config->state), written[i]);
}

/* The capsule, the folders that links in it may lead to, and libmagic's tables.
 * libmagic looks for a compiled table beside each. */
static void
add_task_reads(struct sandbox_bounds *bounds, const char *capsule)
{
	static const char *const below[] = {"/" CAPSULE_SETTINGS,
	    "/" CAPSULE_WORDS, "/" CAPSULE_PAGES, "/" CAPSULE_FUNCTIONS,
	    "/" CAPSULE_SCHEMA, "/" CAPSULE_CONTENT, "/" CAPSULE_STATIC,
	    "/" CAPSULE_EXPORT, "/" CAPSULE_IMPORT, "/" CAPSULE_NIGHTLY};
	struct str tables = str_from(sniff_tables()), table;

	add_read(bounds, str_from(capsule), "");
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++)
		add_read(bounds, str_from(capsule), below[i]);
	while (str_next_part(&tables, ':', &table)) {
		add_read(bounds, table, "");
		add_read(bounds, table, ".mgc");
	}
}

static enum err
enter(const struct config *config, enum sandbox_who who,
    struct sandbox_facts *facts)
{
	static struct sandbox_bounds bounds; /* large */

	if (config->sandbox == SANDBOX_OFF)
		return OK;
	if (!limit(RLIMIT_CORE, 0))
		return ERR_IO;
	bounds = (struct sandbox_bounds){.who = who};
	if (who == SANDBOX_TASK) {
		add_write(&bounds, str_from(config->state), "");
		add_task_reads(&bounds, config->capsule);
	}
	if (who == SANDBOX_WORKER)
		add_worker_paths(&bounds, config);
	return sandbox_enter(&bounds, facts);
}

/* Log a sandbox that could not be entered. It is an error with `require`; with
 * `auto` the process goes on without it. */
static enum err
settle(enum sandbox_mode mode, const char *who, enum err err)
{
	if (err == OK)
		return OK;
	log_error("run: sandbox: a %s cannot enter it: %s%s", who,
	    strerror(errno),
	    mode == SANDBOX_REQUIRE ? "" : "; it goes on without");
	return mode == SANDBOX_REQUIRE ? err : OK;
}

enum err
sandbox_logger(enum sandbox_mode mode)
{
	static const struct sandbox_bounds bounds = {.who = SANDBOX_LOGGER};
	struct sandbox_facts facts = {.mechanism = ""};

	return mode == SANDBOX_OFF
	    ? OK
	    : settle(mode, "logger", sandbox_enter(&bounds, &facts));
}

enum err
sandbox_parent(const struct config *config)
{
	struct sandbox_facts facts = {.mechanism = ""};

	return settle(
	    config->sandbox, "parent", enter(config, SANDBOX_PARENT, &facts));
}

enum err
sandbox_task(const struct config *config)
{
	struct sandbox_facts facts = {.mechanism = ""};

	return settle(
	    config->sandbox, "task", enter(config, SANDBOX_TASK, &facts));
}

/* Does this process run as the configured user, which is not root? Then the
 * user is taken to have no other processes. */
static bool
is_own_user(const struct config *config)
{
	const struct passwd *user =
	    config->user[0] == '\0' ? NULL : getpwnam(config->user);

	return user != NULL && user->pw_uid != 0 && user->pw_uid == geteuid();
}

#ifdef RLIMIT_NPROC
/* The processes and threads that the user of this process has now. A process
 * that no debugger may attach to, like ours, shows as root's. 0: unknown. */
static rlim_t
count_processes(void)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;
	char path[64];
	struct stat st;
	rlim_t count = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%.16s/task", entry->d_name);
		/* The links of that folder are one per thread and two more. */
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    stat(path, &st) == 0 && st.st_uid == geteuid() &&
		    st.st_nlink > 2)
			count += st.st_nlink - 2;
	}
	if (folder != NULL)
		closedir(folder);
	return count;
}

/* Limit the processes of the user. The kernel does not limit root's. Another
 * user than the configured one may have processes of its own, which count. */
static bool
limit_processes(const struct config *config, struct sandbox_facts *facts)
{
	struct rlimit now;
	rlim_t others = 0;

	if (geteuid() == 0)
		return true;
	if (!is_own_user(config)) {
		others = count_processes();
		if (others == 0)
			return true;
		others += 3 * PROCESSES_MAX;
	}
	if (!limit(RLIMIT_NPROC, others + PROCESSES_MAX) ||
	    getrlimit(RLIMIT_NPROC, &now) != 0)
		return false;
	facts->processes = (unsigned)now.rlim_cur;
	return true;
}
#endif

/* Enter the whole sandbox of a worker. ERR_IO: a part of it failed. */
static enum err
enter_as_worker(const struct config *config, struct sandbox_facts *facts)
{
	struct rlimit files;
	enum err err;

	*facts = (struct sandbox_facts){.mechanism = ""};
	if (config->sandbox == SANDBOX_OFF)
		return OK;
	if (!limit(RLIMIT_NOFILE, RLIM_INFINITY))
		return ERR_IO;
#ifdef RLIMIT_NPROC
	if (!limit_processes(config, facts))
		return ERR_IO;
#endif
	err = enter(config, SANDBOX_WORKER, facts);
	if (err == OK && getrlimit(RLIMIT_NOFILE, &files) == 0)
		facts->files = (unsigned)files.rlim_cur;
	return err;
}

enum err
sandbox_worker(const struct config *config, struct sandbox_facts *facts)
{
	return settle(
	    config->sandbox, "worker", enter_as_worker(config, facts));
}

void
sandbox_report(void)
{
	seccomp_report();
}

/* ---- the self-test ------------------------------------------------- */

/* What must fail. Each is a bit of the child's exit status. */
static const char *const attempts[] = {"read /etc/passwd", "read the keys",
    "write to the capsule", "write outside its state folder",
    "replace a download", "connect elsewhere", "run a program"};
enum { READS, KEYS, CAPSULE, WRITES, DOWNLOADS, CONNECTS, RUNS, ATTEMPTS };

_Static_assert(sizeof(attempts) / sizeof(attempts[0]) == ATTEMPTS,
    "each attempt has its words");

/* The child's exit status: TESTED and the bits of what succeeded, or NOT_TESTED
 * if it could not begin; a status has 8 bits. If the program ran, the status is
 * that program's: 0, without TESTED. */
enum { TESTED = 1 << ATTEMPTS, NOT_TESTED = 1 };

_Static_assert(TESTED <= 128, "a status has 8 bits");

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
writes_capsule(const struct config *config)
{
	struct file_path path;
	bool opened = false;

	if (file_path_join(&path, config->capsule, CAPSULE_SETTINGS) == OK)
		opened = opens(path.text, O_WRONLY);
	return opened;
}

/* Make and remove a file in a folder. below: "", or a folder in it with its
 * slash. */
static bool
writes_in(const char *folder, const char *below)
{
	char name[64];
	struct file_path path;
	bool made = false;

	snprintf(
	    name, sizeof(name), "%sguiju-sandbox.%ld", below, (long)getpid());
	if (file_path_join(&path, folder, name) == OK)
		made =
		    opens(path.text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (made)
		unlink(path.text);
	return made;
}

/* Only EPERM and EACCES come from the sandbox. With any other error, such as a
 * refused connection, the sandbox has let the call through. */
static bool
connects(void)
{
	const struct sockaddr_in there = {.sin_family = AF_INET,
	    .sin_port = htons(DISCARD_PORT),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool went = false;

	if (fd >= 0) {
		went = connect(fd, (const struct sockaddr *)&there,
			   sizeof(there)) == 0 ||
		    (errno != EPERM && errno != EACCES);
		close(fd);
	}
	return went;
}

/* In the child: try everything, and exit with the bits of what succeeded. */
static void
try_all(const struct config *config, enum sandbox_who who, int facts_pipe)
{
	static char program[] = "true";
	static char *arguments[] = {program, NULL};
	static char *environment[] = {NULL};
	struct sandbox_facts facts = {.mechanism = ""};
	int found = TESTED;

	if ((who == SANDBOX_WORKER ? enter_as_worker(config, &facts)
				   : enter(config, who, &facts)) != OK ||
	    write(facts_pipe, &facts, sizeof(facts)) != sizeof(facts))
		_exit(NOT_TESTED);
	found |= opens("/etc/passwd", O_RDONLY) << READS;
	found |= opens(config->certs, O_RDONLY | O_DIRECTORY) << KEYS;
	found |= writes_capsule(config) << CAPSULE;
	found |= writes_in("/tmp", "") << WRITES;
	if (who == SANDBOX_WORKER)
		found |= (writes_in(config->state, "") ||
			     writes_in(config->state, NIGHTLY_PUBLIC "/"))
		    << DOWNLOADS;
	found |= connects() << CONNECTS;
	/* The program would replace these bits by its own exit status. */
	if (found == TESTED)
		execve("/bin/true", arguments, environment);
	_exit(found);
}

/* Fork the child and wait for it. ERR_IO: the tests were not made. */
static enum err
test_in_child(const struct config *config, enum sandbox_who who,
    struct sandbox_facts *facts, int *found)
{
	int ends[2], status = 0;
	ssize_t n;
	pid_t pid;

	if (process_pipe(ends) != OK)
		return ERR_IO;
	pid = process_fork(NULL, 0);
	if (pid == 0)
		try_all(config, who, ends[1]);
	close(ends[1]);
	n = pid < 0 ? -1 : read(ends[0], facts, sizeof(*facts));
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR_IO;
	if (n != sizeof(*facts) || !WIFEXITED(status))
		return ERR_IO;
	*found =
	    WEXITSTATUS(status) == 0 ? TESTED | 1 << RUNS : WEXITSTATUS(status);
	if ((*found & TESTED) != 0)
		return OK;
	*found = 0;
	return ERR_IO;
}

static void
add_found(struct buf *line, const char *who, int found)
{
	bool first = true;

	if (found == 0)
		buf_text(line, "the sandbox could not be entered");
	for (int i = 0; i < ATTEMPTS; i++) {
		if ((found & 1 << i) == 0)
			continue;
		if (first)
			buf_printf(line, "a %s can ", who);
		else
			buf_text(line, ", ");
		buf_text(line, attempts[i]);
		first = false;
	}
}

void
sandbox_describe(struct buf *out, const struct sandbox_facts *facts)
{
	if (facts->mechanism[0] != '\0')
		buf_printf(out, "%s, ", facts->mechanism);
	if (facts->calls > 0)
		buf_printf(out, "seccomp %u calls, ", facts->calls);
	else
		buf_text(out, "no filter of system calls, ");
	buf_printf(out, "limits: no core, %u files", facts->files);
	if (facts->processes > 0)
		buf_printf(out, ", %u processes", facts->processes);
}

/* The line that a start logs: "user guiju, landlock 6, ...". */
static void
add_line(struct buf *line, const struct config *config,
    const struct sandbox_facts *facts)
{
	buf_text(line, "run: sandbox: ");
	if (geteuid() == 0)
		buf_text(line, "still root, ");
	else if (is_own_user(config))
		buf_printf(line, "user %s, ", config->user);
	else
		buf_text(line, "the user that started it, ");
	sandbox_describe(line, facts);
}

/* Keep the line for `guiju status`, without its prefix "run: sandbox: ". */
static void
record(struct str line, bool passed)
{
	const struct str who = STR("run: sandbox: ");
	char text[METRICS_TEXT_SIZE];

	if (str_starts(line, who))
		line = str_slice(line, who.len, line.len);
	snprintf(text, sizeof(text), "%.*s%s", STR_ARG(line),
	    passed ? "; self-test passed" : "");
	metrics_set_text(TEXT_SANDBOX, str_from(text));
}

enum status
sandbox_test(const struct config *config)
{
	const bool required = config->sandbox == SANDBOX_REQUIRE;
	struct sandbox_facts facts = {.mechanism = ""}, of_task;
	struct buf line;
	int found = 0, found_of_task = 0;
	bool passed_worker, passed_task, passed;

	if (config->sandbox == SANDBOX_OFF) {
		metrics_set_text(TEXT_SANDBOX, STR("off"));
		log_warn("run: sandbox: off");
		return STATUS_OK;
	}
	buf_init(&line, LINE_MAX_BYTES);
	passed_worker =
	    test_in_child(config, SANDBOX_WORKER, &facts, &found) == OK &&
	    found == TESTED;
	passed_task = test_in_child(config, SANDBOX_TASK, &of_task,
			  &found_of_task) == OK &&
	    found_of_task == TESTED;
	passed = passed_worker && passed_task;
	add_line(&line, config, &facts);
	if (passed) {
		log_info("%.*s; self-test passed", STR_ARG(buf_view(&line)));
	} else {
		buf_text(&line, "; SELF-TEST FAILED: ");
		if (!passed_worker)
			add_found(&line, "worker", found);
		if (!passed_worker && !passed_task)
			buf_text(&line, "; ");
		if (!passed_task)
			add_found(&line, "task", found_of_task);
		log_error("%.*s%s", STR_ARG(buf_view(&line)),
		    required ? "" : "; serving with what there is");
	}
	record(buf_view(&line), passed);
	buf_release(&line);
	if (passed || !required)
		return STATUS_OK;
	complain("the sandbox is required, and its self-test failed: see the "
		 "log");
	return STATUS_REFUSED;
}
