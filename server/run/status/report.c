/* SPDX-License-Identifier: ISC */
/* Gathering a report. It is made per request, and gathering never waits. */
#include "run/status/report.h"

#include <sys/stat.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "run/config/state.h"
#include "store/sync.h"

static int64_t
file_bytes(const char *dir, const char *name)
{
	struct stat status;
	struct file_path path;
	int64_t bytes = -1;

	if (file_path_join(&path, dir, name) == OK &&
	    stat(path.text, &status) == 0)
		bytes = (int64_t)status.st_size;
	return bytes;
}

/* ---- workers --------------------------------------------------------- */

static const struct child *
find_slot(const struct generation *generation, pid_t pid)
{
	for (size_t i = 0; generation != NULL && i < generation->count; i++)
		if (generation->children[i].pid == pid)
			return &generation->children[i];
	return NULL;
}

static void
add_member(struct report *report, const struct report_source *source,
    const struct crew_member *member, int64_t now_ms)
{
	const struct child *serving = find_slot(source->serving, member->pid);
	const struct child *next = find_slot(source->next, member->pid);
	const struct child *child = serving != NULL ? serving : next;
	struct report_worker *worker = &report->worker[report->worker_count++];

	*worker = (struct report_worker){.pid = member->pid,
	    .generation = member->generation,
	    .index = member->index,
	    .age_s = (now_ms - member->started_ms) / 1000,
	    .restarts = child == NULL ? 0 : child->restarts,
	    .connections = metrics_gauge(member->seat, GAUGE_CONNECTIONS),
	    .requests = metrics_gauge(member->seat, GAUGE_REQUESTS)};
	worker->state = child == NULL ? "leaving"
	    : child->serving          ? "serving"
				      : "starting";
	report->connections += worker->connections;
}

/* Places whose worker is dead and whose next worker is not forked yet. */
static void
add_missing(struct report *report, const struct generation *generation)
{
	for (size_t i = 0; generation != NULL && i < generation->count; i++)
		if (generation->children[i].pid == 0)
			report->worker[report->worker_count++] =
			    (struct report_worker){
				.generation = generation->number,
				.index = i,
				.state = "dead",
				.restarts = generation->children[i].restarts};
}

static int
by_index(const void *a, const void *b)
{
	const struct report_worker *x = a, *y = b;

	if (x->generation != y->generation)
		return x->generation < y->generation ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void
add_workers(struct report *report, const struct report_source *source)
{
	const int64_t now_ms = clock_ms();

	for (size_t i = 0; i < source->crew->count; i++)
		add_member(report, source, &source->crew->member[i], now_ms);
	add_missing(report, source->serving);
	qsort(report->worker, report->worker_count, sizeof(report->worker[0]),
	    by_index);
}

/* ---- stats --------------------------------------------------------- */

static int
compare(uint64_t a, uint64_t b, const struct stats *x, const struct stats *y)
{
	size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order;

	if (a != b)
		return a > b ? -1 : 1;
	order = memcmp(x->bytes, y->bytes, len);
	return order != 0 ? order : (x->name.len > len) - (y->name.len > len);
}

static int
by_count(const void *a, const void *b)
{
	const struct stats *x = a, *y = b;

	return compare(x->count, y->count, x, y);
}

static int
by_total(const void *a, const void *b)
{
	const struct stats *x = a, *y = b;

	return compare(x->total_us, y->total_us, x, y);
}

/* The rows of a table that are in use, in order. The caller frees *out. */
static enum err
read_table(bool (*read_row)(size_t i, struct stats *out), size_t rows,
    int (*order)(const void *, const void *), struct stats **out, size_t *count)
{
	struct stats *list = calloc(rows, sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < rows; i++)
		if (read_row(i, &list[n]))
			n++;
	qsort(list, n, sizeof(*list), order);
	/* Names point into their rows, and sorting has moved the rows. */
	for (size_t i = 0; i < n; i++)
		list[i].name.data = list[i].bytes;
	*out = list;
	*count = n;
	return OK;
}

/* ---- all ------------------------------------------------------------- */

static void
add_generation(struct report *report, const struct generation *generation)
{
	const struct config *config = &generation->config;

	report->host = config->host;
	report->generation = generation->number;
	report->database_bytes = file_bytes(config->state, STATE_DATABASE);
	report->wal_bytes = file_bytes(config->state, STATE_DATABASE "-wal");
	report->has_certificate = generation->tls != NULL &&
	    tls_facts(generation->tls, &report->certificate) == OK;
}

enum err
report_make(const struct report_source *source, struct report **out)
{
	struct report *report = calloc(1, sizeof(*report));
	const struct generation *generation =
	    source->serving != NULL ? source->serving : source->next;
	enum err err;

	if (report == NULL)
		return ERR_NOMEM;
	report->state = source->stopping ? "stopping"
	    : source->serving == NULL    ? "starting"
					 : "serving";
	report->now_s = clock_now_s();
	report->started_s = source->started_s;
	report->uptime_s = (clock_ms() - source->started_ms) / 1000;
	report->reloaded_s = source->reloaded_s;
	report->reload_failed = source->reload_failed;
	report->host = "";
	report->database_bytes = report->wal_bytes = -1;
	report->reload_reason = source->reload_reason;
	report->sqlite = sqlite3_libversion();
	report->log_reset_repaired =
	    sync_log_reset_is_repaired(sqlite3_libversion_number());
	metrics_read_text(TEXT_SANDBOX, report->sandbox);
	for (int i = 0; i < METRIC_COUNT; i++)
		report->number[i] = metrics_value((enum metric)i);
	if (generation != NULL)
		add_generation(report, generation);
	add_workers(report, source);
	err = read_table(stats_read_page, STATS_PAGES + 1, by_count,
	    &report->page, &report->page_count);
	if (err == OK)
		err = read_table(stats_read_statement, STATS_STATEMENTS + 1,
		    by_total, &report->statement, &report->statement_count);
	if (err != OK) {
		report_free(report);
		return err;
	}
	*out = report;
	return OK;
}

void
report_free(struct report *report)
{
	if (report == NULL)
		return;
	free(report->page);
	free(report->statement);
	free(report);
}
