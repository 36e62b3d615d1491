/* SPDX-License-Identifier: ISC */
/*
 * Signals by a self-pipe: a handler sets a flag and writes one byte; the loop
 * does everything else. Because of the flags, many SIGHUPs are one.
 */
#include "run/worker/process.h"

#if __has_include(<sys/prctl.h>)
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/fault.h"

static const int caught[] = {
    SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2};
enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static volatile sig_atomic_t came[CAUGHT];
static int wake[2] = {-1, -1};
static int private_fds[PROCESS_PRIVATE_MAX];
static size_t private_count;

static void
on_signal(int number)
{
	const int saved = errno;

	for (size_t i = 0; i < CAUGHT; i++)
		if (caught[i] == number)
			came[i] = 1;
	if (write(wake[1], "", 1) < 0)
		errno = 0; /* the pipe is full, so the loop wakes anyway */
	errno = saved;
}

enum err
process_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return ERR_IO;
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return OK;
}

static bool
set_signal(int number, void (*handler)(int))
{
	/* SA_NOCLDSTOP: no SIGCHLD for a child that is only stopped. */
	struct sigaction action = {
	    .sa_handler = handler, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL) == 0;
}

static void
set_blocked(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(&set, caught[i]);
	sigprocmask(how, &set, NULL);
}

void
process_hold_signals(void)
{
	set_blocked(SIG_BLOCK);
}

enum err
process_catch_signals(struct buf *why)
{
	bool good = process_pipe(wake) == OK;

	if (good) {
		process_keep_private(wake[0]);
		process_keep_private(wake[1]);
	}
	good = good && fcntl(wake[0], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(wake[1], F_SETFL, O_NONBLOCK) == 0 &&
	    set_signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; good && i < CAUGHT; i++)
		good = set_signal(caught[i], on_signal);
	/* The process that started us may have blocked them, too. */
	set_blocked(SIG_UNBLOCK);
	if (good)
		return OK;
	buf_printf(why, "cannot catch signals: %s", strerror(errno));
	return ERR_IO;
}

int
process_wake_fd(void)
{
	return wake[0];
}

void
process_was_woken(void)
{
	char bytes[256];

	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
}

bool
process_take_signal(int number)
{
	for (size_t i = 0; i < CAUGHT; i++)
		if (caught[i] == number && came[i]) {
			came[i] = 0;
			return true;
		}
	return false;
}

void
process_keep_private(int fd)
{
	if (private_count < PROCESS_PRIVATE_MAX)
		private_fds[private_count++] = fd;
}

void
process_close(int fd)
{
	if (fd < 0)
		return;
	for (size_t i = 0; i < private_count; i++)
		if (private_fds[i] == fd) {
			private_fds[i] = private_fds[--private_count];
			break;
		}
	close(fd);
}

static bool
is_among(const int *fds, size_t n, int fd)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] == fd)
			return true;
	return false;
}

static void
begin_child(const int *keep, size_t n)
{
	for (size_t i = 0; i < CAUGHT; i++)
		(void)set_signal(caught[i], SIG_DFL);
	(void)set_signal(SIGHUP, SIG_IGN);
	(void)set_signal(SIGINT, SIG_IGN);
	(void)set_signal(SIGUSR1, SIG_IGN);
	for (size_t i = 0; i < private_count; i++)
		if (!is_among(keep, n, private_fds[i]))
			close(private_fds[i]);
	private_count = 0;
}

static pid_t
fork_holding(const int *keep, size_t n, const sigset_t *held)
{
	sigset_t all, before;
	pid_t pid;
	int saved;

	/* No handler may run in the child: it would write to the pipe of the
	 * parent. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	fflush(NULL);
	errno = EAGAIN;
	pid = FAULT("fork") ? -1 : fork();
	saved = errno;
	if (pid == 0) {
		begin_child(keep, n);
		before = *held;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return pid;
}

pid_t
process_fork(const int *keep, size_t n)
{
	sigset_t none;

	sigemptyset(&none);
	return fork_holding(keep, n, &none);
}

static void
fill_stops(sigset_t *stops)
{
	sigemptyset(stops);
	sigaddset(stops, SIGTERM);
	sigaddset(stops, SIGUSR2);
}

pid_t
process_fork_named(const char *name, const int *keep, size_t n, bool hold_stops)
{
	sigset_t held;
	pid_t pid;
#if defined(PR_SET_NAME)
	/* The parent takes the name for a moment: so the child never has
	 * another. */
	char own[16] = "", whole[16];

	snprintf(whole, sizeof(whole), "guiju-%s", name);
	(void)prctl(PR_GET_NAME, own, 0, 0, 0);
	(void)prctl(PR_SET_NAME, whole, 0, 0, 0);
#endif
	if (hold_stops)
		fill_stops(&held);
	else
		sigemptyset(&held);
	pid = fork_holding(keep, n, &held);
#if defined(PR_SET_NAME)
	if (pid != 0)
		(void)prctl(PR_SET_NAME, own, 0, 0, 0);
#elif defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
	if (pid == 0)
		setproctitle("%s", name);
#else
	(void)name;
#endif
	return pid;
}

void
process_take_stops(void)
{
	sigset_t stops;

	fill_stops(&stops);
	sigprocmask(SIG_UNBLOCK, &stops, NULL);
}

void
process_lower_priority(void)
{
	enum { LOWEST = 19 };

	if (setpriority(PRIO_PROCESS, 0, LOWEST) != 0)
		errno = 0; /* the priority stays as it is */
#ifdef SYS_ioprio_set
	enum {
		WHO_PROCESS = 1, /* ioprio_set(2): no header defines these */
		CLASS_IDLE = 3,
		CLASS_SHIFT = 13
	};
	if (syscall(
		SYS_ioprio_set, WHO_PROCESS, 0, CLASS_IDLE << CLASS_SHIFT) != 0)
		errno = 0;
#endif
}

size_t
process_raise_files(size_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	if (limit.rlim_cur < wanted) {
		struct rlimit more = limit;

		more.rlim_cur = wanted;
		if (more.rlim_max < wanted)
			more.rlim_cur = more.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			limit = more;
	}
	return (size_t)limit.rlim_cur;
}

unsigned
process_backoff_s(unsigned deaths)
{
	enum { MAX_S = 60 };
	unsigned s = 1;

	if (deaths == 0)
		return 0;
	while (--deaths > 0 && s < MAX_S)
		s *= 2;
	return s < MAX_S ? s : MAX_S;
}

void
process_add_end(struct buf *out, int wait_status)
{
	if (WIFSIGNALED(wait_status))
		buf_printf(out, "signal %d", WTERMSIG(wait_status));
	else
		buf_printf(out, "exit status %d", WEXITSTATUS(wait_status));
}
