/* SPDX-License-Identifier: ISC */
/*
 * When the night's work (store/nightly/) is due, and the child that does it:
 * one at a time, of low priority, and not for ever.
 */
#ifndef GUIJU_RUN_PARENT_NIGHTS_H
#define GUIJU_RUN_PARENT_NIGHTS_H

#include <sys/types.h>

#include "run/config/config.h"
#include "run/worker/leaving.h"

/* Zeroed: nothing is planned. */
struct nights {
	pid_t pid;       /* the child at work; 0: nobody */
	int64_t next_s;  /* when the next begins, UTC; 0: never */
	int64_t soon_ms; /* this run's first, if one is missing; 0: it is not */
	bool planned;    /* has been planned since the start */
};

/*
 * The first moment after now_s (UTC seconds) at which it is `time` of day, by
 * its own offset from UTC or by the zone of the capsule (base/zone.h). 0:
 * never, it is off.
 */
int64_t nights_after(const struct config_time *time, int64_t now_s);

/*
 * A configuration serves: plan by it. At the first call, where the state
 * folder has no night's work of the last 24 hours, one begins soon.
 */
void nights_plan(
    struct nights *nights, const struct config *config, int64_t now_ms);

/* Begin what is due. */
void nights_tick(
    struct nights *nights, const struct config *config, int64_t now_ms);

/* If pid was the child at work, say how it ended. */
bool nights_ended(struct nights *nights, pid_t pid, int wait_status);

/* When to call nights_tick again (monotonic); INT64_MAX: no need. */
int64_t nights_next_ms(const struct nights *nights, int64_t now_ms);

/* Stop: the child is told to leave, and nothing begins any more. */
void nights_stop(struct nights *nights, struct leaving *leaving, int64_t now_ms,
    int64_t time_ms);

/* What the child does, in the foreground: become the user, work. An enum
 * status. */
enum status nights_work(const struct config *config);

#endif
