/* SPDX-License-Identifier: ISC */
/*
 * Processes that have been told to end and have not yet: workers of an old
 * generation, a rehearsal that is no longer wanted. Each has its last moment.
 */
#ifndef GUIJU_RUN_WORKER_LEAVING_H
#define GUIJU_RUN_WORKER_LEAVING_H

#include <sys/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEAVING_MAX = 256 };

/* Zeroed: nobody is leaving. */
struct leaving {
	struct {
		pid_t pid;
		int64_t deadline_ms;
	} item[LEAVING_MAX];
	size_t count;
};

/* Send the signal to pid and give it time_ms. When there are too many, the
 * one that has had the longest time is killed. */
void leaving_add(struct leaving *list, pid_t pid, int signal_number,
    int64_t now_ms, int64_t time_ms);
/* Tell all again, and give none more than time_ms. */
void leaving_hurry(
    struct leaving *list, int signal_number, int64_t now_ms, int64_t time_ms);
/* It has ended. false: it was none of these. */
bool leaving_ended(struct leaving *list, pid_t pid);
/* Kill those whose time is over. */
void leaving_kill_late(struct leaving *list, int64_t now_ms);
/* When that is next to be called; INT64_MAX: never. */
int64_t leaving_next_ms(const struct leaving *list);

#endif
