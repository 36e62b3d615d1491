/* SPDX-License-Identifier: ISC */
/*
 * What the server has done so far, as numbers in memory that the parent and
 * all its workers share: made before the first fork, so they outlive workers
 * and reloads. Counting takes no lock and never fails; where none were made
 * (`guiju get`, tests) it does nothing.
 *
 * A new number is a row of enum metric and a row of the table in metrics.c;
 * `guiju status` shows it in all its forms without knowing it.
 */
#ifndef GUIJU_BASE_METRICS_H
#define GUIJU_BASE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { METRIC_PROTOCOLS = 6 /* that can be told apart */ };

/* Rows of one name stand together. */
enum metric {
	METRIC_CONNECTIONS,
	METRIC_HANDSHAKES_FAILED,
	METRIC_REQUESTS, /* by protocol, see metrics_name_protocol() */
	METRIC_REQUESTS_LAST = METRIC_REQUESTS + METRIC_PROTOCOLS - 1,
	METRIC_REPLIES_PAGE, /* by kind, in the order of enum reply_type */
	METRIC_REPLIES_DATA,
	METRIC_REPLIES_FILE,
	METRIC_REPLIES_PROMPT,
	METRIC_REPLIES_REDIRECT,
	METRIC_REFUSALS_MISSING, /* in the order of enum refusal */
	METRIC_REFUSALS_GONE,
	METRIC_REFUSALS_BAD,
	METRIC_REFUSALS_FOREIGN,
	METRIC_REFUSALS_FORBIDDEN,
	METRIC_REFUSALS_NEEDS_CERT,
	METRIC_REFUSALS_BAD_CERT,
	METRIC_REFUSALS_BUSY,
	METRIC_REFUSALS_DOWN,
	METRIC_REFUSALS_BROKEN,
	METRIC_WAIT_RATE, /* why a reader was told to wait, */
	METRIC_WAIT_CONNECTIONS,
	METRIC_WAIT_HANDSHAKES,
	METRIC_WAIT_WRITES,
	METRIC_AWAY_RATE, /* or turned away */
	METRIC_AWAY_CONNECTIONS,
	METRIC_AWAY_HANDSHAKES,
	METRIC_AWAY_CROWDED,
	METRIC_AWAY_PROXY,
	METRIC_LATE_HEADER, /* in the order of enum connection_state */
	METRIC_LATE_HELLO,
	METRIC_LATE_HANDSHAKE,
	METRIC_LATE_REQUEST,
	METRIC_LATE_ANSWER,
	METRIC_LATE_FINISH,
	METRIC_LATE_DRAIN,
	METRIC_ANSWERS_CUT,
	METRIC_BYTES_SENT,
	METRIC_LOG_LOST,
	METRIC_LOG_LEFT_OUT,
	METRIC_LOG_UNTOLD,
	METRIC_LOG_TORN,
	METRIC_WORKERS_DIED,
	METRIC_RELOADS,
	METRIC_RELOADS_FAILED,
	METRIC_NIGHT_DONE,
	METRIC_NIGHTS_FAILED,
	METRIC_COUNT
};

enum metric_type {
	METRIC_COUNTER, /* only grows; its name ends in _total */
	METRIC_LEVEL,   /* is set */
	METRIC_TIME     /* is set to seconds since 1970 UTC; 0: never */
};

struct metric_row {
	const char *name;  /* as Prometheus has it: guiju_..., [a-z_] */
	const char *label; /* what tells rows of one name apart, or NULL */
	const char *value; /* of that label; NULL: metrics_value_of() has it */
	enum metric_type type;
	const char *help; /* one line, without quotes and backslashes */
};
extern const struct metric_row metric_rows[METRIC_COUNT];

/* Name (kept) the protocol whose requests row METRIC_REQUESTS + i counts. */
void metrics_name_protocol(size_t i, const char *name);
/* The value of a row's label, "" for a row without one. NULL: the row counts
 * nothing, and is not shown. */
const char *metrics_value_of(enum metric metric);

/* Make them, all zero, before the first fork. Once. ERR_NOMEM. */
enum err metrics_make(void) MUST_CHECK;

/* Add one, or several; set a METRIC_LEVEL. */
void metrics_count(enum metric metric);
void metrics_add(enum metric metric, uint64_t n);
void metrics_set(enum metric metric, uint64_t value);
uint64_t metrics_value(enum metric metric);
/* Set a METRIC_LEVEL to 0; what it was. Of all who do, one gets it. */
uint64_t metrics_take(enum metric metric);

/* ---- what has been said last ------------------------------------------ */

enum note {
	NOTE_COMPLAINT, /* the first since it was last set empty */
	NOTE_SANDBOX,   /* what there is of it */
	NOTE_COUNT
};

enum { NOTE_SIZE = 512 }; /* bytes, with a NUL */

/* Set a note, cut to its size. */
void metrics_note(enum note note, struct str text);
/* Read one, ended by NUL; empty where there is none. Another process may be
 * writing it, or may be in strange hands: clean it before it is shown. */
void metrics_read_note(enum note note, char out[NOTE_SIZE]);

/* ---- what each worker says of itself --------------------------------- */

/* Levels that end with the process that has them. */
enum gauge { GAUGE_CONNECTIONS, GAUGE_REQUESTS, GAUGE_COUNT };

enum { METRICS_SEATS = 512, METRICS_NO_SEAT = -1 };

/* In the parent: an empty seat with all its gauges at 0, for the worker that
 * is forked next. METRICS_NO_SEAT when all are taken: that worker's gauges
 * are not shown. */
int metrics_take_seat(void);
/* In the parent, when that worker has ended. */
void metrics_leave_seat(int seat);
/* In the worker: its gauges are this seat's from now on. */
void metrics_sit(int seat);

/* Add to a gauge of this process; read one of a seat. */
void metrics_gauge_add(enum gauge gauge, int64_t n);
int64_t metrics_gauge(int seat, enum gauge gauge);

#endif
