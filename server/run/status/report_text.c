/* SPDX-License-Identifier: ISC */
/*
 * A report for people: the most important comes first. Numbers stand in columns
 * before the names, so a wide name cannot move a column.
 */
#include "run/status/report.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/version.h"
#include "store/checkpoint.h"

enum { FIRST_ROWS = 10 }; /* of pages and of statements */

static void
add_text(struct buf *out, const char *text)
{
	utf8_add_line(out, str_from(text));
}

/* "3 d 4 h", "12 min": two units at most. */
static void
add_span(struct buf *out, int64_t s)
{
	if (s >= 86400)
		buf_printf(out, "%" PRId64 " d %" PRId64 " h", s / 86400,
		    s % 86400 / 3600);
	else if (s >= 3600)
		buf_printf(out, "%" PRId64 " h %" PRId64 " min", s / 3600,
		    s % 3600 / 60);
	else if (s >= 60)
		buf_printf(out, "%" PRId64 " min", s / 60);
	else
		buf_printf(out, "%" PRId64 " s", s);
}

static void
add_bytes(struct buf *out, int64_t bytes)
{
	if (bytes < 0)
		buf_text(out, "not there");
	else if (bytes < 10 * 1024)
		buf_printf(out, "%" PRId64 " bytes", bytes);
	else if (bytes < 10 * 1024 * 1024)
		buf_printf(out, "%.1f KiB", (double)bytes / 1024);
	else
		buf_printf(out, "%.1f MiB", (double)bytes / (1024 * 1024));
}

/* ---- the head -------------------------------------------------------- */

static void
add_head(struct buf *out, const struct report *r)
{
	buf_printf(out, "guiju %s, %s ", GUIJU_VERSION, r->state);
	add_text(out, r->host);
	buf_text(out, " for ");
	add_span(out, r->uptime_s);
	buf_printf(out, "; %" PRId64 " connections open\n", r->connections);
	if (r->reloaded_s != 0) {
		buf_text(out, r->reload_failed ? "the last reload, " : "");
		buf_text(out, r->reload_failed ? "" : "reloaded ");
		clock_add_utc(out, r->reloaded_s);
		if (r->reload_failed) {
			buf_text(out, ", FAILED: ");
			add_text(out, r->reload_reason);
		}
		buf_char(out, '\n');
	}
}

static void
add_workers(struct buf *out, const struct report *r)
{
	buf_text(out,
	    "\n    worker  generation  state     restarts   open  "
	    "requests  since\n");
	for (size_t i = 0; i < r->worker_count; i++) {
		const struct report_worker *w = &r->worker[i];

		if (w->pid != 0)
			buf_printf(out, "%10ld", (long)w->pid);
		else
			buf_printf(out, "%10s", "-");
		buf_printf(out,
		    "  %10u  %-8s  %8u  %5" PRId64 "  %8" PRId64 "  ",
		    w->generation, w->state, w->restarts, w->connections,
		    w->requests);
		if (w->pid != 0)
			add_span(out, w->age_s);
		buf_char(out, '\n');
	}
}

/* ---- counters -------------------------------------------------------- */

/* Append the numbers from first to last that are not 0: "gemini 12, gopher 3".
 * Returns their sum. */
static uint64_t
add_parts(struct buf *out, const struct report *r, int first, int last)
{
	uint64_t all = 0;

	for (int m = first; m <= last; m++) {
		if (r->number[m] == 0 ||
		    metrics_value_of((enum metric)m) == NULL)
			continue;
		buf_printf(out, "%s%s %" PRIu64, all > 0 ? ", " : "",
		    metrics_value_of((enum metric)m), r->number[m]);
		all += r->number[m];
	}
	return all;
}

static void
add_family(struct buf *out, const struct report *r, const char *title,
    int first, int last)
{
	buf_printf(out, "%-12s", title);
	if (add_parts(out, r, first, last) == 0)
		buf_text(out, "none");
	buf_char(out, '\n');
}

/* The last row with the same name as row m. */
static int
last_of_family(int m)
{
	while (m + 1 < METRIC_COUNT &&
	    strcmp(metric_rows[m + 1].name, metric_rows[m].name) == 0)
		m++;
	return m;
}

/* A line of one number, or of several with one name. */
static void
add_other(struct buf *out, const struct report *r, int first, int last)
{
	const struct metric_row *row = &metric_rows[first];
	struct buf parts;
	uint64_t n = r->number[first];

	buf_init(&parts, 4096);
	if (row->label != NULL)
		n = add_parts(&parts, r, first, last);
	if (n != 0) {
		if (row->type == METRIC_TIME)
			clock_add_utc(out, (int64_t)n);
		else
			buf_printf(out, "%12" PRIu64, n);
		buf_printf(out, "  %s", row->help);
		if (parts.len > 0)
			buf_printf(out, " (%.*s)", STR_ARG(buf_view(&parts)));
		buf_char(out, '\n');
	}
	buf_release(&parts);
}

