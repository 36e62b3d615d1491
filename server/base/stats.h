/* SPDX-License-Identifier: ISC */
/*
 * How often and how long, by name: a row for each page and one for each
 * statement, in memory that all processes share (see base/metrics.h, which
 * makes it). A row is found by its name once and then kept; it stays when a
 * worker or a generation ends. Where there is no such memory there are no
 * rows, and adding to none does nothing.
 *
 * A table that is full has one row for all further names, "(others)".
 */
#ifndef GUIJU_BASE_STATS_H
#define GUIJU_BASE_STATS_H

#include "base/histogram.h"
#include "base/str.h"

enum {
	STATS_NAME_MAX = 231,   /* bytes; a longer name is cut */
	STATS_PAGES = 1024,     /* rows */
	STATS_STATEMENTS = 2048 /* rows */
};

struct page_stats;
struct statement_stats;

/* For metrics_make(). ERR_NOMEM. */
enum err stats_make(void) MUST_CHECK;

/* The row of a name, made if there is none; NULL without memory. */
struct page_stats *stats_page(struct str name);
struct statement_stats *stats_statement(struct str name);

/* Add one answer, one run. NULL is fine. */
void stats_add_answer(struct page_stats *row, uint64_t us);
void stats_add_run(struct statement_stats *row, uint64_t us);

/* ---- for the report -------------------------------------------------- */

/*
 * What a row says, copied. The name is whatever the memory holds: it may be
 * no UTF-8 and must be cleaned before it is shown. bytes: room for the name.
 */
struct stats {
	char bytes[STATS_NAME_MAX + 1];
	struct str name;
	uint64_t count, total_us, max_us;
	uint64_t p50_us, p99_us; /* of a page only */
};

/* Row i of a table, in no order; false: there is none or it is not in use.
 * out->name points into *out. */
bool stats_read_page(size_t i, struct stats *out);
bool stats_read_statement(size_t i, struct stats *out);

#endif
