/* SPDX-License-Identifier: ISC */
/*
 * The file of the log. The parent opens it, because workers may not, and hands
 * the descriptor to them. Every process appends its own lines, so no process
 * waits for another, and no line is lost on the way between two processes.
 */
#ifndef GUIJU_RUN_WORKER_LOG_FILE_H
#define GUIJU_RUN_WORKER_LOG_FILE_H

#include "base/buf.h"
#include "run/config/config.h"
#include "run/worker/crew.h"

/*
 * Open config's log-file for appending; a missing file is made with mode 0640.
 * If the setting is empty, *fd is 2 (standard error). The file must be a
 * regular file and not a symbolic link: otherwise somebody with write access to
 * its folder could make root write to any file. ERR_IO: why gets one line.
 */
enum err log_file_open(
    const struct config *config, int *fd, struct buf *why) MUST_CHECK;
/* Close the descriptor of log_file_open(). 2 and -1 are left open. */
void log_file_close(int fd);

/* Log as config says, to fd; -1: to the present log. */
void log_file_use(const struct config *config, int fd);

/* After a rotation, which has renamed the log: open a file of the configured
 * name. This process and the crew write to it. On failure the old log stays. */
void log_file_reopen(const struct config *config, struct crew *crew);

#endif
