/* SPDX-License-Identifier: ISC */
/*
 * Sockets are SOCK_SEQPACKET, so one message is one record, whatever a hostile
 * process sends. The parent tells the logger of new sockets and of another log
 * by SCM_RIGHTS (unix(7)). A logger that does not read what the parent tells it
 * is killed: the next one inherits all that the parent knows.
 */
#include "run/worker/logger.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "run/config/complain.h"
#include "run/config/state.h"
#include "run/worker/crew.h"
#include "run/worker/process.h"
#include "run/worker/sandbox.h"

enum {
	CHANNELS_MAX = CREW_MAX + 16, /* workers, and the other processes */
	NAME_SIZE = 16,
	USER_SIZE = 64,
	WHY_MAX_BYTES = 2048,
	WAIT_MS = 500,           /* how long a sender waits for room */
	SENT_BYTES = 256 * 1024, /* room for messages, if the system gives it */
	ORDERS_BYTES = 128 * 1024, /* the same for orders: some hundred */
	LOOK_MS = 500,     /* between two looks at what dead processes sent */
	TRIES = 3,         /* loggers that may die at the end */
	SETTLE_TURNS = 64, /* more than a socket holds */
	SETTLE_MS = 1000,
	END_MS = 5000,    /* for the last messages */
	YOUNG_MS = 60000, /* a logger that lives longer is not in a loop */
	REST_MS = 2,      /* lines come together meanwhile */
	TURN = 64, /* messages of one process before the next one's turn */
	FLUSH_BYTES = 64 * 1024,
	LINES_MAX_BYTES = 1024 * 1024
};

/* The socket of one process. */
struct channel {
	int socket; /* the logger's end */
	pid_t pid;
	char process[NAME_SIZE];
	bool ended; /* for the parent: the process has ended */
	struct logger_share share;
};

/* What the parent tells the logger. A descriptor may come with it: the socket
 * if the order names a process, the log if it does not. */
struct order {
	char process[NAME_SIZE];
	pid_t pid;
	enum log_format format;
	bool serving;
	bool settle; /* write what has been sent, then answer by a byte */
};

/* The parent's, which each logger inherits. */
static struct logger {
	pid_t pid;   /* 0: none */
	int control; /* the parent's end; in the logger its own */
	int file;    /* the log */
	int own;     /* the parent's socket for its own messages */
	int null;    /* /dev/null */
	struct channel channel[CHANNELS_MAX];
	size_t count;
	enum log_format format;
	bool serving;
	bool settling; /* for the logger: the last order was to settle */
	char user[USER_SIZE];
	enum sandbox_mode sandbox;
	int64_t started_ms, due_ms;
	unsigned deaths; /* early ones in a row */
} logger = {.control = -1, .file = -1, .own = -1, .null = -1};

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

/* Room for one descriptor, aligned for its header. */
union rights {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

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
		memcpy(order.process, channel->process, NAME_SIZE);
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

/* Add the logger's end of a socket. */
static struct channel *
add_channel(int socket, const char *process, pid_t pid)
{
	struct channel *channel = &logger.channel[logger.count++];

	*channel = (struct channel){.socket = socket, .pid = pid};
	snprintf(channel->process, NAME_SIZE, "%s", process);
	return channel;
}

static void
remove_channel(struct channel *channel)
{
	process_close(channel->socket);
	*channel = logger.channel[--logger.count];
}

/* ---- the logger ------------------------------------------------------ */

static struct buf lines;

static void
flush(void)
{
	if (lines.len > 0)
		log_write_lines(buf_view(&lines));
	buf_clear(&lines);
}

/* Take the order. false: there is none. */
static bool
take_order(void)
{
	struct order order = {.pid = 0};
	union rights rights = {.room = {0}};
	struct iovec bytes = {.iov_base = &order, .iov_len = sizeof(order)};
	struct msghdr message = {.msg_iov = &bytes,
	    .msg_iovlen = 1,
	    .msg_control = &rights,
	    .msg_controllen = sizeof(rights.room)};
	const struct cmsghdr *header;
	ssize_t n = recvmsg(logger.control, &message, MSG_DONTWAIT);
	int fd = -1;

	if (n == 0) { /* the parent is gone, or wants the logger to end */
		close(logger.control);
		logger.control = -1;
	}
	if (n != sizeof(order))
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header != NULL && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	logger.format = order.format;
	logger.serving = order.serving;
	logger.settling = order.settle;
	log_set_format(logger.format);
	if (fd >= 0 && order.process[0] != '\0') {
		(void)add_channel(fd, order.process, order.pid);
	} else if (fd >= 0) {
		flush();
		logger_close(logger.file);
		logger.file = fd;
		log_use(fd);
	}
	return true;
}

bool
logger_allows(struct logger_share *share, size_t len, int64_t now_s)
{
	if (share->second != now_s) {
		share->second = now_s;
		share->bytes = 0;
	}
	share->bytes += len;
	if (share->bytes <= LIMIT_LOG_BYTES)
		return true;
	share->left_out++;
	return false;
}

static void
add_line(const struct channel *channel, enum log_level level,
    struct str message, const struct log_fact *facts, size_t n)
{
	const struct log_origin origin = {channel->process, channel->pid};

