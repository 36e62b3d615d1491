/* SPDX-License-Identifier: ISC */
/*
 * An import of tables: each row of each file is given to the capsule's SQL
 * (steps.h), one file in one transaction.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_LOAD_H
#define GUIJU_TOOLS_IMPORT_TABLE_LOAD_H

#include <sqlite3.h>

#include "base/buf.h"

struct load_options {
	const char *capsule;  /* the folder */
	const char *kind;     /* what: CAPSULE/import/KIND.sql */
	const char *source;   /* whose data it is; NULL: as the rows say */
	const char *verified; /* the day of the data; NULL: the file's */
	const char *errors;   /* where refused rows go; NULL: FILE.errors */
	bool dry_run, commit, quiet;
};

/*
 * Import the files. *refused counts the rows that were not stored. ERR_*: one
 * file failed, a complaint has been made, and the files after it were not
 * tried. ERR_INPUT: it is the file's or the capsule's fault.
 */
enum err load_files(sqlite3 *db, const struct load_options *options,
    char *const *files, size_t count, size_t *refused) MUST_CHECK;

/* Take back an import by its number. ERR_INPUT: it cannot be. */
enum err load_undo(
    sqlite3 *db, const struct load_options *options, int64_t batch) MUST_CHECK;

#endif
