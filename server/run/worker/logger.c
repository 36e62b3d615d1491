/* SPDX-License-Identifier: ISC */
/*
 * The parent's side of the logger.
 *
 * Sockets are SOCK_SEQPACKET, so one message is one record, whatever a hostile
 * process sends. The parent tells the logger of new sockets and of another log
 * by SCM_RIGHTS (unix(7)). A logger that does not read what the parent tells it
 * is killed: the next one inherits all that the parent knows.
 */
#include "run/worker/internal.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/config/complain.h"
#include "run/worker/process.h"

enum {
	WHY_MAX_BYTES = 2048,
	WAIT_MS = 500,           /* how long a sender waits for room */
	SENT_BYTES = 256 * 1024, /* room for messages, if the system gives it */
	ORDERS_BYTES = 128 * 1024, /* the same for orders: some hundred */
	LOOK_MS = 500, /* between two looks at what dead processes sent */
	TRIES = 3,     /* loggers that may die at the end */
	SETTLE_MS = 1000,
	END_MS = 5000,    /* for the last messages */
	YOUNG_MS = 60000, /* a logger that lives longer is not in a loop */
};

/* Which each logger inherits. */
static struct logger logger = {
    .control = -1, .file = -1, .own = -1, .null = -1};

/* ---- the file -------------------------------------------------------- */

enum err
logger_open(const struct config *config, int *fd, struct buf *why)
{
	const char *path = config->log_file;
	struct stat status;
	int file;

	if (path[0] == '\0') {
		*fd = STDERR_FILENO;
		return OK;
	}
	/* O_NONBLOCK: opening a FIFO without a reader must not wait. */
	file = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
		O_NONBLOCK,
	    0640);
	if (file >= 0 && fstat(file, &status) == 0 &&
	    !S_ISREG(status.st_mode)) {
		close(file);
		file = -1;
		errno = EINVAL;
	}
	if (file < 0) {
		buf_printf(why, "cannot open the log %s: %s", path,
		    errno == EINVAL      ? "it is not a regular file"
			: errno == ELOOP ? "it is a symbolic link"
					 : strerror(errno));
		return ERR_IO;
	}
	process_keep_private(file);
	*fd = file;
	return OK;
}

void
logger_close(int fd)
{
	if (fd > STDERR_FILENO)
		process_close(fd);
}

/* ---- sockets --------------------------------------------------------- */

/* Make a pair of sockets with room for so many bytes. A full one keeps its
 * sender for WAIT_MS at most. */
