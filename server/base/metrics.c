/* SPDX-License-Identifier: ISC */
/*
 * The metrics are an anonymous mapping that forked processes share. A worker
 * can write anything there, so a reader must not trust the values.
 */
#include "base/metrics.h"

#include <sys/mman.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/stats.h"

#define REQUESTS "guiju_requests_total", "protocol"
#define REQUESTS_HELP METRIC_COUNTER, "Requests that were answered."
#define REQUESTS_ROW(i) \
	[METRIC_REQUESTS + (i)] = {REQUESTS, NULL, REQUESTS_HELP}
#define REPLIES "guiju_replies_total", "kind"
#define REPLIES_HELP METRIC_COUNTER, "Replies by type."
#define WAIT "guiju_told_to_wait_total", "why"
#define WAIT_HELP METRIC_COUNTER, "Requests past a limit."
#define AWAY "guiju_turned_away_total", "why"
#define AWAY_HELP METRIC_COUNTER, "Connections that were reset at once."
#define LATE "guiju_timeouts_total", "state"
#define LATE_HELP \
	METRIC_COUNTER, "Deadlines that passed, by what the server waited for."

const struct metric_row metric_rows[METRIC_COUNT] = {
    [METRIC_CONNECTIONS] = {"guiju_connections_total", NULL, NULL,
	METRIC_COUNTER, "Connections that were accepted."},
    [METRIC_HANDSHAKES_FAILED] = {"guiju_handshakes_failed_total", NULL, NULL,
	METRIC_COUNTER, "TLS handshakes that failed."},
    REQUESTS_ROW(0),
    REQUESTS_ROW(1),
    REQUESTS_ROW(2),
    REQUESTS_ROW(3),
    REQUESTS_ROW(4),
    REQUESTS_ROW(5),
    [METRIC_REPLIES_PAGE] = {REPLIES, "page", REPLIES_HELP},
    [METRIC_REPLIES_DATA] = {REPLIES, "data", REPLIES_HELP},
    [METRIC_REPLIES_FILE] = {REPLIES, "file", REPLIES_HELP},
    [METRIC_REPLIES_PROMPT] = {REPLIES, "prompt", REPLIES_HELP},
    [METRIC_REPLIES_REDIRECT] = {REPLIES, "redirect", REPLIES_HELP},
    [METRIC_REFUSALS_MISSING] = {REPLIES, "missing", REPLIES_HELP},
    [METRIC_REFUSALS_GONE] = {REPLIES, "gone", REPLIES_HELP},
    [METRIC_REFUSALS_BAD] = {REPLIES, "bad", REPLIES_HELP},
    [METRIC_REFUSALS_FOREIGN] = {REPLIES, "foreign", REPLIES_HELP},
    [METRIC_REFUSALS_FORBIDDEN] = {REPLIES, "forbidden", REPLIES_HELP},
    [METRIC_REFUSALS_NEEDS_CERT] = {REPLIES, "needs-certificate", REPLIES_HELP},
    [METRIC_REFUSALS_BAD_CERT] = {REPLIES, "bad-certificate", REPLIES_HELP},
    [METRIC_REFUSALS_BUSY] = {REPLIES, "busy", REPLIES_HELP},
    [METRIC_REFUSALS_DOWN] = {REPLIES, "down", REPLIES_HELP},
    [METRIC_REFUSALS_BROKEN] = {REPLIES, "broken", REPLIES_HELP},
    [METRIC_WAIT_RATE] = {WAIT, "rate", WAIT_HELP},
    [METRIC_WAIT_CONNECTIONS] = {WAIT, "connections", WAIT_HELP},
    [METRIC_WAIT_NETWORK] = {WAIT, "network", WAIT_HELP},
    [METRIC_WAIT_COSTLY] = {WAIT, "costly", WAIT_HELP},
    [METRIC_WAIT_LANE] = {WAIT, "lane", WAIT_HELP},
    [METRIC_WAIT_WRITES] = {WAIT, "writes", WAIT_HELP},
    [METRIC_AWAY_RATE] = {AWAY, "rate", AWAY_HELP},
    [METRIC_AWAY_CONNECTIONS] = {AWAY, "connections", AWAY_HELP},
    [METRIC_AWAY_NETWORK] = {AWAY, "network", AWAY_HELP},
    [METRIC_AWAY_CROWDED] = {AWAY, "crowded", AWAY_HELP},
    [METRIC_AWAY_PROXY] = {AWAY, "proxy", AWAY_HELP},
    [METRIC_LATE_HEADER] = {LATE, "proxy", LATE_HELP},
    [METRIC_LATE_HELLO] = {LATE, "first_byte", LATE_HELP},
    [METRIC_LATE_HANDSHAKE] = {LATE, "handshake", LATE_HELP},
    [METRIC_LATE_REQUEST] = {LATE, "request", LATE_HELP},
    [METRIC_LATE_BODY] = {LATE, "upload", LATE_HELP},
    [METRIC_LATE_ANSWER] = {LATE, "answer", LATE_HELP},
    [METRIC_LATE_FINISH] = {LATE, "close_notify", LATE_HELP},
    [METRIC_LATE_DRAIN] = {LATE, "end", LATE_HELP},
    [METRIC_ANSWERS_CUT] = {"guiju_answers_cut_total", NULL, NULL,
	METRIC_COUNTER, "Answers of which the reader did not get all."},
    [METRIC_BYTES_SENT] = {"guiju_bytes_sent_total", NULL, NULL, METRIC_COUNTER,
	"Bytes of answers that were sent."},
    [METRIC_LOG_LOST] = {"guiju_log_lost_total", NULL, NULL, METRIC_COUNTER,
	"Lines of the log that could not be written."},
    [METRIC_LOG_LEFT_OUT] = {"guiju_log_left_out_total", NULL, NULL,
	METRIC_COUNTER,
	"Lines of the log that were counted instead of written."},
    [METRIC_LOG_UNTOLD] = {"guiju_log_untold", NULL, NULL, METRIC_LEVEL,
	"Lines lost on the way to the logger that it has not reported yet."},
    [METRIC_WORKERS_DIED] = {"guiju_workers_died_total", NULL, NULL,
	METRIC_COUNTER, "Workers that ended unexpectedly."},
    [METRIC_RELOADS] = {"guiju_reloads_total", NULL, NULL, METRIC_COUNTER,
	"Reloads that took effect."},
    [METRIC_RELOADS_FAILED] = {"guiju_reloads_failed_total", NULL, NULL,
	METRIC_COUNTER, "Reloads that changed nothing."},
    [METRIC_CHECKPOINTS] = {"guiju_checkpoints_total", NULL, NULL,
	METRIC_COUNTER, "Copies of the write-ahead log into the database."},
    [METRIC_NIGHT_DONE] = {"guiju_night_done_time_seconds", NULL, NULL,
	METRIC_TIME, "When the nightly work was last done."},
    [METRIC_NIGHTS_FAILED] = {"guiju_nights_failed_total", NULL, NULL,
	METRIC_COUNTER, "Nights whose work was not done."},
};

