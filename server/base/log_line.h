/* SPDX-License-Identifier: ISC */
/* How one message of the log is written, as text or as JSON. For log.c. */
#ifndef GUIJU_BASE_LOG_LINE_H
#define GUIJU_BASE_LOG_LINE_H

#include "base/buf.h"
#include "base/log.h"

/*
 * Append one line with its LF and with the time of day. All bytes before the LF
 * are printable ASCII, whatever the texts hold.
 */
void log_line_add(struct buf *out, enum log_format format, enum log_level level,
    struct str message, const struct log_fact *facts, size_t n);

#endif
