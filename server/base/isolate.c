/* SPDX-License-Identifier: ISC */
/*
 * The child closes all descriptors but one end of a pipe and sets its resource
 * limits. Then its seccomp filter allows only the system calls of memory, of
 * writing and of exiting. A system without seccomp has only the limits and the
 * closed descriptors. The child also inherits the sandbox of its caller.
 */
#include "base/isolate.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#if __has_include(<sys/pledge.h>)
#define HAVE_PLEDGE
#elif __has_include(<sys/capsicum.h>)
#include <sys/capsicum.h>
#define HAVE_CAPSICUM
#endif

#include "base/seccomp.h"

/* ---- the child ----------------------------------------------------- */

static const struct seccomp_call isolate_calls[] = {SECCOMP_CALLS_OF_ALL};

static bool
give_up_calls(void)
{
#if defined(HAVE_PLEDGE)
	return pledge("stdio", NULL) == 0;
#elif defined(HAVE_CAPSICUM)
	return cap_enter() == 0;
#else
	enum err err = seccomp_allow_only(isolate_calls,
	    sizeof(isolate_calls) / sizeof(isolate_calls[0]), SECCOMP_KILL,
	    NULL);

	return err == OK || err == ERR_MISSING;
#endif
}

static bool
limit(int resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit both = {.rlim_cur = soft, .rlim_max = hard};

	return setrlimit(resource, &both) == 0;
}

/* Set the limit and try: can the child still allocate ISOLATE_MEMORY_BYTES? */
static bool
leaves_memory(rlim_t soft, rlim_t hard)
{
	void *place;

	if (!limit(RLIMIT_AS, soft, hard))
		return false;
	place = mmap(NULL, ISOLATE_MEMORY_BYTES, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (place == MAP_FAILED)
		return false;
	munmap(place, ISOLATE_MEMORY_BYTES);
	return true;
}

/*
 * The memory that is mapped already counts against the limit, and no portable
 * call says how much that is. So a binary search finds the smallest limit that
 * leaves ISOLATE_MEMORY_BYTES.
 */
static bool
limit_memory(void)
{
	struct rlimit now;
	rlim_t low = 0, high;

	if (getrlimit(RLIMIT_AS, &now) != 0)
		return false;
	high = now.rlim_max == RLIM_INFINITY ? (rlim_t)1 << 48 : now.rlim_max;
	if (!leaves_memory(high, now.rlim_max))
		return true; /* the machine has less memory than that */
	while (high - low > ISOLATE_MEMORY_BYTES / 64) {
		rlim_t middle = low + (high - low) / 2;

		if (leaves_memory(middle, now.rlim_max))
			high = middle;
		else
			low = middle;
	}
	return limit(RLIMIT_AS, high, high);
}

/* Close all descriptors but 0. */
static void
close_files(void)
{
	struct rlimit files;
	int last = 1024;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, 1, ~0U, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur < (rlim_t)1 << 20)
		last = (int)files.rlim_cur;
	for (int fd = 1; fd < last; fd++)
		close(fd);
}

/* Give each signal its default action, whatever handlers the caller has. SIGSYS
 * keeps the caller's handler: the sandbox of the caller may refuse calls by it,
 * and before our own filter is installed a refused call must not kill. */
static void
forget_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	sigemptyset(&action.sa_mask);
	for (int number = 1; number < NSIG; number++)
		if (number != SIGSYS)
			(void)sigaction(number, &action, NULL);
	(void)sigprocmask(SIG_SETMASK, &action.sa_mask, NULL);
}

static bool
enter(int pipe_end)
{
	if (dup2(pipe_end, 0) != 0)
		return false;
	close_files();
	forget_signals();
	alarm(ISOLATE_WALL_S);
	return limit(RLIMIT_CPU, ISOLATE_CPU_S, ISOLATE_CPU_S + 1) &&
	    limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
	    limit_memory() && limit(RLIMIT_NOFILE, 1, 1) &&
#ifdef RLIMIT_NPROC
	    limit(RLIMIT_NPROC, 0, 0) &&
#endif
	    give_up_calls();
}

/* The exit status of a child that no signal has killed. */
enum { ANSWERED, NO_ANSWER, NO_ISOLATION };

static void
be_child(const struct isolate_work *work, struct str bytes, int pipe_end)
{
	struct buf answer;

	if (!enter(pipe_end))
		_exit(NO_ISOLATION);
	buf_init(&answer, ISOLATE_ANSWER_MAX);
	work->run(work->context, bytes, &answer);
	if (answer.err != OK ||
	    write(0, answer.data, answer.len) != (ssize_t)answer.len)
		_exit(NO_ANSWER);
	_exit(ANSWERED);
}

/* ---- the caller ---------------------------------------------------- */

/* Read until the child closes its end of the pipe, at its exit at the latest.
 * ERR_INPUT: the answer is too long. */
static enum err
read_answer(int fd, char answer[ISOLATE_ANSWER_MAX + 1], size_t *len)
{
	ssize_t n;

	*len = 0;
	while (*len <= ISOLATE_ANSWER_MAX) {
		n = read(fd, answer + *len, ISOLATE_ANSWER_MAX + 1 - *len);
		if (n == 0)
			return OK;
		if (n > 0)
			*len += (size_t)n;
		else if (errno != EINTR)
			return ERR_IO;
	}
	return ERR_INPUT;
}

static enum err
wait_for_end(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR_IO;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ||
			WTERMSIG(status) == SIGXCPU
		    ? ERR_LATE
		    : ERR_INPUT;
	if (WEXITSTATUS(status) == ANSWERED)
		return OK;
	return WEXITSTATUS(status) == NO_ISOLATION ? ERR_IO : ERR_INPUT;
}

/* Fork with all signals blocked in the child: no handler of the caller may run
 * there. */
static pid_t
fork_quietly(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

enum err
isolate_run(const struct isolate_work *work, struct str bytes, struct buf *out)
{
	char answer[ISOLATE_ANSWER_MAX + 1];
	enum err err, end;
	int ends[2];
	size_t len = 0;
	pid_t pid;

	if (pipe(ends) != 0)
		return ERR_BUSY;
	pid = fork_quietly();
	if (pid == 0)
		be_child(work, bytes, ends[1]);
	close(ends[1]);
	err = pid < 0 ? ERR_BUSY : read_answer(ends[0], answer, &len);
	/* A child that still writes gets SIGPIPE. */
	close(ends[0]);
	if (pid < 0)
		return err;
	end = wait_for_end(pid);
	if (err != OK || end != OK)
		return end != OK && end != ERR_INPUT ? end : ERR_INPUT;
	buf_add(out, answer, len);
	return out->err;
}
