/* SPDX-License-Identifier: ISC */
/*
 * The log: one line a message on standard error, printable ASCII only,
 * written in one write(2) so that processes do not tear each other's lines.
 * Messages start with the module: log_warn("tls: ...").
 */
#ifndef GUIJU_BASE_LOG_H
#define GUIJU_BASE_LOG_H

#include "base/err.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* What is shown: this level and the graver ones. Starts at INFO. */
void log_set_level(enum log_level level);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
