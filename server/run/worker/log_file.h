/* SPDX-License-Identifier: ISC */
/*
 * Where the log goes. The parent opens the file, for the workers may not, and
 * hands it on: every process appends its own lines by itself, so that nobody
 * waits for another and nothing is lost between two of them.
 */
#ifndef GUIJU_RUN_WORKER_LOG_FILE_H
#define GUIJU_RUN_WORKER_LOG_FILE_H

#include "base/buf.h"
#include "run/config/config.h"
#include "run/worker/crew.h"

/*
 * Open config's log-file for appending, made with mode 0640 if it is missing;
 * standard error where it is empty (*fd is 2). It must be a regular file and
 * no symbolic link: whoever can write to its folder could lead root astray.
 * ERR_IO: why gets one line.
 */
enum err log_file_open(
    const struct config *config, int *fd, struct buf *why) MUST_CHECK;
/* Close what that has opened; 2 and -1 are left alone. */
void log_file_close(int fd);

/* Log as config says, to fd; -1: to where it is written already. */
void log_file_use(const struct config *config, int fd);

/* Whoever rotates logs has given ours another name: go on under the old one,
 * this process and the crew. */
void log_file_reopen(const struct config *config, struct crew *crew);

#endif
