/* SPDX-License-Identifier: ISC */
/*
 * The log: one line per message, as text or as JSON, printable ASCII only. One
 * write(2) to a descriptor in append mode writes the line, so processes do not
 * tear each other's lines. A message begins with the module:
 * log_warn("tls: ...").
 *
 * A line that cannot be written is lost and counted. When there is room again,
 * a line gives the number of lost lines. No function here waits or ends the
 * process.
 */
#ifndef GUIJU_BASE_LOG_H
#define GUIJU_BASE_LOG_H

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

enum log_format { LOG_TEXT, LOG_JSON };

/* How much of a reader's address a log line shows: all of it, its network (/24
 * of IPv4, /48 of IPv6), or nothing. For code that logs about readers. */
enum log_address { LOG_ADDRESS_FULL, LOG_ADDRESS_TRUNCATED, LOG_ADDRESS_NONE };

/* Write messages of this level and of the more severe ones. The level is INFO
 * at first. */
void log_set_level(enum log_level level);
bool log_shows(enum log_level level);
/* Set the format of lines. It is LOG_TEXT at first. */
void log_set_format(enum log_format format);

/*
 * Write to the file behind fd from now on. fd is duplicated. The descriptor in
 * use before is closed, unless it is standard error, the first one. ERR_IO:
 * nothing has changed.
 */
enum err log_use(int fd) MUST_CHECK;
/* The descriptor that lines are written to. */
int log_descriptor(void);

/*
 * From now on this process writes at most ten messages per minute of each kind
 * (one format string) and counts the others. This is for a worker, whose
 * messages a client may cause. Debug messages are all written.
 * log_summarise() logs what was left out; the caller calls it every few seconds
 * and at the end. all: also kinds whose minute is not over.
 */
void log_limit(void);
void log_summarise(bool all);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- messages with facts --------------------------------------------- */

enum log_fact_type {
	LOG_FACT_BARE,   /* text; only JSON shows its name */
	LOG_FACT_NAMED,  /* text */
	LOG_FACT_NUMBER, /* number */
	LOG_FACT_MARK    /* number: true or false in JSON; in a text line
			  * the name, or nothing if false */
};

struct log_fact {
	const char *name; /* [a-z_] */
	enum log_fact_type type;
	struct str text;
	uint64_t number;
};

/* Write "MESSAGE name=value name=value"; in JSON each fact is a member. In a
 * text line a bare or named text is one word: its blanks are written \x20.
 * log_limit() does not limit these messages. */
void log_facts(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n);

/* How one message of the log is written, as text or as JSON. For log.c. */

/*
 * Append one line with its LF and with the time of day. All bytes before the LF
 * are printable ASCII, whatever the texts hold.
 */
void log_line_add(struct buf *out, enum log_format format, enum log_level level,
    struct str message, const struct log_fact *facts, size_t n);

/*
 * References: six letters and digits that name a failure. A reader can say one
 * on the telephone, and an operator finds it in the log.
 */

enum { REFERENCE_SIZE = 7 }; /* with its NUL */

/* Make a new reference. There are a billion, so two equal ones within a day are
 * unlikely; within one process they are impossible. A reference is not a
 * secret. */
void reference_make(char out[REFERENCE_SIZE]);

#endif
