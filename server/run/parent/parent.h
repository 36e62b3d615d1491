/* SPDX-License-Identifier: ISC */
/*
 * The parent: it binds, forks and watches, and never reads a client's byte.
 */
#ifndef GUIJU_RUN_PARENT_PARENT_H
#define GUIJU_RUN_PARENT_PARENT_H

#include "run/config/complain.h"
#include "run/config/config.h"

/*
 * Serve a capsule in the foreground until SIGTERM or SIGINT. Prints one line
 * "ready gemini://… gopher://…" to standard output once every worker answers.
 * SIGHUP reads everything again: what is good replaces what runs without a
 * lost connection, what is not good changes nothing. capsule, flags: kept.
 * Gives the exit status; complains and logs.
 */
enum status parent_run(const char *capsule, const struct config_flags *flags);

#endif
