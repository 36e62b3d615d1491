/* SPDX-License-Identifier: ISC */
/*
 * Making lines and writing them, or sending messages to the logger.
 * base/log_line.c makes every byte of a message printable, so no message can
 * forge a second line or control a terminal.
 */
#include "base/log.h"

#include <sys/socket.h>
#include <errno.h>
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
static bool sends;      /* out_fd is the socket of a logger */
static bool stalled;    /* the last message did not get into the socket */
static bool torn;       /* the last line is incomplete: the next one ends it */
static uint64_t untold; /* lost lines that no line has reported yet */
static struct log_origin origin; /* of this process; no name: none is written */

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

void
log_name_process(const char *name)
{
	origin = (struct log_origin){name, (long)getpid()};
}

void
log_use(int fd)
{
	out_fd = fd;
	sends = false;
}

void
log_send_to(int socket)
{
	out_fd = socket;
	sends = true;
}

/* ---- writing --------------------------------------------------------- */

static void
add_line(struct buf *out, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	log_line_add(out, form, origin.process == NULL ? NULL : &origin, level,
	    message, facts, n);
}

/* Append a line that gives the number of lost lines; nothing if there are
 * none. */
static void
add_lost(struct buf *out, uint64_t lost)
{
	const struct log_fact count[] = {
	    {"lost", LOG_FACT_NUMBER, STR(""), lost}};

	if (lost > 0)
		add_line(out, LOG_LEVEL_ERROR,
		    STR("log: lines could not be written"), count, 1);
}

/* Write as much as there is room for: a disk that is nearly full takes a part
 * only. Gives the number of bytes that were written. */
static size_t
write_all(struct str text)
{
	size_t written = 0;
	ssize_t n = 1;

	while (written < text.len && (n > 0 || (n < 0 && errno == EINTR))) {
		n = write(out_fd, text.data + written, text.len - written);
		if (n > 0)
			written += (size_t)n;
	}
	return written;
}

void
log_write_lines(struct str lines)
{
	const uint64_t lost = untold + metrics_take(METRIC_LOG_UNTOLD);
	struct buf whole;
	size_t head, written;

	buf_init(&whole, LINE_MAX_BYTES + lines.len);
	if (torn)
		buf_char(&whole, '\n');
	add_lost(&whole, lost);
	head = whole.len;
	buf_str(&whole, lines);
	written = whole.err == OK ? write_all(buf_view(&whole)) : 0;
	if (written > 0)
		torn = whole.data[written - 1] != '\n';
	untold = written < head ? lost : 0;
	for (size_t i = written < head ? 0 : written - head; i < lines.len; i++)
		if (lines.data[i] == '\n') {
			metrics_count(METRIC_LOG_LOST);
			untold++;
		}
	buf_release(&whole);
}

/* Send a message to the logger. When its socket is full, wait as long as the
 * socket says (run/worker/logger.c), but not a second time in a row: a logger
 * that is stuck must not slow this process down. */
static void
send_record(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	struct buf record;
	ssize_t sent = -1;

	buf_init(&record, LOG_RECORD_MAX_BYTES);
	log_record_add(&record, level, message, facts, n);
	if (record.err == OK) {
		do
			sent = send(out_fd, record.data, record.len,
			    MSG_NOSIGNAL | (stalled ? MSG_DONTWAIT : 0));
		while (sent < 0 && errno == EINTR);
		stalled = sent < 0;
	}
	if (sent < 0) {
		metrics_count(METRIC_LOG_LOST);
		metrics_count(METRIC_LOG_UNTOLD);
	}
	buf_release(&record);
}

static void
write_message(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	const int saved = errno; /* the caller may still need it */
	struct buf line;

	if (sends) {
		send_record(level, message, facts, n);
	} else {
		buf_init(&line, LINE_MAX_BYTES);
		add_line(&line, level, message, facts, n);
		if (line.err == OK) {
			log_write_lines(buf_view(&line));
		} else {
			metrics_count(METRIC_LOG_LOST);
			untold++;
		}
		buf_release(&line);
	}
	errno = saved;
}

bool
log_tell(struct str message)
{
	if (sends)
		write_message(LOG_LEVEL_COMPLAINT, message, NULL, 0);
	return sends;
}

void
log_facts(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	if (level <= shown)
		write_message(level, message, facts, n);
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
	write_message(level, str_from(message), NULL, 0);
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
