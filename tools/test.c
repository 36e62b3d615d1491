/* SPDX-License-Identifier: ISC */
/*
 * `guiju test` asks a capsule for pages and compares them with expected files.
 * A suite is a folder with a file `requests`. Each suite runs in a process of
 * its own, on a database of its own, as many at once as there are processors.
 * Suites that begin alike share the making of that database.
 */
#include "tools/command.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/file_path.h"
#include "base/log.h"
#include "run/config/state.h"
#include "tools/test/internal.h"

enum { SUITES_MAX = 256, JOBS_MAX = 16 };

static int run_test(int argc, char **argv);

struct test_options {
	bool update;
};

static const struct setting rows[] = {
    {"update", .help = "write the expected files anew", .type = SETTING_SWITCH,
	FIELD_OF(struct test_options, update)},
    {.name = NULL}};

const struct command command_test = {
    .name = "test",
    .summary = "compare pages with the files that say what is expected",
    .operands = "DIR [NAME]...",
    .about =
	"DIR is a suite, a folder with the file `requests`; a folder of "
	"suites; or a capsule, whose folder tests/ is one of these. Ask each "
	"suite's requests in their order, on a new database that is then "
	"removed, and compare each answer with the file NAME.PROTOCOL beside "
	"`requests`. Of a suite, only the named requests can be compared. "
	"The form of `requests` stands in guiju(1).\n",
    .options = rows,
    .end =
	"Exit status: 0 all is as expected; 1 something is not, or a disk "
	"or memory failed; 2 usage; 78 a `requests`, a capsule or what fills "
	"a database is refused.\n",
    .run = run_test,
};

struct job {
	struct suite *suite;
	struct arena *arena; /* of the suite; owned */
	char *folder;
	size_t base;    /* the first job whose suite begins alike */
	bool base_made; /* of the first: that database is there */
	pid_t child;    /* 0: not running */
	bool ended;
	FILE *report; /* what the child prints */
	int status;   /* of the child, or of the making of its database */
};

struct work {
	struct job job[SUITES_MAX];
	size_t count;
	struct test_options options;
	char **only; /* names; count 0: all */
	int only_count;
	struct tally_of_pages *tally; /* by job; shared with the children */
	char folder[PATH_MAX_BYTES];  /* of all databases; empty: none yet */
};

static volatile sig_atomic_t stopped_by;

static void
note_signal(int signal)
{
	stopped_by = signal;
}

static void
catch_signals(void (*handler)(int))
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = handler};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

/* ---- finding suites ---------------------------------------------------- */

static bool
holds(const char *folder, const char *name)
{
	struct file_path path;

	return file_path_join(&path, folder, name) == OK &&
	    access(path.text, F_OK) == 0;
}

static int
add_suite(struct work *work, const char *folder)
{
	struct job *job = &work->job[work->count];

	if (work->count == SUITES_MAX) {
		complain("%s: too many suites", folder);
		return STATUS_REFUSED;
	}
	work->count++;
	job->folder = strdup(folder);
	job->arena = arena_new(TEST_ARENA_MAX);
	if (job->folder == NULL || job->arena == NULL) {
		complain("out of memory");
		return STATUS_FAILURE;
	}
	return suite_read(job->arena, job->folder, &job->suite);
}

/* Add the suites in a folder, in the order of their names. */
static int
add_suites_in(struct work *work, const char *folder)
{
	struct dirent **entry = NULL;
	struct file_path path;
	const int n = scandir(folder, &entry, NULL, alphasort);
	int status = STATUS_OK;

	if (n < 0) {
		complain("cannot open %s: %s", folder, strerror(errno));
		return STATUS_USAGE;
	}
	for (int i = 0; i < n; i++) {
		if (status == STATUS_OK && entry[i]->d_name[0] != '.' &&
		    file_path_join(&path, folder, entry[i]->d_name) == OK &&
		    holds(path.text, SUITE_FILE))
			status = add_suite(work, path.text);
		free(entry[i]);
	}
	free(entry);
	return status;
}

