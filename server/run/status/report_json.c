/* SPDX-License-Identifier: ISC */
/* A report as one JSON object in UTF-8, followed by LF. */
#include "run/status/report.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/version.h"
#include "store/checkpoint.h"

/* A string in quotes. It is cleaned first, so no control character is left that
 * needs an escape. */
static void
add_string(struct buf *out, struct str text)
{
	struct buf clean;

	buf_init(&clean, 4096);
	utf8_add_line(&clean, text);
	buf_char(out, '"');
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.data[i] == '"' || clean.data[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, clean.data[i]);
	}
	buf_char(out, '"');
	buf_release(&clean);
}

static void
add_time(struct buf *out, const char *name, int64_t s)
{
	buf_printf(out, "\"%s\":\"", name);
	clock_add_utc(out, s);
	buf_text(out, "\",");
}

static void
add_size(struct buf *out, const char *name, int64_t bytes)
{
	if (bytes < 0)
		buf_printf(out, "\"%s\":null", name);
	else
		buf_printf(out, "\"%s\":%" PRId64, name, bytes);
}

static void
add_workers(struct buf *out, const struct report *r)
{
	buf_text(out, "\"workers\":[");
	for (size_t i = 0; i < r->worker_count; i++) {
		const struct report_worker *w = &r->worker[i];

		buf_printf(out,
		    "%s{\"pid\":%ld,\"generation\":%u,\"index\":%zu,"
		    "\"state\":\"%s\",\"age_s\":%" PRId64 ",\"restarts\":%u,"
		    "\"connections\":%" PRId64 ",\"requests\":%" PRId64 "}",
		    i > 0 ? "," : "", (long)w->pid, w->generation, w->index,
		    w->state, w->age_s, w->restarts, w->connections,
		    w->requests);
	}
	buf_text(out, "],");
}

/* A name with labels becomes an object with a member per label. */
static void
add_numbers(struct buf *out, const struct report *r)
{
	buf_text(out, "\"numbers\":{");
	for (int m = 0; m < METRIC_COUNT; m++) {
		const struct metric_row *row = &metric_rows[m];
		const char *value = metrics_value_of((enum metric)m);
		const bool goes_on =
		    m > 0 && strcmp(row->name, metric_rows[m - 1].name) == 0;

		if (value == NULL)
			continue;
		if (!goes_on && m > 0)
			buf_text(
			    out, metric_rows[m - 1].label == NULL ? "," : "},");
		if (!goes_on)
			buf_printf(out, "\"%s\":%s", row->name,
			    row->label == NULL ? "" : "{");
		if (row->label != NULL)
			buf_printf(out, "%s\"%s\":", goes_on ? "," : "", value);
		buf_printf(out, "%" PRIu64, r->number[m]);
	}
	buf_text(
	    out, metric_rows[METRIC_COUNT - 1].label == NULL ? "}," : "}},");
}

static void
add_stats(struct buf *out, const char *title, const char *name,
    const struct stats *list, size_t n, bool quantiles)
{
	buf_printf(out, "\"%s\":[", title);
	for (size_t i = 0; i < n; i++) {
		const struct stats *f = &list[i];

		buf_printf(out, "%s{\"%s\":", i > 0 ? "," : "", name);
		add_string(out, f->name);
		buf_printf(out,
		    ",\"count\":%" PRIu64 ",\"total_us\":%" PRIu64
		    ",\"max_us\":%" PRIu64,
		    f->count, f->total_us, f->max_us);
		if (quantiles)
			buf_printf(out,
			    ",\"p50_us\":%" PRIu64 ",\"p99_us\":%" PRIu64,
			    f->p50_us, f->p99_us);
		buf_char(out, '}');
	}
	buf_text(out, "],");
}

static void
add_reload(struct buf *out, const struct report *r)
{
	if (r->reloaded_s == 0) {
		buf_text(out, "\"reload\":null,");
		return;
	}
	buf_text(out, "\"reload\":{");
	add_time(out, "time", r->reloaded_s);
	buf_printf(out,
	    "\"failed\":%s,\"reason\":", r->reload_failed ? "true" : "false");
	if (r->reload_failed)
		add_string(out, str_from(r->reload_reason));
	else
		buf_text(out, "null");
	buf_text(out, "},");
}

static void
add_certificate(struct buf *out, const struct report *r)
{
	if (!r->has_certificate) {
		buf_text(out, "\"certificate\":null,");
		return;
	}
	buf_text(out, "\"certificate\":{\"host\":");
	add_string(out, str_from(r->host));
	buf_char(out, ',');
	add_time(out, "not_before", r->certificate.not_before_s);
	add_time(out, "not_after", r->certificate.not_after_s);
	buf_printf(out, "\"sha256\":\"%s\"},", r->certificate.sha256);
}

void
report_write_json(struct buf *out, const struct report *report)
{
	buf_printf(out,
	    "{\"version\":\"%s\",\"state\":\"%s\",\"host\":", GUIJU_VERSION,
	    report->state);
	add_string(out, str_from(report->host));
	buf_char(out, ',');
	add_time(out, "time", report->now_s);
	add_time(out, "started", report->started_s);
	buf_printf(out,
	    "\"uptime_s\":%" PRId64 ",\"generation\":%u,"
	    "\"connections\":%" PRId64 ",",
	    report->uptime_s, report->generation, report->connections);
	add_reload(out, report);
	add_workers(out, report);
	add_numbers(out, report);
	add_stats(out, "pages", "page", report->page, report->page_count, true);
	add_stats(out, "statements", "statement", report->statement,
	    report->statement_count, false);
	add_certificate(out, report);
	buf_text(out, "\"database\":{");
	add_size(out, "bytes", report->database_bytes);
	buf_char(out, ',');
	add_size(out, "wal_bytes", report->wal_bytes);
	buf_char(out, ',');
	add_size(out, "wal_bytes_max", CHECKPOINT_LOG_MAX_BYTES);
	buf_printf(out,
	    "},\"sqlite\":{\"version\":\"%s\",\"log_reset_repaired\":%s},"
	    "\"sandbox\":",
	    report->sqlite, report->log_reset_repaired ? "true" : "false");
	add_string(out, str_from(report->sandbox));
	buf_text(out, "}\n");
}