/* The numbers without a line of their own, if they are not 0. */
static void
add_others(struct buf *out, const struct report *r)
{
	for (int m = 0, last; m < METRIC_COUNT; m = last + 1) {
		last = last_of_family(m);
		if (m < METRIC_REQUESTS || m > METRIC_REFUSALS_BROKEN)
			add_other(out, r, m, last);
	}
}

static void
add_counters(struct buf *out, const struct report *r)
{
	buf_char(out, '\n');
	add_family(out, r, "requests", METRIC_REQUESTS, METRIC_REQUESTS_LAST);
	add_family(
	    out, r, "answers", METRIC_REPLIES_PAGE, METRIC_REPLIES_REDIRECT);
	add_family(out, r, "refusals", METRIC_REFUSALS_MISSING,
	    METRIC_REFUSALS_BROKEN);
	add_others(out, r);
}

/* ---- stats --------------------------------------------------------- */

static void
add_ms(struct buf *out, uint64_t us)
{
	buf_printf(out, "  %10.2f", (double)us / 1000);
}

static void
add_more(struct buf *out, size_t shown, size_t count)
{
	if (shown < count)
		buf_printf(
		    out, "%8s  and %zu more: --all\n", "...", count - shown);
}

static void
add_pages(struct buf *out, const struct report *r, size_t most)
{
	const size_t n = r->page_count < most ? r->page_count : most;

	buf_text(out, "\n answers      p50 ms      p99 ms      max ms  page\n");
	for (size_t i = 0; i < n; i++) {
		const struct stats *f = &r->page[i];

		buf_printf(out, "%8" PRIu64, f->count);
		add_ms(out, f->p50_us);
		add_ms(out, f->p99_us);
		add_ms(out, f->max_us);
		buf_text(out, "  ");
		utf8_add_line(out, f->name);
		buf_char(out, '\n');
	}
	add_more(out, n, r->page_count);
}

static void
add_statements(struct buf *out, const struct report *r, size_t most)
{
	const size_t n = r->statement_count < most ? r->statement_count : most;

	buf_text(
	    out, "\n    runs     mean ms      max ms     total s  statement\n");
	for (size_t i = 0; i < n; i++) {
		const struct stats *f = &r->statement[i];

		buf_printf(out, "%8" PRIu64, f->count);
		add_ms(out, f->total_us / f->count);
		add_ms(out, f->max_us);
		buf_printf(out, "  %10.2f  ", (double)f->total_us / 1000000);
		utf8_add_line(out, f->name);
		buf_char(out, '\n');
	}
	add_more(out, n, r->statement_count);
}

/* ---- the rest -------------------------------------------------------- */

static void
add_certificate(struct buf *out, const struct report *r)
{
	const int64_t left_s = r->certificate.not_after_s - r->now_s;

	buf_printf(out, "%-12s", "certificate");
	if (!r->has_certificate) {
		buf_text(out, "cannot be read\n");
		return;
	}
	clock_add_utc(out, r->certificate.not_before_s);
	buf_text(out, " to ");
	clock_add_utc(out, r->certificate.not_after_s);
	if (left_s < 0)
		buf_text(out, ", EXPIRED\n");
	else
		buf_printf(out, ", %" PRId64 " days left\n", left_s / 86400);
	buf_printf(out, "%-12sSHA-256 %s\n", "", r->certificate.sha256);
}

void
report_write_text(struct buf *out, const struct report *report, bool all)
{
	const size_t most = all ? SIZE_MAX : FIRST_ROWS;

	add_head(out, report);
	add_workers(out, report);
	add_counters(out, report);
	buf_printf(out, "%-12s", "database");
	add_bytes(out, report->database_bytes);
	buf_text(out, ", WAL ");
	add_bytes(out, report->wal_bytes);
	buf_text(out, " of at most ");
	add_bytes(out, CHECKPOINT_LOG_MAX_BYTES);
	buf_printf(out, "\n%-12s%s, log reset repaired: %s\n", "SQLite",
	    report->sqlite,
	    report->log_reset_repaired
		? "yes; one lock for writers and checkpoints is not needed"
		: "no; one lock for writers and checkpoints prevents it");
	add_certificate(out, report);
	buf_printf(out, "%-12s", "sandbox");
	add_text(out, report->sandbox);
	buf_char(out, '\n');
	add_pages(out, report, most);
	add_statements(out, report, most);
}
