/* SPDX-License-Identifier: ISC */
/*
 * The report of `guiju status`: the parent gathers what it knows itself and the
 * numbers in the memory that it shares with its workers, and writes them in one
 * of three forms. Workers write the names of those numbers, so each form cleans
 * the names.
 */
#ifndef GUIJU_RUN_STATUS_REPORT_H
#define GUIJU_RUN_STATUS_REPORT_H

#include "base/buf.h"
#include "base/stats.h"
#include "base/metrics.h"
#include "net/tls/tls.h"
#include "run/worker/generation.h"

enum { REPORT_MAX_BYTES = 8 * 1024 * 1024 }; /* of a written report */

/* What the parent knows itself. The pointers are borrowed. */
struct report_source {
	const struct generation *serving, *next; /* may be NULL */
	const struct crew *crew;
	int64_t started_ms, started_s;
	int64_t reloaded_s; /* when the last reload ended; 0: none */
	bool reload_failed;
	const char *reload_reason; /* why it failed */
	bool stopping;
};

struct report_worker {
	pid_t pid; /* 0: the worker is dead, the next is not forked yet */
	unsigned generation;
	size_t index;
	const char *state;
	int64_t age_s;
	unsigned restarts;
	int64_t connections, requests;
};

struct report {
	const char *state, *host;
	int64_t now_s, started_s, uptime_s;
	unsigned generation;
	struct report_worker worker[CREW_MAX + CONFIG_WORKERS_MAX];
	size_t worker_count;
	int64_t connections; /* open in all workers */
	int64_t reloaded_s;
	bool reload_failed;
	const char *reload_reason; /* borrowed from the source */
	char sandbox[METRICS_TEXT_SIZE];
	int64_t database_bytes, wal_bytes; /* -1: no such file */
	const char *sqlite;                /* its version */
	bool log_reset_repaired;           /* store/sync.h */
	bool has_certificate;
	struct tls_facts certificate;
	uint64_t number[METRIC_COUNT];
	/* Pages ordered by count, statements by total time. Owned. */
	struct stats *page, *statement;
	size_t page_count, statement_count;
};

/* Gather a report. The caller owns *out (report_free). ERR_NOMEM. */
enum err report_make(
    const struct report_source *source, struct report **out) MUST_CHECK;
/* Accepts NULL. */
void report_free(struct report *report);

/* Append the report for people, in UTF-8. all: every page and statement;
 * otherwise only the first of them. */
void report_write_text(struct buf *out, const struct report *report, bool all);
/* Append one JSON object (RFC 8259). */
void report_write_json(struct buf *out, const struct report *report);
/* Append the report in Prometheus' text exposition format, 0.0.4. */
void report_write_prometheus(struct buf *out, const struct report *report);

#endif
