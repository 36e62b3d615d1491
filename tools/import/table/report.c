/* SPDX-License-Identifier: ISC */
/* Progress goes to a terminal only, and leaves it before anything else is
 * said. */
#include "tools/import/table/report.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "run/config/complain.h"

enum {
	PROGRESS_MS = 200,
	PROGRESS_ROWS = 256 /* the clock is looked at once in so many */
};

bool
report_is_due(struct report *report, size_t rows)
{
	int64_t now_ms;

	if (rows % PROGRESS_ROWS != 0 || report->quiet ||
	    !isatty(STDERR_FILENO))
		return false;
	now_ms = clock_ms();
	if (report->shown && now_ms - report->shown_ms < PROGRESS_MS)
		return false;
	report->shown_ms = now_ms;
	return true;
}

void
report_show(struct report *report, const char *format, ...)
{
	va_list args;

	report->shown = true;
	fprintf(stderr, "\r");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\033[K");
	fflush(stderr);
}

void
report_hide(struct report *report)
{
	if (report->shown)
		fprintf(stderr, "\r\033[K");
	report->shown = false;
}

/* Where refused rows go; opened for the first. NULL: standard error. */
static FILE *
errors_file(struct report *report)
{
	char *path = report->errors_path;
	const char *name = report->errors_name;
	size_t size = sizeof(report->errors_path);
	int n;

	if (report->errors != NULL || report->refused > 1)
		return report->errors;
	n = name != NULL ? snprintf(path, size, "%s", name)
			 : snprintf(path, size, "%s.errors", report->file);
	if (n > 0 && n < (int)size)
		report->errors = fopen(path, "we");
	if (report->errors == NULL) {
		report_hide(report);
		complain("cannot write %s: %s; refused rows follow",
		    path, strerror(errno));
	}
	return report->errors;
}

const char *
report_errors(const struct report *report)
{
	return report->errors != NULL ? report->errors_path : NULL;
}

void
report_refuse(struct report *report, size_t line, struct str why)
{
	FILE *file;

	report->refused++;
	file = errors_file(report);
	if (report->shows) {
		report_hide(report);
		printf("%6zu  refused  %.*s\n", line, STR_ARG(why));
	}
	if (file != NULL) {
		fprintf(
		    file, "%s:%zu: %.*s\n", report->file, line, STR_ARG(why));
		return;
	}
	if (report->shows)
		return;
	report_hide(report);
	complain("%s:%zu: %.*s", report->file, line, STR_ARG(why));
}

void
report_say(struct report *report, size_t line, struct str lines)
{
	struct str part;

	if (lines.len == 0 || report->quiet)
		return;
	report_hide(report);
	while (str_next_line(&lines, &part))
		if (line > 0)
			printf("%6zu  %.*s\n", line, STR_ARG(part));
		else
			printf("%.*s\n", STR_ARG(part));
}

enum err
report_end(struct report *report)
{
	FILE *errors = report->errors;

	report->errors = NULL;
	return errors != NULL && fclose(errors) != 0 ? ERR_IO : OK;
}
