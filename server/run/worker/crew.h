/* SPDX-License-Identifier: ISC */
/*
 * The crew: every worker that lives, of whatever generation, serving or
 * leaving. Each has a seat for its gauges (base/metrics.h) and a socket by
 * which the parent hands it another log.
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
	size_t place; /* among the workers of its generation, from 0 */
	int64_t started_ms;
	int seat;
	int control; /* the parent's end */
	bool behind; /* it has not been handed the last log */
};

/* Zeroed: nobody. */
struct crew {
	struct crew_member member[CREW_MAX];
	size_t count;
};

/*
 * Before a fork: make the sockets and take a seat. *worker is the end that
 * the child has and the parent closes. ERR_IO, ERR_LIMIT.
 */
enum err crew_prepare(const struct crew *crew, struct crew_member *member,
    int *worker) MUST_CHECK;
/* After it, in the parent: it lives, or (pid < 0) it does not. */
void crew_add(struct crew *crew, const struct crew_member *member);
/* It has ended. Those who were no members are none of ours. */
void crew_ended(struct crew *crew, pid_t pid);

/* Let all write to the log behind fd from now on. false: some are stopped and
 * have too much to take already; hand it to them later. */
bool crew_hand_log(struct crew *crew, int fd);
/* The same, for those. */
bool crew_hand_log_again(struct crew *crew, int fd);
/* In the worker: take what has been handed. false: nothing. */
bool crew_take_log(int worker);

#endif