	log_line_add(&lines, logger.format, &origin, level, message, facts, n);
}

static void
say_left_out(struct channel *channel)
{
	const struct log_fact count = {
	    "left_out", LOG_FACT_NUMBER, STR(""), channel->share.left_out};

	if (channel->share.left_out > 0)
		add_line(channel, LOG_LEVEL_WARN,
		    STR("log: messages of this process"), &count, 1);
	metrics_add(METRIC_LOG_LEFT_OUT, channel->share.left_out);
	channel->share.left_out = 0;
}

/* A message for people while the server starts, an error of the log later. */
static void
add_complaint(const struct channel *channel, struct str message)
{
	struct buf text;

	if (!logger.serving) {
		flush();
		complain_write(message);
		return;
	}
	buf_init(&text, LOG_RECORD_MAX_BYTES);
	buf_text(&text, "run: ");
	buf_str(&text, message);
	add_line(channel, LOG_LEVEL_ERROR, buf_view(&text), NULL, 0);
	buf_release(&text);
}

/* What a library has written to standard error. */
static void
add_text(const struct channel *channel, struct str text)
{
	struct str part;
	struct buf line;

	buf_init(&line, LOG_RECORD_MAX_BYTES);
	while (str_next_part(&text, '\n', &part)) {
		if (part.len == 0)
			continue;
		buf_clear(&line);
		buf_text(&line, "stderr: ");
		buf_str(&line, part);
		add_line(channel, LOG_LEVEL_ERROR, buf_view(&line), NULL, 0);
	}
	buf_release(&line);
}

static void
add_message(struct channel *channel, struct str bytes)
{
	const struct log_fact size = {
	    "bytes", LOG_FACT_NUMBER, STR(""), bytes.len};
	const int64_t now_s = clock_ms() / 1000;
	struct log_record record;
	enum err err;

	if (channel->share.second != now_s)
		say_left_out(channel);
	if (!logger_allows(&channel->share, bytes.len, now_s))
		return;
	err = log_record_read(bytes, &record);
	if (err == ERR_MISSING)
		add_text(channel, bytes);
	else if (err != OK)
		add_line(channel, LOG_LEVEL_ERROR,
		    STR("log: a message that cannot be read"), &size, 1);
	else if (record.level == LOG_LEVEL_COMPLAINT)
		add_complaint(channel, record.message);
	else
		add_line(channel, record.level, record.message, record.facts,
		    record.count);
	if (lines.len >= FLUSH_BYTES)
		flush();
}

/* Read what a process has sent, all of it or one turn. over: it sends no more.
 */
static void
read_channel(struct channel *channel, bool over)
{
	static char room[LOG_RECORD_MAX_BYTES];
	const int most = logger.settling ? SETTLE_TURNS * TURN : TURN;
	ssize_t n = 1;

	/* An empty message looks like the end. */
	for (int i = 0; i < most && (n > 0 || (n == 0 && !over)); i++) {
		n = recv(channel->socket, room, sizeof(room), MSG_DONTWAIT);
		if (n > 0)
			add_message(channel, (struct str){room, (size_t)n});
	}
	if (n != 0 || !over)
		return;
	say_left_out(channel);
	remove_channel(channel);
}

/* Wait for orders and messages. Returns the number of channels that were asked;
 * theirs follow the control's. */
static size_t
wait_for_news(struct pollfd fds[1 + CHANNELS_MAX], int wait_ms)
{
	const size_t n = logger.count;

	fds[0] = (struct pollfd){.fd = logger.control, .events = POLLIN};
	for (size_t i = 0; i < n; i++)
		fds[1 + i] = (struct pollfd){
		    .fd = logger.channel[i].socket, .events = POLLIN};
	return poll(fds, 1 + n, wait_ms) < 0 ? 0 : n;
}

static void
serve_channels(void)
{
	static struct pollfd fds[1 + CHANNELS_MAX];
	size_t n = wait_for_news(fds, -1);

	while (fds[0].revents != 0 && !logger.settling && take_order())
		;
	if (logger.settling)
		n = wait_for_news(fds, 0);
	/* Backwards, since a channel that is removed is replaced by the last
	 * one. The parent's is the first: what the others sent before it spoke
	 * is written before. */
	while (n-- > 0)
		if (fds[1 + n].revents != 0)
			read_channel(&logger.channel[n],
			    (fds[1 + n].revents & (POLLHUP | POLLERR)) != 0);
	flush();
	if (logger.settling && write(logger.control, "", 1) < 0)
		errno = 0; /* the parent waits no longer, or is gone */
	logger.settling = false;
	(void)poll(NULL, 0, REST_MS);
}

static enum err
fence(void)
{
	struct buf why;
	enum err err;

	tzset(); /* the C library reads the zone once, also for UTC */
	buf_init(&why, WHY_MAX_BYTES);
	err = state_become(logger.user, &why);
	if (err == ERR_MISSING) /* the rehearsal says so, and nobody serves */
		err = OK;
	if (err != OK)
		log_error("run: the logger %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err == OK ? sandbox_logger(logger.sandbox) : err;
}

/* In the child. It heeds no signal: it ends when nobody can send any more. */
static void
be_logger(int control)
{
	logger.control = control;
	log_name_process("logger");
	log_use(logger.file);
	log_set_format(logger.format);
	buf_init(&lines, LINES_MAX_BYTES);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGUSR2, SIG_IGN);
	(void)dup2(logger.null, STDIN_FILENO);
	(void)dup2(logger.null, STDOUT_FILENO);
	if (fence() != OK)
		_exit(STATUS_FAILURE);
	while (logger.control >= 0 || logger.count > 0)
		serve_channels();
	sandbox_report();
	_exit(STATUS_OK);
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
		be_logger(ends[1]);
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
	(void)add_channel(ends[0], "parent", getpid());
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
	snprintf(logger.user, USER_SIZE, "%s", config->user);
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
	channel = add_channel(ends[0], name, pid);
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
			remove_channel(&logger.channel[i]);
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
		(void)poll(NULL, 0, REST_MS);
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
		remove_channel(&logger.channel[0]);
	if (logger.null >= 0)
		close(logger.null);
	logger.null = -1;
}
