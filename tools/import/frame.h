/* SPDX-License-Identifier: ISC */
/*
 * What all imports, `guiju sql`, `guiju desk` and `guiju member` share: the
 * portal's opened database, its transactions, the progress line, and the exit
 * status.
 */
#ifndef GUIJU_TOOLS_IMPORT_FRAME_H
#define GUIJU_TOOLS_IMPORT_FRAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "run/config/config.h"
#include "store/store.h"

struct frame {
	const char *capsule;              /* the folder; kept */
	const struct config_flags *flags; /* such as --state; kept */
	bool dry_run;  /* a missing database is made in /tmp, then removed */
	bool existing; /* a missing database is refused */
	bool reads;    /* the database is opened for reading, as it is */
	bool codes;    /* one-time codes are made: the seals' key is read */
};

/* The options that all imports share: a row of struct setting without its
 * field. */
#define FRAME_CAPSULE                                             \
	.name = "capsule", .takes = "DIR", .help = "the capsule", \
	.type = SETTING_TEXT, .value = "capsule", .min = 1,       \
	.wants = "a folder"
#define FRAME_DRY_RUN                                          \
	.name = "dry-run",                                     \
	.help = "store nothing, but say what would be stored", \
	.type = SETTING_SWITCH
#define FRAME_QUIET                                             \
	.name = "quiet",                                        \
	.help = "print refusals, notes and the last line only", \
	.type = SETTING_SWITCH

/*
 * Migrate and open the database, call use() with it, and close it. A database
 * that exists is migrated in a dry run as well. A store that only reads has no
 * writer, and is not migrated; a function of the capsule that does not compile
 * on such a database is left out, with a message. Returns what use() returned,
 * or an enum status after a message.
 */
int frame_use(const struct frame *frame,
    int (*use)(struct store *store, void *context), void *context);

/* Run statements that return no rows. ERR_*: why gets the database's message.
 * Never ERR_INPUT. */
enum err frame_execute(
    sqlite3 *db, const char *sql, struct buf *why) MUST_CHECK;
/* Roll back the transaction, if one is open. */
void frame_roll_back(sqlite3 *db);

/* Flush standard output at the end. Returns status, or STATUS_FAILURE after a
 * message if the output could not be written. */
int frame_finish(int status);

/* The progress of an import, as one line on standard error. Zeroed: off. */
struct progress {
	bool on, shown;
	int64_t shown_ms;
};
/* Switch progress on, if it is wanted and standard error is a terminal. */
void progress_begin(struct progress *progress, bool wanted);
/* Is it time to show progress again? It is after 200 ms. */
bool progress_is_due(struct progress *progress);
/* Show a line; it replaces the line shown before. */
void progress_show(struct progress *progress, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Remove the line. Call this before other output, and at the end. */
void progress_hide(struct progress *progress);

#endif
