/* SPDX-License-Identifier: ISC */
/*
 * One line a message. Whatever a message holds is made printable here, so
 * that no caller can forge a line or reach a terminal.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"

enum { LINE_MAX_BYTES = 2048 };

static enum log_level shown = LOG_LEVEL_INFO;

void
log_set_level(enum log_level level)
{
	shown = level;
}

static void log_line(enum log_level level, const char *format, va_list args)
    PRINTF_LIKE(2, 0);

static void
log_line(enum log_level level, const char *format, va_list args)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char message[LINE_MAX_BYTES];
	struct buf line;
	struct str text;
	int n;

	if (level > shown)
		return;
	n = vsnprintf(message, sizeof(message), format, args);
	if (n < 0)
		return;
	text = str_from(message);
	buf_init(&line, 5 * (size_t)LINE_MAX_BYTES);
	clock_add_utc(&line, clock_now_s());
	buf_printf(&line, " %s ", names[level]);
	utf8_add_log(&line, text, 4 * (size_t)LINE_MAX_BYTES);
	buf_char(&line, '\n');
	if (line.err == OK && write(2, line.data, line.len) < 0)
		errno = 0; /* nobody is left to tell */
	buf_release(&line);
}

#define LOG_FUNCTION(name, level)              \
	void name(const char *format, ...)     \
	{                                      \
		va_list args;                  \
		va_start(args, format);        \
		log_line(level, format, args); \
		va_end(args);                  \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
