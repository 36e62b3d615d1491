/* SPDX-License-Identifier: ISC */
/*
 * The logger: the one process that writes the log. Each other process of a
 * server has a socket of its own to the logger and sends its messages there
 * (base/log.h), so a process that is in strange hands can neither cut the log
 * nor write under another process's name. The logger itself opens no file: the
 * parent hands it the log.
 *
 * The parent keeps the logger's end of each socket as well. So what has been
 * sent waits for the next logger when this one dies, and what a dead process
 * has sent is still written. If the parent dies, the logger ends after all
 * other processes.
 *
 * All functions run in the parent, which has one logger.
 */
#ifndef GUIJU_RUN_WORKER_LOGGER_H
#define GUIJU_RUN_WORKER_LOGGER_H

#include <sys/types.h>

#include "base/buf.h"
#include "run/config/config.h"

/*
 * Open config's log-file for appending; a missing file is made with mode 0640.
 * If the setting is empty, *fd is 2 (standard error). The file must be a
 * regular file and not a symbolic link: otherwise somebody with write access to
 * its folder could make root write to any file. ERR_IO: why gets one line.
 */
enum err logger_open(
    const struct config *config, int *fd, struct buf *why) MUST_CHECK;
/* Close the descriptor of logger_open(). 2 and -1 are left open. */
void logger_close(int fd);

/* Fork the logger, which writes to file; from now on this process sends its
 * messages. file is taken over. ERR_IO: errno says why. */
enum err logger_start(const struct config *config, int file) MUST_CHECK;
/* Log as config says. file (taken over) is the log from now on; -1: it stays
 * the same. serving: complaints go to the log from now on. */
void logger_use(const struct config *config, int file, bool serving);
/* Wait, a second at most, until all that has been sent is written. */
void logger_settle(void);
/* After a rotation, which has renamed the log: open a file of the configured
 * name. On failure the old log stays. */
void logger_reopen(const struct config *config);

/*
 * process_fork_named() of a child that sends its messages to the logger under
 * its name (lower case letters). Standard error of the child is the socket as
 * well, so what libraries write there is logged; its other standard descriptors
 * are /dev/null.
 */
pid_t logger_fork(const char *name, const int *keep, size_t n, bool hold_stops);

/* A child has ended. true: it was the logger, whose next one logger_tick()
 * forks when it is due. */
bool logger_reap(pid_t pid, int wait_status, int64_t now_ms);
void logger_tick(int64_t now_ms);
/* When to call logger_tick() (monotonic); INT64_MAX: never. */
int64_t logger_next_ms(int64_t now_ms);

/* When all other children have ended: let the logger write what has been sent,
 * and wait for its end. This process writes its lines itself from now on. */
void logger_end(void);

/* What one process has written in one second. Zeroed: nothing. */
struct logger_share {
	int64_t second;
	size_t bytes;
	uint64_t left_out; /* messages past LIMIT_LOG_BYTES, not told yet */
};

/* May a process add a line in the second now_s? If not, its message is counted.
 * The caller adds to bytes what the line has. Within a second left_out only
 * grows. */
bool logger_allows(struct logger_share *share, int64_t now_s);

#endif
