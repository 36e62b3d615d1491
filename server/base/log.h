/* SPDX-License-Identifier: ISC */
/*
 * The log: one line a message, as text or as JSON, printable ASCII only,
 * written in one write(2) to a descriptor that appends, so that processes do
 * not tear each other's lines. Messages start with the module:
 * log_warn("tls: ...").
 *
 * A line that cannot be written is lost, and counted; when there is room
 * again the log says how many. Nothing here waits or ends the process.
 */
#ifndef GUIJU_BASE_LOG_H
#define GUIJU_BASE_LOG_H

#include <stddef.h>

#include "base/str.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

enum log_format { LOG_TEXT, LOG_JSON };

/* How much of a reader's address is told: all, its network (/24 of IPv4, /48
 * of IPv6), nothing. For those who write lines about readers. */
enum log_address { LOG_ADDRESS_FULL, LOG_ADDRESS_TRUNCATED, LOG_ADDRESS_NONE };

/* What is shown: this level and the graver ones. Starts at INFO. */
void log_set_level(enum log_level level);
bool log_shows(enum log_level level);
/* How lines are written. Starts with LOG_TEXT. */
void log_set_format(enum log_format format);

/*
 * Write to the file behind fd from now on. fd is duplicated, and what was
 * written to before is closed (standard error, the first, is not). ERR_IO:
 * nothing has changed.
 */
enum err log_use(int fd) MUST_CHECK;
/* The descriptor that is written to. */
int log_descriptor(void);

/*
 * From now on at most ten messages per minute of one kind (one format) are
 * written by this process, the others counted; for a worker, where a client
 * might cause them. Debug messages are all written. log_summarise() says what was left out; all: also what is
 * younger than a minute. To be called every few seconds, and at the end.
 */
void log_limit(void);
void log_summarise(bool all);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- messages with facts --------------------------------------------- */

enum log_fact_type {
	LOG_FACT_BARE,   /* text; its name stands in JSON only */
	LOG_FACT_NAMED,  /* text */
	LOG_FACT_NUMBER, /* number */
	LOG_FACT_MARK    /* number as true or false; as text, the name or
			  * nothing */
};

struct log_fact {
	const char *name; /* [a-z_] */
	enum log_fact_type type;
	struct str text;
	uint64_t number;
};

/* "MESSAGE name=value name=value", in JSON a member each. A bare or named
 * text is one word as text: blanks in it are written \x20. Not limited. */
void log_facts(enum log_level level, struct str message,
    const struct log_fact *facts, size_t n);

#endif
