/* SPDX-License-Identifier: ISC */
/*
 * The nightly work. The scripts of the capsule's nightly/ change the database.
 * Then it is cleaned up and copied, and the copy is
 * verified. The scripts of the capsule's export/ make new databases from the
 * copy. These are published below /download/, with their tables as CSV.
 *
 *	STATE/nightly/  working files; `done` has the time of the last success
 *	STATE/public/   published files; a file in the making is .NAME
 */
#ifndef GUIJU_STORE_NIGHTLY_NIGHTLY_H
#define GUIJU_STORE_NIGHTLY_NIGHTLY_H

#include "base/buf.h"

/* In the state folder. */
#define NIGHTLY_FOLDER "nightly"
#define NIGHTLY_DONE "nightly/done"
#define NIGHTLY_PUBLIC "public"

/*
 * Run all steps; each step and each failure is logged. After a failure the
 * other steps are tried nevertheless. From a damaged database no files are
 * made: the old files stay. capsule and state are folders. The database must
 * exist and be at the capsule's schema. Gives the first failure. ERR_BUSY:
 * another nightly run is at work. ERR_INPUT: the database is damaged, or a
 * script of the capsule is wrong. ERR_LIMIT: the disk has too little room.
 * ERR_IO.
 */
enum err nightly_run(const char *capsule, const char *state) MUST_CHECK;

/*
 * scripts.c: run the scripts of the capsule's nightly/ on a database that is at
 * the capsule's schema, each once per local day, in one transaction of at most
 * LIMIT_WRITE_MS, or in portions that are such transactions. What each has
 * changed is logged, and so is a failure; the others run nevertheless.
 *
 * With a report (which is not NULL) this is a dry run: each script is run, on
 * whatever day, and rolled back; one that works in portions runs one portion.
 * report gets a line for each, and the first failure ends the run. Gives the
 * first failure; why gets one line. ERR_INPUT: a script fails, or a transaction
 * takes too long; ERR_LATE: all portions together do; ERR_BUSY, ERR_IO,
 * ERR_NOMEM.
 */
enum err nightly_scripts(const char *capsule, const char *database,
    struct buf *report, struct buf *why) MUST_CHECK;

#endif
