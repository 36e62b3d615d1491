/* SPDX-License-Identifier: ISC */
/*
 * The parent: it binds the sockets, forks and watches the workers, and never
 * reads a byte of a client.
 */
#ifndef GUIJU_RUN_PARENT_PARENT_H
#define GUIJU_RUN_PARENT_PARENT_H

#include <sys/types.h>

#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/process.h"

/*
 * Serve a capsule in the foreground until SIGTERM or SIGINT. When all workers
 * serve, one line "ready gemini://… gopher://…" goes to standard output. SIGHUP
 * reads configuration and capsule again: if both are good they replace the old
 * ones without a lost connection, otherwise nothing changes. SIGUSR1 opens the
 * log again. capsule, flags: the pointers are kept. Returns the exit status;
 * errors are complained of and logged.
 */
enum status parent_run(const char *capsule, const struct config_flags *flags);

/*
 * When the nightly work (store/nightly/) is due, and the child that does it:
 * one at a time, with low priority and a time limit. Zeroed: nothing is
 * planned.
 */
struct nights {
	pid_t pid;       /* the child at work; 0: none */
	int64_t next_s;  /* when the next work begins, UTC; 0: never */
	int64_t soon_ms; /* when to make up for missing work; 0: not missing */
	bool planned;    /* nights_plan() has been called */
};

/*
 * The first moment after now_s (seconds, UTC) with the time of day `time`, by
 * its own offset from UTC, or without one by the zone of the capsule
 * (base/zone.h). 0: time is off.
 */
int64_t nights_after(const struct config_time *time, int64_t now_s);

/*
 * Plan by a configuration that begins to serve. At the first call, if the state
 * folder has no nightly work of the last 24 hours, the work begins soon.
 */
void nights_plan(
    struct nights *nights, const struct config *config, int64_t now_ms);

/* Fork the child if the work is due. */
void nights_tick(
    struct nights *nights, const struct config *config, int64_t now_ms);

/* If pid was the child at work, log how it ended. false: it was not. */
bool nights_ended(struct nights *nights, pid_t pid, int wait_status);

/* When to call nights_tick() again (monotonic); INT64_MAX: never. */
int64_t nights_next_ms(const struct nights *nights, int64_t now_ms);

/* Stop: tell the child to leave within time_ms, and plan nothing any more. */
void nights_stop(struct nights *nights, struct leaving *leaving, int64_t now_ms,
    int64_t time_ms);

/* Do the nightly work in this process: become the user, enter the sandbox,
 * work. Returns the exit status. */
enum status nights_work(const struct config *config);

#endif
