/* SPDX-License-Identifier: ISC */
/*
 * The logger's own side: messages in, lines out. What the messages hold, the
 * processes have written, and one of them may be in strange hands.
 */
#include "run/worker/internal.h"

#include <sys/socket.h>
#include <errno.h>
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
#include "run/worker/process.h"

enum {
	WHY_MAX_BYTES = 2048,
	TURN = 64, /* messages of one process before the next one's turn */
	SETTLE_TURNS = 64, /* more than a socket holds */
	FLUSH_BYTES = 64 * 1024,
	LINES_MAX_BYTES = 1024 * 1024
};

static struct logger *logger;
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
	ssize_t n = recvmsg(logger->control, &message, MSG_DONTWAIT);
	int fd = -1;

	if (n == 0) { /* the parent is gone, or wants the logger to end */
		close(logger->control);
		logger->control = -1;
	}
	if (n != sizeof(order))
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header != NULL && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	logger->format = order.format;
	logger->serving = order.serving;
	logger->settling = order.settle;
	log_set_format(logger->format);
	if (fd >= 0 && order.process[0] != '\0') {
		if (!logger_add_channel(logger, fd, order.process, order.pid))
			close(fd);
	} else if (fd >= 0) {
		flush();
		logger_close(logger->file);
		logger->file = fd;
		log_use(fd);
	}
	return true;
}

bool
logger_allows(struct logger_share *share, int64_t now_s)
{
	if (share->second != now_s) {
		share->second = now_s;
		share->bytes = 0;
	}
	if (share->bytes < LIMIT_LOG_BYTES)
		return true;
	share->left_out++;
	return false;
}

/* Add a line, and charge the process for it. */
static void
add_line(struct channel *channel, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	const struct log_origin origin = {channel->process, channel->pid};
	const size_t before = lines.len;

	log_line_add(&lines, logger->format, &origin, level, message, facts, n);
	channel->share.bytes += lines.len - before;
	if (lines.len >= FLUSH_BYTES)
		flush();
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
add_complaint(struct channel *channel, struct str message)
{
	struct buf text;

	if (!logger->serving) {
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

/* What a library has written to standard error. A short message can have
 * thousands of lines, so the bound ends also within a message. */
static void
add_text(struct channel *channel, struct str text)
{
	struct str part;
	struct buf line;

	buf_init(&line, LOG_RECORD_MAX_BYTES);
	while (str_next_part(&text, '\n', &part)) {
		if (part.len == 0)
			continue;
		if (!logger_allows(&channel->share, channel->share.second))
			break;
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
	size_t before;
	enum err err;

	if (channel->share.second != now_s)
		say_left_out(channel);
	if (!logger_allows(&channel->share, now_s))
		return;
	before = channel->share.bytes;
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
	/* A message costs also when it adds no line. */
	if (channel->share.bytes - before < bytes.len)
		channel->share.bytes = before + bytes.len;
}

/* Read what a process has sent, all of it or one turn. over: it sends no more.
 */
static void
read_channel(struct channel *channel, bool over)
{
	static char room[LOG_RECORD_MAX_BYTES];
	const int most = logger->settling ? SETTLE_TURNS * TURN : TURN;
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
	logger_remove_channel(logger, channel);
}

/* Wait for orders and messages. Returns the number of channels that were asked;
 * theirs follow the control's. */
static size_t
wait_for_news(struct pollfd fds[1 + CHANNELS_MAX], int wait_ms)
{
	const size_t n = logger->count;

	fds[0] = (struct pollfd){.fd = logger->control, .events = POLLIN};
	for (size_t i = 0; i < n; i++)
		fds[1 + i] = (struct pollfd){
		    .fd = logger->channel[i].socket, .events = POLLIN};
	return poll(fds, 1 + n, wait_ms) < 0 ? 0 : n;
}

static void
serve_channels(void)
{
	static struct pollfd fds[1 + CHANNELS_MAX];
	size_t n = wait_for_news(fds, -1);

	while (fds[0].revents != 0 && !logger->settling && take_order())
		;
	if (logger->settling)
		n = wait_for_news(fds, 0);
	/* Backwards, since a channel that is removed is replaced by the last
	 * one. The parent's is the first: what the others sent before it spoke
	 * is written before. */
	while (n-- > 0)
		if (fds[1 + n].revents != 0)
			read_channel(&logger->channel[n],
			    (fds[1 + n].revents & (POLLHUP | POLLERR)) != 0);
	flush();
	if (logger->settling && write(logger->control, "", 1) < 0)
		errno = 0; /* the parent waits no longer, or is gone */
	logger->settling = false;
	(void)poll(NULL, 0, LOGGER_REST_MS);
}

static enum err
fence(void)
{
	struct buf why;
	enum err err;

	tzset(); /* the C library reads the zone once, also for UTC */
	buf_init(&why, WHY_MAX_BYTES);
	err = state_become(logger->user, &why);
	if (err == ERR_MISSING) /* the rehearsal says so, and nobody serves */
		err = OK;
	if (err != OK)
		log_error("run: the logger %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err == OK ? sandbox_logger(logger->sandbox) : err;
}

void
logger_run(struct logger *inherited, int control)
{
	logger = inherited;
	logger->control = control;
	log_name_process("logger");
	log_use(logger->file);
	log_set_format(logger->format);
	buf_init(&lines, LINES_MAX_BYTES);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGUSR2, SIG_IGN);
	(void)dup2(logger->null, STDIN_FILENO);
	(void)dup2(logger->null, STDOUT_FILENO);
	if (fence() != OK)
		_exit(STATUS_FAILURE);
	while (logger->control >= 0 || logger->count > 0)
		serve_channels();
	sandbox_report();
	_exit(STATUS_OK);
}
