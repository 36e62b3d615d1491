/* SPDX-License-Identifier: ISC */
/*
 * What a portal's database wants once a night, and the files that are made of
 * it for everybody: the database is tended, copied, the copy verified, and the
 * scripts of the capsule's export/ make new databases of it, which are given
 * out below /download/ with their tables as CSV.
 *
 *	STATE/nightly/  is worked in; `done` says when a night last went well
 *	STATE/public/   holds what is given out; what is being made as .NAME
 */
#ifndef GUIJU_STORE_NIGHTLY_NIGHTLY_H
#define GUIJU_STORE_NIGHTLY_NIGHTLY_H

#include "base/err.h"

/* In the state folder. */
#define NIGHTLY_FOLDER "nightly"
#define NIGHTLY_DONE "nightly/done"
#define NIGHTLY_PUBLIC "public"

/*
 * Do all of it; the log tells each step and what is wrong. What fails keeps no
 * other step from being tried, but a damaged database makes no files: the old
 * ones stay. capsule and state: folders; the database must be there, brought
 * up to the capsule's schema. Gives the first failure: ERR_BUSY another night
 * is at work; ERR_INPUT the database is damaged, or a script of the capsule is
 * wrong; ERR_IO; ERR_LIMIT there is too little room on the disk.
 */
enum err nightly_run(const char *capsule, const char *state) MUST_CHECK;

#endif
