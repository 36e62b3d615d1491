/* SPDX-License-Identifier: ISC */
/*
 * What the operator hears of a file while it is imported: how far it is, which
 * rows are refused, what the capsule's statements say.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_REPORT_H
#define GUIJU_TOOLS_IMPORT_TABLE_REPORT_H

#include <stdio.h>

#include "base/buf.h"
#include "tools/import/frame.h"

enum { REPORT_PATH_BYTES = 4096 };

/* Begins zeroed, but for the names, quiet and shows. */
struct report {
	const char *file;        /* the one at hand; kept */
	const char *errors_name; /* where refused rows go; NULL: FILE.errors;
				  * kept */
	bool quiet;
	bool shows;     /* refused rows are also printed, among what is said */
	size_t refused; /* rows of this file so far */
	struct progress progress;
	/* For report.c. */
	FILE *errors;
	char errors_path[REPORT_PATH_BYTES];
};

/* A row is not stored. */
void report_refuse(struct report *report, size_t line, struct str why);

/* The file that refused rows of this file are in; NULL: in none. */
const char *report_errors(const struct report *report);

/* Print lines that the statements of a row said; line 0: of the whole file. */
void report_say(struct report *report, size_t line, struct str lines);

/* The file is done. ERR_IO: refused rows could not be written. */
enum err report_end(struct report *report) MUST_CHECK;

#endif
