/* SPDX-License-Identifier: ISC */
/*
 * Processes that have been told to end and have not ended yet: workers of an
 * old generation, a rehearsal that is no longer wanted. A process that still
 * runs at its deadline is killed.
 */
#ifndef GUIJU_RUN_WORKER_LEAVING_H
#define GUIJU_RUN_WORKER_LEAVING_H

#include <sys/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEAVING_MAX = 256 };

/* Zeroed: no processes. */
struct leaving {
	struct {
		pid_t pid;
		int64_t deadline_ms;
	} item[LEAVING_MAX];
	size_t count;
};

/* Send the signal to pid; its deadline is in time_ms. If the list is full, the
 * process with the earliest deadline is killed and leaves the list. */
void leaving_add(struct leaving *list, pid_t pid, int signal_number,
    int64_t now_ms, int64_t time_ms);
/* Send the signal to all; no deadline stays later than in time_ms. */
void leaving_hurry(
    struct leaving *list, int signal_number, int64_t now_ms, int64_t time_ms);
/* The process has ended: remove it. false: it is not in the list. */
bool leaving_ended(struct leaving *list, pid_t pid);
/* Kill the processes whose deadline has passed. */
void leaving_kill_late(struct leaving *list, int64_t now_ms);
/* When to call leaving_kill_late() next; INT64_MAX: never. */
int64_t leaving_next_ms(const struct leaving *list);

#endif
