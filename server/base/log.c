/* SPDX-License-Identifier: ISC */
/*
 * Making lines and writing them. base/log_line.c makes every byte of a message
 * printable, so no message can forge a second line or control a terminal.
 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/utf8.h"

enum {
	MESSAGE_MAX_BYTES = 2048,
	LINE_MAX_BYTES = 10 * 1024,
	KINDS_MAX = 64,     /* kinds of messages that are counted at a time */
	KIND_MESSAGES = 10, /* messages of a kind that are written ... */
	KIND_MS = 60 * 1000 /* ... in this time */
};

static enum log_level shown = LOG_LEVEL_INFO;
static enum log_format form = LOG_TEXT;
static int out_fd = STDERR_FILENO;

void
log_set_level(enum log_level level)
{
	shown = level;
}

bool
log_shows(enum log_level level)
{
	return level <= shown;
}

void
log_set_format(enum log_format format)
{
	form = format;
}

int
log_descriptor(void)
{
	return out_fd;
}

enum err
log_use(int fd)
{
	int copy;

	if (fd == out_fd)
		return OK;
	/* dup2(2) replaces the descriptor in one step, so no line is lost. */
	if (out_fd != STDERR_FILENO)
		return dup2(fd, out_fd) < 0 ||
			fcntl(out_fd, F_SETFD, FD_CLOEXEC) != 0
		    ? ERR_IO
		    : OK;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (copy < 0)
		return ERR_IO;
	out_fd = copy;
	return OK;
}

/* ---- writing --------------------------------------------------------- */

/* Write the line by one write(2). false: not all of it was written. */
static bool
put(struct str line)
{
	ssize_t n;

	do
		n = write(out_fd, line.data, line.len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)line.len)
		return true;
	if (n > 0) /* the next writer, in any process, ends this line */
		metrics_set(METRIC_LOG_TORN, 1);
	return false;
}

/* Append a line that gives the number of lost lines of all processes; nothing
 * if there are none. The first process that can write again logs it. */
static void
add_lost(struct buf *line, uint64_t lost)
{
	const struct log_fact count[] = {
	    {"lost", LOG_FACT_NUMBER, STR(""), lost}};

	if (lost > 0)
		log_line_add(line, form, LOG_LEVEL_ERROR,
		    STR("log: lines could not be written"), count, 1);
}

static void
write_line(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	const int saved = errno; /* the caller may still need it */
	const uint64_t lost = metrics_take(METRIC_LOG_UNTOLD);
	const bool torn = metrics_take(METRIC_LOG_TORN) != 0;
	struct buf line;

	buf_init(&line, 2 * (size_t)LINE_MAX_BYTES);
	if (torn)
		buf_char(&line, '\n');
	add_lost(&line, lost);
	log_line_add(&line, form, level, message, facts, n);
	if (line.err != OK || !put(buf_view(&line))) {
		metrics_count(METRIC_LOG_LOST);
		metrics_add(METRIC_LOG_UNTOLD, lost + 1);
		if (torn)
			metrics_set(METRIC_LOG_TORN, 1);
	}
	buf_release(&line);
	errno = saved;
}

void
log_facts(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	if (level <= shown)
		write_line(level, message, facts, n);
}

/* ---- the limit of messages per kind ----------------------------------- */

/* Messages of one format. */
struct kind {
	const char *format; /* NULL: the entry is free */
	int64_t since_ms;
	unsigned written;
	uint64_t left_out;
	enum log_level level;
	char last[160]; /* beginning of the last message left out */
};

static struct kind kinds[KINDS_MAX];
static bool limited;

void
log_limit(void)
{
	limited = true;
}

static void
say_left_out(struct kind *kind)
{
	const struct log_fact facts[] = {
	    {"left_out", LOG_FACT_NUMBER, STR(""), kind->left_out}};

	if (kind->left_out > 0)
		log_facts(kind->level, str_from(kind->last), facts, 1);
	*kind = (struct kind){.format = NULL};
}

void
log_summarise(bool all)
{
	const int64_t now_ms = clock_ms();

	for (size_t i = 0; i < KINDS_MAX; i++)
		if (kinds[i].format != NULL &&
		    (all || now_ms - kinds[i].since_ms >= KIND_MS))
			say_left_out(&kinds[i]);
}

/* The entry of this format. When the table is full, the oldest is evicted. */
static struct kind *
find_kind(const char *format, int64_t now_ms)
{
	struct kind *kind = &kinds[0];

	for (size_t i = 0; i < KINDS_MAX; i++) {
		if (kinds[i].since_ms < kind->since_ms)
			kind = &kinds[i];
		if (kinds[i].format == format) {
			kind = &kinds[i];
			break;
		}
	}
	if (kind->format == format && now_ms - kind->since_ms < KIND_MS)
		return kind;
	say_left_out(kind);
	*kind = (struct kind){.format = format, .since_ms = now_ms};
	return kind;
}

/* Is this message above the limit of its kind? If so, it is counted. */
static bool
is_too_much(enum log_level level, const char *format, const char *message)
{
	struct kind *kind;

	if (!limited)
		return false;
	kind = find_kind(format, clock_ms());
	if (kind->written < KIND_MESSAGES) {
		kind->written++;
		return false;
	}
	kind->left_out++;
	kind->level = level;
	snprintf(kind->last, sizeof(kind->last), "%.*s",
	    (int)sizeof(kind->last) - 1, message);
	metrics_count(METRIC_LOG_LEFT_OUT);
	return true;
}

/* ---- messages -------------------------------------------------------- */

static void log_message(enum log_level level, const char *format, va_list args)
    PRINTF_LIKE(2, 0);

static void
log_message(enum log_level level, const char *format, va_list args)
{
	char message[MESSAGE_MAX_BYTES];

	if (level > shown)
		return;
	(void)utf8_message(message, sizeof(message), format, args);
	/* Debug messages are not limited: they must show each request. */
	if (level < LOG_LEVEL_DEBUG && is_too_much(level, format, message))
		return;
	write_line(level, str_from(message), NULL, 0);
}

#define LOG_FUNCTION(name, level)                 \
	void name(const char *format, ...)        \
	{                                         \
		va_list args;                     \
		va_start(args, format);           \
		log_message(level, format, args); \
		va_end(args);                     \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
