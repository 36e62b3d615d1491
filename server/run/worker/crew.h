/* SPDX-License-Identifier: ISC */
/*
 * The crew: the table of all living workers, of all generations, serving or
 * leaving. Each worker has a seat for its gauges (base/metrics.h) and a socket
 * through which the parent sends it the descriptor of another log.
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
	int control; /* the parent's end */
	bool behind; /* has not been sent the newest log yet */
};

/* Zeroed: no workers. */
struct crew {
	struct crew_member member[CREW_MAX];
	size_t count;
};

/*
 * Call before a fork: makes the pair of sockets and takes a seat. *worker is
 * the child's end, which the parent closes after the fork. ERR_LIMIT: the crew
 * is full; ERR_IO. errno says why.
 */
enum err crew_prepare(const struct crew *crew, struct crew_member *member,
    int *worker) MUST_CHECK;
/* Call after the fork, in the parent: adds the worker. If the fork failed
 * (pid < 0), frees its socket and its seat instead. */
void crew_add(struct crew *crew, const struct crew_member *member);
/* The process has ended: remove it. Unknown pids are ignored. */
void crew_ended(struct crew *crew, pid_t pid);

/* Tell all workers to write to the log fd from now on. false: the socket of a
 * worker is full, because the worker is stopped; call crew_hand_log_again()
 * later. */
bool crew_hand_log(struct crew *crew, int fd);
/* The same for the workers that are still behind. */
bool crew_hand_log_again(struct crew *crew, int fd);
/* In the worker: receive a log and use it. worker: its socket. false: nothing
 * was received. */
bool crew_take_log(int worker);

#endif
