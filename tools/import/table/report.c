/* SPDX-License-Identifier: ISC */
#include "tools/import/table/internal.h"

#include <errno.h>
#include <string.h>

#include "run/config/complain.h"

/* The file of refused rows, opened for the first one. NULL: it cannot be
 * written; refused rows go to the terminal. */
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
		progress_hide(&report->progress);
		complain("cannot write %s: %s; refused rows follow", path,
		    strerror(errno));
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
		progress_hide(&report->progress);
		printf("%6zu  refused  %.*s\n", line, STR_ARG(why));
	}
	if (file != NULL) {
		fprintf(
		    file, "%s:%zu: %.*s\n", report->file, line, STR_ARG(why));
		return;
	}
	if (report->shows)
		return;
	progress_hide(&report->progress);
	complain("%s:%zu: %.*s", report->file, line, STR_ARG(why));
}

void
report_say(struct report *report, size_t line, struct str lines)
{
	struct str part;

	if (lines.len == 0 || report->quiet)
		return;
	progress_hide(&report->progress);
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