static const char *protocols[METRIC_PROTOCOLS];

void
metrics_name_protocol(size_t i, const char *name)
{
	if (i < METRIC_PROTOCOLS)
		protocols[i] = name;
}

const char *
metrics_value_of(enum metric metric)
{
	if (metric >= METRIC_REQUESTS && metric <= METRIC_REQUESTS_LAST)
		return protocols[metric - METRIC_REQUESTS];
	return metric_rows[metric].label == NULL ? ""
						 : metric_rows[metric].value;
}

struct area {
	_Atomic uint64_t number[METRIC_COUNT];
	_Atomic int64_t gauge[METRICS_SEATS][GAUGE_COUNT];
	char text[TEXT_COUNT][METRICS_TEXT_SIZE];
};

static struct area *area;
static bool taken[METRICS_SEATS]; /* the parent's own */
static int own_seat = METRICS_NO_SEAT;

enum err
metrics_make(void)
{
	void *place = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return ERR_NOMEM;
	area = place;
	return stats_make();
}

void
metrics_add(enum metric metric, uint64_t n)
{
	if (area != NULL)
		atomic_fetch_add_explicit(
		    &area->number[metric], n, memory_order_relaxed);
}

void
metrics_count(enum metric metric)
{
	metrics_add(metric, 1);
}

void
metrics_set(enum metric metric, uint64_t value)
{
	if (area != NULL)
		atomic_store(&area->number[metric], value);
}

uint64_t
metrics_take(enum metric metric)
{
	/* The value is nearly always 0; then no atomic write is needed. */
	return metrics_value(metric) == 0
	    ? 0
	    : atomic_exchange(&area->number[metric], 0);
}

uint64_t
metrics_value(enum metric metric)
{
	return area == NULL ? 0 : atomic_load(&area->number[metric]);
}

void
metrics_set_text(enum metrics_text which, struct str text)
{
	if (area != NULL)
		snprintf(area->text[which], METRICS_TEXT_SIZE, "%.*s",
		    STR_ARG(text));
}

void
metrics_read_text(enum metrics_text which, char out[METRICS_TEXT_SIZE])
{
	out[0] = '\0';
	if (area != NULL)
		memcpy(out, area->text[which], METRICS_TEXT_SIZE);
	out[METRICS_TEXT_SIZE - 1] = '\0';
}

static bool
is_seat(int seat)
{
	return area != NULL && seat >= 0 && seat < METRICS_SEATS;
}

int
metrics_take_seat(void)
{
	for (int i = 0; area != NULL && i < METRICS_SEATS; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		for (int g = 0; g < GAUGE_COUNT; g++)
			atomic_store(&area->gauge[i][g], 0);
		return i;
	}
	return METRICS_NO_SEAT;
}

void
metrics_leave_seat(int seat)
{
	if (is_seat(seat))
		taken[seat] = false;
}

void
metrics_sit(int seat)
{
	own_seat = seat;
}

void
metrics_gauge_add(enum gauge gauge, int64_t n)
{
	if (is_seat(own_seat))
		atomic_fetch_add_explicit(
		    &area->gauge[own_seat][gauge], n, memory_order_relaxed);
}

int64_t
metrics_gauge(int seat, enum gauge gauge)
{
	return is_seat(seat) ? atomic_load(&area->gauge[seat][gauge]) : 0;
}
