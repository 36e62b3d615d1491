/* SPDX-License-Identifier: ISC */
/*
 * Errors for people. A message keeps its UTF-8, which a line of the log does
 * not: the author of a Chinese capsule must be able to read a finding on the
 * terminal.
 */
#include "run/config/complain.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/utf8.h"

enum { MESSAGE_MAX_BYTES = 2048 };

static const char *command; /* name of the subcommand; NULL: not known yet */

enum status
status_of(enum err err)
{
	switch (err) {
	case OK:
		return STATUS_OK;
	case ERR_INPUT:
	case ERR_MISSING:
		return STATUS_REFUSED;
	default:
		return STATUS_FAILURE;
	}
}

void
complain_as(const char *name)
{
	command = name;
}

/* Keep the first complaint for `guiju status`: it names the cause. Those that
 * follow are consequences. */
static void
keep_first(const char *message)
{
	char kept[METRICS_TEXT_SIZE];

	metrics_read_text(TEXT_COMPLAINT, kept);
	if (kept[0] == '\0')
		metrics_set_text(TEXT_COMPLAINT, str_from(message));
}

void
complain_write(struct str message)
{
	struct buf line;

	buf_init(&line, 4 * (size_t)MESSAGE_MAX_BYTES);
	buf_text(&line, "guiju: ");
	if (command != NULL)
		buf_printf(&line, "%s: ", command);
	utf8_add_line(&line, message);
	buf_char(&line, '\n');
	if (line.err == OK && write(2, line.data, line.len) < 0)
		errno = 0; /* standard error is lost: nowhere to report it */
	buf_release(&line);
}

void
complain(const char *format, ...)
{
	char message[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	(void)utf8_message(message, sizeof(message), format, args);
	va_end(args);
	keep_first(message);
	if (!log_tell(str_from(message)))
		complain_write(str_from(message));
}
