/* SPDX-License-Identifier: ISC */
/*
 * Failures that the reader has not caused: a mistake in a page, a full disk.
 * The refusal tells the reader a reference. The log has the same reference with
 * the reason.
 *
 * If the same failure is repeated within a minute, it has the reference of the
 * first one and is only counted. The log then tells the count.
 */
#ifndef GUIJU_PAGE_RUN_FAILURE_H
#define GUIJU_PAGE_RUN_FAILURE_H

#include "base/arena.h"
#include "page/reply.h"

struct failure {
	struct str file; /* of the page, pages/note/[id].gmi; may be empty */
	unsigned line;   /* 0: the whole file */
	const char *message; /* for the log only */
	const char *sql;     /* the statement, or NULL */
};

/* Log the failure and make *reply a REFUSAL_BROKEN with its reference. The
 * sentence is in reply->words; its memory is in the arena. */
void failure_refuse(
    struct reply *reply, struct arena *arena, const struct failure *failure);

/* Log how often each failure older than a minute was repeated, and forget it.
 * all: do so for failures of any age. Call it every few seconds, and with all
 * before the process ends. */
void failure_summarise(bool all);

#endif
