/* SPDX-License-Identifier: ISC */
#include "tools/import/table/internal.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "run/config/complain.h"

/* The name under which a file of refused rows is made. */
static bool
new_path(const struct report *report, char out[REPORT_PATH_BYTES])
{
	int n = snprintf(out, REPORT_PATH_BYTES, "%s.new", report->errors_path);

	return n > 0 && n < REPORT_PATH_BYTES;
}

/*
 * Open report->errors_path for writing. The file is made under another name,
 * and gets its own at the end: whoever may write to the folder could have put a
 * link there, which leads to a file of ours. Only a device or a pipe is written
 * to directly. NULL, with errno.
 */
static FILE *
open_errors(struct report *report)
{
	char path[REPORT_PATH_BYTES];
	struct stat st;
	const bool there = lstat(report->errors_path, &st) == 0;
	FILE *file;
	int fd;

	if (there && S_ISLNK(st.st_mode)) {
		errno = ELOOP;
		return NULL;
	}
	if (!new_path(report, path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	report->renames = !there || S_ISREG(st.st_mode);
	if (report->renames)
		unlink(path);
	fd = report->renames
	    ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		  0666)
	    : open(report->errors_path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

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
		report->errors = open_errors(report);
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
	char path[REPORT_PATH_BYTES];

	report->errors = NULL;
	if (errors == NULL)
		return OK;
	if (fclose(errors) != 0)
		return ERR_IO;
	return !report->renames ||
		(new_path(report, path) &&
		    rename(path, report->errors_path) == 0)
	    ? OK
	    : ERR_IO;
}
