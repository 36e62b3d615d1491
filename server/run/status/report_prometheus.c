/* SPDX-License-Identifier: ISC */
/*
 * A report in Prometheus' text exposition format, 0.0.4: HELP and TYPE once per
 * name, all lines of a name together, times in seconds.
 */
#include "run/status/report.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "base/version.h"
#include "store/checkpoint.h"

static void
add_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The value of a label, without its quotes. */
static void
add_label(struct buf *out, struct str text)
{
	struct buf clean;

	buf_init(&clean, 4096);
	utf8_add_line(&clean, text);
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.data[i] == '"' || clean.data[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, clean.data[i]);
	}
	buf_release(&clean);
}

static void
add_seconds(struct buf *out, uint64_t us)
{
	buf_printf(
	    out, "%" PRIu64 ".%06" PRIu64 "\n", us / 1000000, us % 1000000);
}

static void
add_gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
	add_head(out, name, "gauge", help);
	buf_printf(out, "%s %" PRId64 "\n", name, value);
}

static void
add_numbers(struct buf *out, const struct report *r)
{
	for (int m = 0; m < METRIC_COUNT; m++) {
		const struct metric_row *row = &metric_rows[m];
		const char *value = metrics_value_of((enum metric)m);

		if (value == NULL)
			continue;
		if (m == 0 || strcmp(row->name, metric_rows[m - 1].name) != 0)
			add_head(out, row->name,
			    row->type == METRIC_COUNTER ? "counter" : "gauge",
			    row->help);
		buf_text(out, row->name);
		if (row->label != NULL)
			buf_printf(out, "{%s=\"%s\"}", row->label, value);
		buf_printf(out, " %" PRIu64 "\n", r->number[m]);
	}
}

static void
add_workers(struct buf *out, const struct report *r)
{
	static const char *const states[] = {
	    "starting", "serving", "leaving", "dead"};
	const char *name = "guiju_workers";

	add_head(out, name, "gauge", "Worker processes by what they do.");
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		size_t n = 0;

		for (size_t w = 0; w < r->worker_count; w++)
			n += strcmp(r->worker[w].state, states[i]) == 0;
		buf_printf(out, "%s{state=\"%s\"} %zu\n", name, states[i], n);
	}
}

static void
add_pages(struct buf *out, const struct report *r)
{
	const char *name = "guiju_page_seconds";

	add_head(out, name, "summary",
	    "From a request to the first byte of its answer, by page.");
	for (size_t i = 0; i < r->page_count; i++) {
		const struct stats *f = &r->page[i];
		const struct {
			const char *suffix, *more;
			uint64_t us;
		} lines[] = {{"", "\",quantile=\"0.5", f->p50_us},
		    {"", "\",quantile=\"0.99", f->p99_us},
		    {"_sum", "", f->total_us}};

		for (size_t l = 0; l < 3; l++) {
			buf_printf(out, "%s%s{page=\"", name, lines[l].suffix);
			add_label(out, f->name);
			buf_printf(out, "%s\"} ", lines[l].more);
			add_seconds(out, lines[l].us);
		}
		buf_printf(out, "%s_count{page=\"", name);
		add_label(out, f->name);
		buf_printf(out, "\"} %" PRIu64 "\n", f->count);
	}
}

static void
add_statement(struct buf *out, const char *name, const struct stats *f)
{
	buf_printf(out, "%s{statement=\"", name);
	add_label(out, f->name);
	buf_text(out, "\"} ");
}

static void
add_statements(struct buf *out, const struct report *r)
{
	const char *runs = "guiju_statement_runs_total";
	const char *time = "guiju_statement_seconds_total";
	const char *max = "guiju_statement_seconds_max";

	add_head(out, runs, "counter", "Runs of a statement of a page.");
	for (size_t i = 0; i < r->statement_count; i++) {
		add_statement(out, runs, &r->statement[i]);
		buf_printf(out, "%" PRIu64 "\n", r->statement[i].count);
	}
	add_head(out, time, "counter", "What they took.");
	for (size_t i = 0; i < r->statement_count; i++) {
		add_statement(out, time, &r->statement[i]);
		add_seconds(out, r->statement[i].total_us);
	}
	add_head(out, max, "gauge", "What the longest of them took.");
	for (size_t i = 0; i < r->statement_count; i++) {
		add_statement(out, max, &r->statement[i]);
		add_seconds(out, r->statement[i].max_us);
	}
}

static void
add_files(struct buf *out, const struct report *r)
{
	if (r->database_bytes >= 0)
		add_gauge(out, "guiju_database_bytes", "Size of the database.",
		    r->database_bytes);
	if (r->wal_bytes >= 0)
		add_gauge(out, "guiju_database_wal_bytes",
		    "Size of its write-ahead log.", r->wal_bytes);
	add_gauge(out, "guiju_database_wal_bytes_max",
	    "With a log of this size no page writes.",
	    CHECKPOINT_LOG_MAX_BYTES);
	add_head(out, "guiju_sqlite_info", "gauge", "Which SQLite this is.");
	buf_printf(out,
	    "guiju_sqlite_info{version=\"%s\",log_reset_repaired=\"%s\"} 1\n",
	    r->sqlite, r->log_reset_repaired ? "yes" : "no");
	if (!r->has_certificate)
		return;
	add_gauge(out, "guiju_certificate_not_before_seconds",
	    "When the certificate begins, since 1970.",
	    r->certificate.not_before_s);
	add_gauge(out, "guiju_certificate_not_after_seconds", "When it ends.",
	    r->certificate.not_after_s);
}

void
report_write_prometheus(struct buf *out, const struct report *report)
{
	add_head(out, "guiju_info", "gauge", "Which guiju this is.");
	buf_printf(out, "guiju_info{version=\"%s\",host=\"", GUIJU_VERSION);
	add_label(out, str_from(report->host));
	buf_text(out, "\"} 1\n");
	add_gauge(out, "guiju_start_time_seconds",
	    "When it was started, since 1970.", report->started_s);
	add_gauge(out, "guiju_generation", "How often it was loaded.",
	    report->generation);
	if (report->reloaded_s != 0) {
		add_gauge(out, "guiju_last_reload_time_seconds",
		    "When it was last reloaded, or was to be.",
		    report->reloaded_s);
		add_gauge(out, "guiju_last_reload_failed",
		    "1 if that changed nothing.", report->reload_failed);
	}
	add_gauge(out, "guiju_connections", "Connections that are open.",
	    report->connections);
	add_workers(out, report);
	add_numbers(out, report);
	add_files(out, report);
	add_pages(out, report);
	add_statements(out, report);
}
