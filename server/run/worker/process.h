/* SPDX-License-Identifier: ISC */
/*
 * What a parent needs of Unix: signals that wake a poll(2), and a fork whose
 * child keeps only the descriptors that it is given.
 */
#ifndef GUIJU_RUN_WORKER_PROCESS_H
#define GUIJU_RUN_WORKER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* Block the signals that process_catch_signals() catches, until it is called: a
 * SIGHUP to a process that has just started must mean a reload, and not end
 * it. */
void process_hold_signals(void);

/* Catch SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1 and SIGUSR2; ignore
 * SIGPIPE. Call it once. ERR_IO: why gets one line. */
enum err process_catch_signals(struct buf *why) MUST_CHECK;

/* A descriptor that is readable when a signal has come; process_was_woken()
 * empties it. */
int process_wake_fd(void);
void process_was_woken(void);
/* Has this signal come since the last call, once or more often? */
bool process_take_signal(int number);

/* Make fd private: a child closes it unless the fork names it in keep. At most
 * PROCESS_PRIVATE_MAX at a time; more are not private. */
enum { PROCESS_PRIVATE_MAX = 2048 };
void process_keep_private(int fd);
/* Close fd, which is then not private any more. Accepts -1. */
void process_close(int fd);

/* Make a pipe, close-on-exec. ERR_IO. */
enum err process_pipe(int ends[2]) MUST_CHECK;

/*
 * fork(2). In the child signals have their defaults, but SIGHUP, SIGINT and
 * SIGUSR1 are ignored (a terminal or a log rotation may send them to all
 * processes), and so is SIGPIPE. Of the private descriptors only the n of keep
 * are open. -1 and errno on failure.
 */
pid_t process_fork(const int *keep, size_t n);

/*
 * The same; ps(1) shows the child as "guiju-NAME", cut to 15 bytes. hold_stops
 * is for a worker: SIGTERM and SIGUSR2 stay blocked until the worker calls
 * process_take_stops(). So a worker that is told to stop before it serves first
 * accepts the connections of the backlog.
 */
pid_t process_fork_named(
    const char *name, const int *keep, size_t n, bool hold_stops);
void process_take_stops(void);

/* Take the lowest priority for the processor and, on systems that have one, for
 * the disk. For a child whose work is not urgent. */
void process_lower_priority(void);

/* Raise the limit of open descriptors to at least wanted, as far as the system
 * allows. Returns the limit in force; 0: unknown. */
size_t process_raise_files(size_t wanted);

/* Seconds to wait before the place of a process is filled again, of which so
 * many died young in a row: 0, 1, 2, 4 ... 60. */
unsigned process_backoff_s(unsigned deaths);

/* Append how a process ended: "exit status 1" or "signal 9". */
void process_add_end(struct buf *out, int wait_status);

/*
 * Processes that have been told to end and have not ended yet: workers of an
 * old generation, a rehearsal that is no longer wanted. A process that still
 * runs at its deadline is killed.
 */

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
