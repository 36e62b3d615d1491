/* SPDX-License-Identifier: ISC */
/*
 * The log: one line per message, as text or as JSON, printable ASCII only. A
 * message begins with the module: log_warn("tls: ...").
 *
 * A tool writes its lines itself. The processes of a server send their messages
 * to its logger (run/worker/logger.h), which alone writes the log.
 *
 * A line that cannot be written or sent is lost and counted. When there is room
 * again, a line gives the number of lost lines. No function here ends the
 * process, and none waits longer than half a second for the logger.
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
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_COMPLAINT /* for log_tell() alone */
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

/* From now on lines of this process name it and its process id; name is kept.
 * At first they do not. */
void log_name_process(const char *name);

/* Write lines to fd from now on. fd is borrowed; it is standard error at
 * first. */
void log_use(int fd);
/* Send messages to the logger behind this socket from now on (borrowed). */
void log_send_to(int socket);

/* For the logger: write lines that are whole, by one write(2). */
void log_write_lines(struct str lines);
/* Send a complaint to the logger. While the server starts, the logger writes it
 * to standard error for people, and later to the log. false: this process has
 * no logger. */
bool log_tell(struct str message);

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

/* ---- log_line.c: for log.c and the logger ----------------------------- */

/* Who has sent a message. It does not come from the message. */
struct log_origin {
	const char *process; /* "worker"; [a-z] */
	long pid;
};

/*
 * Append one line with its LF, the time of day and the origin (NULL: none). All
 * bytes before the LF are printable ASCII, whatever the texts hold.
 */
void log_line_add(struct buf *out, enum log_format format,
    const struct log_origin *origin, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n);

enum {
	LOG_FACTS_MAX = 16,      /* per message */
	LOG_NAME_MAX_BYTES = 15, /* a fact's name */
	LOG_RECORD_MAX_BYTES = 16 * 1024
};

/* A message that was sent. The texts borrow from the record's bytes. */
struct log_record {
	enum log_level level;
	struct str message;
	struct log_fact facts[LOG_FACTS_MAX];
	size_t count;
	char names[LOG_FACTS_MAX][LOG_NAME_MAX_BYTES + 1]; /* of the facts */
};

/* Append a message as a record. */
void log_record_add(struct buf *out, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n);

/*
 * Read a record that another process, perhaps a hostile one, has sent. Facts
 * whose names would replace the time, the level or the origin in a JSON line
 * are refused. ERR_MISSING: the bytes are no record but text, which a library
 * has written to standard error; ERR_INPUT: they are a broken record.
 */
enum err log_record_read(struct str bytes, struct log_record *out) MUST_CHECK;

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
