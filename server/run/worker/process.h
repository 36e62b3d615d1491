/* SPDX-License-Identifier: ISC */
/*
 * What a parent needs of Unix: signals that wake a poll(2), and a fork whose
 * child has nothing of the parent's but what it is given.
 */
#ifndef GUIJU_RUN_WORKER_PROCESS_H
#define GUIJU_RUN_WORKER_PROCESS_H

#include <sys/types.h>

#include "base/buf.h"

/* Keep the signals that process_catch_signals catches waiting until then: a
 * SIGHUP to a process that has just begun is a wish to reload, no end. */
void process_hold_signals(void);

/* Catch SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1 and SIGUSR2; ignore
 * SIGPIPE. Once. */
enum err process_catch_signals(struct buf *why) MUST_CHECK;

/* Readable when a signal has come; forget that with process_was_woken. */
int process_wake_fd(void);
void process_was_woken(void);
/* Has this one come since the last call? However often is once. */
bool process_take_signal(int number);

/* A descriptor that no child shall have unless it is given to it. At most
 * PROCESS_PRIVATE_MAX at a time. */
enum { PROCESS_PRIVATE_MAX = 1024 };
void process_keep_private(int fd);
/* Close it and forget it; -1 is fine. */
void process_close(int fd);

/* A pipe, close-on-exec. ERR_IO. */
enum err process_pipe(int ends[2]) MUST_CHECK;

/*
 * fork(2). In the child signals have their defaults, but SIGHUP, SIGINT
 * and SIGUSR1 (sent to all by a terminal, or by who rotates logs) and SIGPIPE
 * are ignored, and of the private
 * descriptors only the n of keep are open. -1 and errno on failure.
 */
pid_t process_fork(const int *keep, size_t n);

/*
 * The same for a worker: who is told to stop before it serves takes those
 * first who wait already. SIGTERM and SIGUSR2 stay waiting until the second
 * is called.
 */
pid_t process_fork_worker(const int *keep, size_t n);
void process_take_stops(void);

/* Let everybody else go first: at the processor and, where the system knows
 * of it, at the disk. For a child that nobody waits for. */
void process_lower_priority(void);

/* Raise the number of descriptors that may be open to at least wanted, if
 * the system lets us. Gives what it is. */
size_t process_raise_files(size_t wanted);

/* "exit status 1" or "signal 9", for a line. */
void process_add_end(struct buf *out, int wait_status);

#endif
