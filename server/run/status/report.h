/* SPDX-License-Identifier: ISC */
/*
 * What `guiju status` tells: gathered by the parent from what it knows itself
 * and from the numbers it shares with its workers, then written in one of
 * three forms. Names in the numbers are whatever a worker has put there; each
 * form cleans them.
 */
#ifndef GUIJU_RUN_STATUS_REPORT_H
#define GUIJU_RUN_STATUS_REPORT_H

#include "base/buf.h"
#include "base/stats.h"
#include "base/metrics.h"
#include "net/tls/tls.h"
#include "run/worker/generation.h"

enum { REPORT_MAX_BYTES = 8 * 1024 * 1024 }; /* of one, written */

/* What the parent knows. Borrowed. */
struct report_source {
	const struct generation *serving, *next; /* may be NULL */
	const struct crew *crew;
	int64_t started_ms, started_s;
	int64_t reloaded_s; /* when the last reload was decided; 0: none */
	bool reload_failed; /* and how: */
	const char *reload_reason;
	bool stopping;
};

struct report_worker {
	pid_t pid; /* 0: nobody is there yet again */
	unsigned generation;
	size_t place;
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
	char sandbox[NOTE_SIZE];
	int64_t database_bytes, wal_bytes; /* -1: no such file */
	bool has_certificate;
	struct tls_facts certificate;
	uint64_t number[METRIC_COUNT];
	/* Pages by how often, statements by how long in all. */
	struct stats *page, *statement;
	size_t page_count, statement_count;
};

/* Gather. ERR_NOMEM. */
enum err report_make(
    const struct report_source *source, struct report **out) MUST_CHECK;
/* Accepts NULL. */
void report_free(struct report *report);

/* For people, in UTF-8; all: every page and statement, not the first few. */
void report_write_text(struct buf *out, const struct report *report, bool all);
/* One JSON object (RFC 8259). */
void report_write_json(struct buf *out, const struct report *report);
/* Prometheus' text exposition format, 0.0.4. */
void report_write_prometheus(struct buf *out, const struct report *report);

#endif
