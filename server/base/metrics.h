/* SPDX-License-Identifier: ISC */
/*
 * Metrics: counters and levels in memory that the parent and all its workers
 * share. The memory is allocated before the first fork, so the metrics outlive
 * workers and reloads. Counting takes no lock and never fails. Without that
 * memory (`guiju get`, tests) counting does nothing.
 *
 * A new metric is a row of enum metric and a row of the table in metrics.c.
 * `guiju status` shows all rows, in each of its formats.
 */
#ifndef GUIJU_BASE_METRICS_H
#define GUIJU_BASE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { METRIC_PROTOCOLS = 6 /* that can be told apart */ };

/* Rows with the same name are adjacent. */
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
	METRIC_WAIT_RATE, /* why a reader was asked to wait */
	METRIC_WAIT_CONNECTIONS,
	METRIC_WAIT_NETWORK,
	METRIC_WAIT_COSTLY,
	METRIC_WAIT_LANE,
	METRIC_WAIT_WRITES,
	METRIC_AWAY_RATE, /* why a connection was reset at once */
	METRIC_AWAY_CONNECTIONS,
	METRIC_AWAY_NETWORK,
	METRIC_AWAY_CROWDED,
	METRIC_AWAY_PROXY,
	METRIC_LATE_HEADER, /* in the order of enum connection_state */
	METRIC_LATE_HELLO,
	METRIC_LATE_HANDSHAKE,
	METRIC_LATE_REQUEST,
	METRIC_LATE_BODY,
	METRIC_LATE_ANSWER,
	METRIC_LATE_FINISH,
	METRIC_LATE_DRAIN,
	METRIC_ANSWERS_CUT,
	METRIC_BYTES_SENT,
	METRIC_LOG_LOST,
	METRIC_LOG_LEFT_OUT,
	METRIC_LOG_UNTOLD,
	METRIC_WORKERS_DIED,
	METRIC_RELOADS,
	METRIC_RELOADS_FAILED,
	METRIC_CHECKPOINTS,
	METRIC_NIGHT_DONE,
	METRIC_NIGHTS_FAILED,
	METRIC_COUNT
};

enum metric_type {
	METRIC_COUNTER, /* it only grows; its name ends in _total */
	METRIC_LEVEL,   /* metrics_set() sets it */
	METRIC_TIME     /* a level: seconds since 1970 UTC; 0: never */
};

struct metric_row {
	const char *name;  /* for Prometheus: guiju_..., [a-z_] */
	const char *label; /* it distinguishes rows of one name; or NULL */
	const char *value; /* of the label; NULL: see metrics_value_of() */
	enum metric_type type;
	const char *help; /* one line, without quotes and backslashes */
};
extern const struct metric_row metric_rows[METRIC_COUNT];

/* Set the name (kept) of the protocol whose requests the row
 * METRIC_REQUESTS + i counts. */
void metrics_name_protocol(size_t i, const char *name);
/* The value of a row's label; "" for a row without a label. NULL: the row is
 * unused and is not shown. */
const char *metrics_value_of(enum metric metric);

/* Allocate all metrics, zeroed. Called once, before the first fork.
 * ERR_NOMEM. */
enum err metrics_make(void) MUST_CHECK;

/* Add 1 to a counter, or n. Set a level. */
void metrics_count(enum metric metric);
void metrics_add(enum metric metric, uint64_t n);
void metrics_set(enum metric metric, uint64_t value);
uint64_t metrics_value(enum metric metric);
/* Set a METRIC_LEVEL to 0 and give the value before. Of several concurrent
 * callers only one gets that value. */
uint64_t metrics_take(enum metric metric);

/* ---- texts ------------------------------------------------------------ */

enum metrics_text {
	TEXT_COMPLAINT, /* the first since the text was last emptied */
	TEXT_SANDBOX,   /* which mechanisms of the sandbox are active */
	TEXT_COUNT
};

enum { METRICS_TEXT_SIZE = 512 }; /* bytes, with the NUL */

/* Set a text; it is cut to METRICS_TEXT_SIZE. */
void metrics_set_text(enum metrics_text which, struct str text);
/* Copy a text, ended by NUL; empty if it was never set. The caller cleans the
 * text before showing it: another process may be writing the text at the same
 * time, or an attacker may control that process. */
void metrics_read_text(enum metrics_text which, char out[METRICS_TEXT_SIZE]);

/* ---- levels per worker ------------------------------------------------ */

/* Levels of one process. They disappear when the process ends. */
enum gauge { GAUGE_CONNECTIONS, GAUGE_REQUESTS, GAUGE_COUNT };

enum { METRICS_SEATS = 512, METRICS_NO_SEAT = -1 };

/* In the parent: take a free seat, a row of gauges, for the worker that is
 * forked next. All gauges of the seat are 0. METRICS_NO_SEAT: all seats are
 * taken, and the worker's gauges are not shown. */
int metrics_take_seat(void);
/* In the parent: free the seat of a worker that has ended. */
void metrics_leave_seat(int seat);
/* In the worker: use the gauges of this seat from now on. */
void metrics_sit(int seat);

/* Add n to a gauge of this process. Read a gauge of a seat. */
void metrics_gauge_add(enum gauge gauge, int64_t n);
int64_t metrics_gauge(int seat, enum gauge gauge);

#endif
