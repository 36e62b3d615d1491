/* SPDX-License-Identifier: ISC */
/*
 * What all imports share: the database of a portal, opened for them, its
 * transactions, how far they are, and the exit status.
 */
#ifndef GUIJU_TOOLS_IMPORT_FRAME_H
#define GUIJU_TOOLS_IMPORT_FRAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "run/config/config.h"
#include "store/store.h"

struct frame {
	const char *capsule;              /* the folder; kept */
	const struct config_flags *flags; /* --state and its like; kept */
	bool dry_run; /* leave no trace, not even a new database */
};

/*
 * Migrate and open the database, give it to use(), close it. Gives what use()
 * gave, or an enum status after a complaint.
 */
int frame_use(const struct frame *frame,
    int (*use)(struct store *store, void *context), void *context);

/* Run statements without rows. ERR_*: why says what the database said. */
enum err frame_execute(
    sqlite3 *db, const char *sql, struct buf *why) MUST_CHECK;
/* Take back the transaction, if one is open. */
void frame_roll_back(sqlite3 *db);

/* All has been printed: gives status, or STATUS_FAILURE after a complaint if
 * standard output could not take it. */
int frame_finish(int status);

/* How far an import is, in a line of standard error. Zeroed: off. */
struct progress {
	bool on, shown;
	int64_t shown_ms;
};
/* Begin, if it is wanted and standard error is a terminal. */
void progress_begin(struct progress *progress, bool wanted);
/* Is it time to show it again? */
bool progress_is_due(struct progress *progress);
/* Show a line in place of the one that is shown. */
void progress_show(struct progress *progress, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Before anything else is printed, and at the end. */
void progress_hide(struct progress *progress);

#endif