static int
find_suites(struct work *work, const char *folder)
{
	struct file_path tests;
	const char *among = folder;
	int status;

	if (!holds(folder, SUITE_FILE) && holds(folder, SUITE_FOLDER) &&
	    file_path_join(&tests, folder, SUITE_FOLDER) == OK)
		among = tests.text;
	if (holds(among, SUITE_FILE))
		return add_suite(work, among);
	status = add_suites_in(work, among);
	if (status == STATUS_OK && work->count == 0) {
		complain("%s: there is no suite: no file `" SUITE_FILE
			 "` in it, in its " SUITE_FOLDER
			 "/ or in a folder of these",
		    folder);
		status = STATUS_USAGE;
	}
	return status;
}

/* A name that no suite has would pass without a test. */
static int
check_names(const struct work *work)
{
	for (int i = 0; i < work->only_count; i++) {
		const struct str name = str_from(work->only[i]);
		bool found = false;

		for (size_t k = 0; k < work->count; k++)
			for (const struct step *s = work->job[k].suite->steps;
			     s != NULL; s = s->next)
				found = found || str_equal(s->name, name);
		if (!found) {
			complain("no request is named %s", work->only[i]);
			return STATUS_USAGE;
		}
	}
	return STATUS_OK;
}

/* ---- running them ------------------------------------------------------ */

/* The folder of the database of a job, or of the first database of all that
 * begin alike. */
static bool
state_of(
    const struct work *work, const char *kind, size_t at, struct file_path *out)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s%zu", kind, at);
	return file_path_join(out, work->folder, name) == OK;
}

/* In the child: what is printed, and what is logged, goes into the report. */
static void
begin_child(FILE *report)
{
	catch_signals(SIG_DFL);
	log_set_level(LOG_LEVEL_ERROR);
	if (dup2(fileno(report), STDOUT_FILENO) < 0 ||
	    dup2(fileno(report), STDERR_FILENO) < 0)
		_exit(STATUS_FAILURE);
}

static int
make_base(const struct work *work, size_t at)
{
	struct file_path state;

	return state_of(work, "base", at, &state)
	    ? database_make(work->job[at].suite, state.text)
	    : STATUS_FAILURE;
}

static int
run_suite(const struct work *work, size_t at)
{
	const struct job *job = &work->job[at];
	struct file_path base, state;
	struct run_options options = {.update = work->options.update,
	    .only = work->only,
	    .only_count = work->only_count};
	int status;

	if (!state_of(work, "base", job->base, &base) ||
	    !state_of(work, "suite", at, &state))
		return STATUS_FAILURE;
	status = database_copy(job->suite, base.text, state.text);
	options.state = state.text;
	if (status == STATUS_OK)
		status = suite_run(job->suite, &options, &work->tally[at]);
	return status;
}

static bool
start(struct work *work, size_t at,
    int (*run)(const struct work *work, size_t at))
{
	struct job *job = &work->job[at];

	if (job->report == NULL)
		job->report = tmpfile();
	fflush(stdout);
	job->child = job->report == NULL ? -1 : fork();
	if (job->child == 0) {
		begin_child(job->report);
		exit(run(work, at));
	}
	if (job->child > 0)
		return true;
	complain("a process cannot be started: %s", strerror(errno));
	job->child = 0;
	job->ended = true;
	job->status = STATUS_FAILURE;
	return false;
}

/* Wait for one child; false: a signal has come, or there is none. */
static bool
wait_for_one(struct work *work)
{
	int status;
	const pid_t child = wait(&status);

	for (size_t i = 0; child > 0 && i < work->count; i++) {
		struct job *job = &work->job[i];

		if (job->child != child)
			continue;
		job->child = 0;
		job->ended = true;
		job->status =
		    WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILURE;
		if (WIFSIGNALED(status))
			complain("%s: ended by signal %d", job->folder,
			    WTERMSIG(status));
	}
	return child > 0;
}

static size_t
processors(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (size_t)n;
}

/* Run a function for each job that picks() chooses, some at a time. */
static void
run_all(struct work *work, int (*run)(const struct work *work, size_t at),
    bool (*picks)(const struct work *work, size_t at))
{
	const size_t jobs = processors();
	size_t next = 0, running = 0;

	while (stopped_by == 0 && (next < work->count || running > 0)) {
		if (next == work->count || running == jobs) {
			if (!wait_for_one(work) && stopped_by == 0)
				return;
			running--;
		} else if (picks(work, next++)) {
			running += start(work, next - 1, run);
		}
	}
}