static bool
make_pair(int ends[2], int room)
{
	const struct timeval wait = {.tv_usec = 1000 * WAIT_MS};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		(void)setsockopt(
		    ends[i], SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
		(void)setsockopt(
		    ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	}
	return true;
}

/* Send the logger an order. channel: NULL if it is not about one. fd: the
 * descriptor that comes with it, or -1. */
static void
tell(const struct channel *channel, int fd, bool settle)
{
	struct order order = {.format = logger.format,
	    .serving = logger.serving,
	    .settle = settle};
	union rights rights = {.room = {0}};
	struct iovec bytes = {.iov_base = &order, .iov_len = sizeof(order)};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
	struct cmsghdr *header;

	if (channel != NULL) {
		order.pid = channel->pid;
		memcpy(order.process, channel->process, CHANNEL_NAME_SIZE);
	}
	if (fd >= 0) {
		message.msg_control = &rights;
		message.msg_controllen = sizeof(rights.room);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	if (logger.pid != 0 &&
	    sendmsg(logger.control, &message, MSG_NOSIGNAL | MSG_DONTWAIT) <
		0 &&
	    errno != EPIPE && errno != ECONNRESET)
		kill(logger.pid, SIGKILL);
}

struct channel *
logger_add_channel(
    struct logger *to, int socket, const char *process, pid_t pid)
{
	struct channel *channel;

	if (to->count == CHANNELS_MAX)
		return NULL;
	channel = &to->channel[to->count++];
	*channel = (struct channel){.socket = socket, .pid = pid};
	snprintf(channel->process, CHANNEL_NAME_SIZE, "%s", process);
	return channel;
}

void
logger_remove_channel(struct logger *from, struct channel *channel)
{
	process_close(channel->socket);
	*channel = from->channel[--from->count];
}

/* ---- the parent ------------------------------------------------------ */

static bool
fork_logger(int64_t now_ms)
{
	int ends[2], keep[2 + CHANNELS_MAX];
	size_t n = 0;

	if (!make_pair(ends, ORDERS_BYTES))
		return false;
	keep[n++] = logger.file;
	keep[n++] = logger.null;
	for (size_t i = 0; i < logger.count; i++)
		keep[n++] = logger.channel[i].socket;
	logger.started_ms = now_ms;
	logger.pid = process_fork_named("logger", keep, n, false);
	if (logger.pid == 0) {
		close(ends[0]);
		logger_run(&logger, ends[1]);
	}
	close(ends[1]);
	if (logger.pid < 0) {
		close(ends[0]);
		logger.pid = 0;
		return false;
	}
	logger.control = ends[0];
	process_keep_private(logger.control);
	return true;
}

enum err
logger_start(const struct config *config, int file)
{
	int ends[2];

	logger.null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (logger.null < 0 || !make_pair(ends, SENT_BYTES)) {
		logger_close(file);
		return ERR_IO;
	}
	process_keep_private(ends[0]);
	process_keep_private(ends[1]);
	(void)logger_add_channel(&logger, ends[0], "parent", getpid());
	logger.own = ends[1];
	logger.sandbox = config->sandbox;
	logger_use(config, file, false);
	if (!fork_logger(clock_ms()))
		return ERR_IO;
	log_send_to(logger.own);
	return OK;
}

void
logger_use(const struct config *config, int file, bool serving)
{
	log_set_level(config->log);
	logger.format = config->log_format;
	logger.serving = logger.serving || serving;
	snprintf(logger.user, LOGGER_USER_SIZE, "%s", config->user);
	if (file >= 0) {
		logger_close(logger.file);
		logger.file = file;
	}
	tell(NULL, file, false);
}

void
logger_settle(void)
{
	struct pollfd answer = {.events = POLLIN};
	char byte;

	tell(NULL, -1, true);
	answer.fd = logger.control;
	if (poll(&answer, 1, SETTLE_MS) > 0)
		(void)recv(logger.control, &byte, 1, MSG_DONTWAIT);
}

void
logger_reopen(const struct config *config)
{
	struct buf why;
	int fd = -1;

	if (config->log_file[0] == '\0') {
		log_info("run: the log is standard error, it stays open");
		return;
	}
	buf_init(&why, WHY_MAX_BYTES);
	if (logger_open(config, &fd, &why) != OK) {
		log_error("run: the log stays as it is: %.*s",
		    STR_ARG(buf_view(&why)));
	} else {
		logger_use(config, fd, false);
		log_info("run: the log was opened again");
	}
	buf_release(&why);
}

/* In the child. */
static void
be_logged(int end)
{
	(void)dup2(logger.null, STDIN_FILENO);
	(void)dup2(logger.null, STDOUT_FILENO);
	(void)dup2(end, STDERR_FILENO);
	close(end);
	close(logger.null);
	log_send_to(STDERR_FILENO);
}

pid_t
logger_fork(const char *name, const int *keep, size_t n, bool hold_stops)
{
	struct channel *channel;
	int ends[2];
	pid_t pid;

	if (logger.count == CHANNELS_MAX) {
		errno = EAGAIN;
		return -1;
	}
	if (!make_pair(ends, SENT_BYTES))
		return -1;
	process_keep_private(ends[0]);
	pid = process_fork_named(name, keep, n, hold_stops);
	if (pid == 0) {
		be_logged(ends[1]);
		return 0;
	}
	close(ends[1]);
	if (pid < 0) {
		const int saved = errno;

		process_close(ends[0]);
		errno = saved;
		return -1;
	}
	channel = logger_add_channel(&logger, ends[0], name, pid);
	tell(channel, channel->socket, false);
	return pid;
}

bool
logger_reap(pid_t pid, int wait_status, int64_t now_ms)
{
	struct buf how;

	for (size_t i = 0; i < logger.count; i++)
		if (logger.channel[i].pid == pid)
			logger.channel[i].ended = true;
	if (logger.pid != pid)
		return false;
	if (now_ms - logger.started_ms >= YOUNG_MS)
		logger.deaths = 0;
	buf_init(&how, 64);
	process_add_end(&how, wait_status);
	log_error("run: the logger %ld ended by %.*s; the next in %u s",
	    (long)pid, STR_ARG(buf_view(&how)),
	    process_backoff_s(logger.deaths));
	buf_release(&how);
	logger.due_ms =
	    now_ms + 1000 * (int64_t)process_backoff_s(logger.deaths++);
	logger.pid = 0;
	process_close(logger.control);
	logger.control = -1;
	return true;
}

void
logger_tick(int64_t now_ms)
{
	char byte;

	if (logger.own < 0)
		return;
	if (logger.pid == 0 && now_ms >= logger.due_ms && !fork_logger(now_ms))
		logger.due_ms =
		    now_ms + 1000 * (int64_t)process_backoff_s(++logger.deaths);
	/* A process that has ended, and all of whose messages are read. */
	for (size_t i = logger.count; i-- > 0;)
		if (logger.channel[i].ended &&
		    recv(logger.channel[i].socket, &byte, 1,
			MSG_PEEK | MSG_DONTWAIT) == 0)
			logger_remove_channel(&logger, &logger.channel[i]);
}

int64_t
logger_next_ms(int64_t now_ms)
{
	if (logger.own >= 0 && logger.pid == 0)
		return logger.due_ms;
	for (size_t i = 0; i < logger.count; i++)
		if (logger.channel[i].ended)
			return now_ms + LOOK_MS;
	return INT64_MAX;
}

/* Wait for the logger's end. false: it died, or it is late and was killed. */
static bool
wait_for_end(int64_t deadline_ms)
{
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(logger.pid, &status, WNOHANG)) == 0 &&
	    clock_ms() < deadline_ms)
		(void)poll(NULL, 0, LOGGER_REST_MS);
	if (pid == 0)
		kill(logger.pid, SIGKILL);
	logger.pid = 0;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
logger_end(void)
{
	const int64_t deadline_ms = clock_ms() + END_MS;
	bool done = logger.own < 0;

	process_close(logger.own);
	logger.own = -1;
	log_use(logger.file >= 0 ? logger.file : STDERR_FILENO);
	for (int i = 0; i < TRIES && !done; i++) {
		if (logger.pid == 0 && !fork_logger(clock_ms()))
			break;
		process_close(logger.control);
		done = wait_for_end(deadline_ms);
	}
	if (!done)
		log_error("run: the logger did not write its last lines");
	while (logger.count > 0)
		logger_remove_channel(&logger, &logger.channel[0]);
	if (logger.null >= 0)
		close(logger.null);
	logger.null = -1;
}
