/* SPDX-License-Identifier: ISC */
/*
 * The parent: it binds the sockets, forks and watches the workers, and never
 * reads a byte of a client.
 */
#ifndef GUIJU_RUN_PARENT_PARENT_H
#define GUIJU_RUN_PARENT_PARENT_H

#include "run/config/complain.h"
#include "run/config/config.h"

/*
 * Serve a capsule in the foreground until SIGTERM or SIGINT. When all workers
 * serve, one line "ready gemini://… gopher://…" goes to standard output. SIGHUP
 * reads configuration and capsule again: if both are good they replace the old
 * ones without a lost connection, otherwise nothing changes. SIGUSR1 opens the
 * log again. capsule, flags: the pointers are kept. Returns the exit status;
 * errors are complained of and logged.
 */
enum status parent_run(const char *capsule, const struct config_flags *flags);

#endif
