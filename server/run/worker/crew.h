/* SPDX-License-Identifier: ISC */
/*
 * The crew: the table of all living workers, of all generations, serving or
 * leaving. Each worker has a seat for its gauges (base/metrics.h).
 */
#ifndef GUIJU_RUN_WORKER_CREW_H
#define GUIJU_RUN_WORKER_CREW_H

#include <sys/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { CREW_MAX = 512 };

struct crew_member {
	pid_t pid;
	unsigned generation;
	size_t index; /* among the workers of its generation, from 0 */
	int64_t started_ms;
	int seat;
};

/* Zeroed: no workers. */
struct crew {
	struct crew_member member[CREW_MAX];
	size_t count;
};

/* Call before a fork: takes a seat. ERR_LIMIT: the crew is full, and errno says
 * so. */
enum err crew_prepare(
    const struct crew *crew, struct crew_member *member) MUST_CHECK;
/* Call after the fork, in the parent: adds the worker. If the fork failed
 * (pid < 0), frees its seat instead. */
void crew_add(struct crew *crew, const struct crew_member *member);
/* The process has ended: remove it. Unknown pids are ignored. */
void crew_ended(struct crew *crew, pid_t pid);

#endif
