/* SPDX-License-Identifier: ISC */
/*
 * Failures that are not the reader's: a page's or the world's. The reader
 * gets a reference with the refusal, and the log says under the same
 * reference what happened.
 *
 * The same failure again within a minute has the reference of the first and
 * is counted; the log then says how often.
 */
#ifndef GUIJU_PAGE_RUN_FAILURE_H
#define GUIJU_PAGE_RUN_FAILURE_H

#include "base/arena.h"
#include "page/reply.h"

struct failure {
	struct str place;    /* file, as pages/note/[id].gmi; may be empty */
	unsigned line;       /* 0: the whole file */
	const char *message; /* for the log only */
	const char *sql;     /* the statement, or NULL */
};

/* Make *reply a REFUSAL_BROKEN that tells a reference, in reply->words, and
 * tell the log. */
void failure_refuse(
    struct reply *reply, struct arena *arena, const struct failure *failure);

/* Say how often the last minute's failures came again; all: whenever. To be
 * called every few seconds, and once at the end. */
void failure_summarise(bool all);

#endif