static bool
is_first(const struct work *work, size_t at)
{
	return work->job[at].base == at;
}

/* Has the database that the suite begins with been made? */
static bool
has_base(const struct work *work, size_t at)
{
	return work->job[work->job[at].base].base_made;
}

static void
end_children(struct work *work)
{
	for (size_t i = 0; i < work->count; i++)
		if (work->job[i].child > 0)
			kill(work->job[i].child, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static void
find_bases(struct work *work)
{
	for (size_t i = 0; i < work->count; i++) {
		size_t first = 0;

		while (!suites_begin_alike(
		    work->job[first].suite, work->job[i].suite))
			first++;
		work->job[i].base = first;
	}
}

static int
sum_up(const struct work *work)
{
	struct tally_of_pages all = {0};
	int status = STATUS_OK;

	for (size_t i = 0; i < work->count; i++) {
		const struct job *job = &work->job[i];

		database_print_messages(job->report);
		all.passed += work->tally[i].passed;
		all.failed += work->tally[i].failed;
		all.written += work->tally[i].written;
		if (job->status != STATUS_OK || !work->job[job->base].base_made)
			printf("FAILED %s: it did not run\n", job->folder);
		if (status == STATUS_OK)
			status = job->status;
	}
	if (all.written > 0)
		printf("written: %u; ", all.written);
	printf("passed: %u, failed: %u\n", all.passed, all.failed);
	return status == STATUS_OK && all.failed > 0 ? STATUS_FAILURE : status;
}

/* ---- the folder of all databases --------------------------------------- */

static int
make_folder(struct work *work)
{
	const char *above = getenv("TMPDIR");
	char *path;

	path =
	    realpath(above == NULL || above[0] == '\0' ? "/tmp" : above, NULL);
	(void)snprintf(work->folder, sizeof(work->folder),
	    "%s/guiju-test.XXXXXX", path == NULL ? "/tmp" : path);
	free(path);
	if (mkdtemp(work->folder) != NULL)
		return STATUS_OK;
	complain("cannot make %s: %s", work->folder, strerror(errno));
	work->folder[0] = '\0';
	return STATUS_FAILURE;
}

static void
remove_folder(struct work *work)
{
	struct file_path state;

	for (size_t i = 0; work->folder[0] != '\0' && i < work->count; i++) {
		if (state_of(work, "base", i, &state))
			state_remove_folder(state.text);
		if (state_of(work, "suite", i, &state))
			state_remove_folder(state.text);
	}
	if (work->folder[0] != '\0')
		(void)rmdir(work->folder);
}

static int
run_work(struct work *work)
{
	int status = make_folder(work);

	if (status != STATUS_OK)
		return status;
	work->tally = mmap(NULL, sizeof(*work->tally) * work->count,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (work->tally == MAP_FAILED) {
		complain("out of memory");
		remove_folder(work);
		return STATUS_FAILURE;
	}
	find_bases(work);
	catch_signals(note_signal);
	run_all(work, make_base, is_first);
	for (size_t i = 0; i < work->count; i++)
		work->job[i].base_made =
		    work->job[i].ended && work->job[i].status == STATUS_OK;
	run_all(work, run_suite, has_base);
	if (stopped_by != 0)
		end_children(work);
	else
		status = sum_up(work);
	remove_folder(work);
	catch_signals(SIG_DFL);
	if (stopped_by != 0)
		raise(stopped_by);
	munmap(work->tally, sizeof(*work->tally) * work->count);
	return status;
}

static int
run_test(int argc, char **argv)
{
	static struct work work;
	struct arguments arguments;
	int status;

	memset(&work, 0, sizeof(work));
	status =
	    command_read(&command_test, argc, argv, &work.options, &arguments);
	if (status != STATUS_OK)
		return status;
	work.only = arguments.operand + 1;
	work.only_count = arguments.count - 1;
	status = find_suites(&work, arguments.operand[0]);
	if (status == STATUS_OK)
		status = check_names(&work);
	if (status == STATUS_OK)
		status = run_work(&work);
	for (size_t i = 0; i < work.count; i++) {
		arena_free(work.job[i].arena);
		free(work.job[i].folder);
		if (work.job[i].report != NULL)
			fclose(work.job[i].report);
	}
	return status;
}
