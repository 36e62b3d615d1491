/* SPDX-License-Identifier: ISC */
/*
 * Two hash tables. A process claims a row with one atomic operation, which
 * stores the hash of the row's name. The name is written afterwards. Another
 * process that looks for the same name in between finds the hash and writes the
 * same bytes. So a name has one row, and no process waits for a worker that
 * died while it wrote.
 */
#include "base/stats.h"

#include <sys/mman.h>

/* The most rows that a search looks at. */
enum { STEPS_MAX = 64 };
/* A new answer is one part of so many of the moving mean. */
enum { COST_WEIGHT = 8 };

struct row_name {
	_Atomic uint64_t owner; /* the hash of the name; 0: a free row */
	_Atomic unsigned named; /* the name below has been written */
	unsigned len;
	char bytes[STATS_NAME_MAX + 1];
};

struct page_stats {
	struct row_name name;
	struct histogram times;
	_Atomic uint64_t cost_us; /* COST_WEIGHT times the moving mean */
};

struct statement_stats {
	struct row_name name;
	_Atomic uint64_t count, total_us, max_us;
};

/* The last row of each table, "(others)", is for names without a row. */
struct area {
	struct page_stats page[STATS_PAGES + 1];
	struct statement_stats statement[STATS_STATEMENTS + 1];
};

static struct area *area;

static void
set_name(struct row_name *name, struct str text)
{
	name->len = (unsigned)text.len;
	if (text.len > 0)
		memcpy(name->bytes, text.data, text.len);
	atomic_store(&name->named, 1);
}

enum err
stats_make(void)
{
	void *place = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return ERR_NOMEM;
	area = place;
	set_name(&area->page[STATS_PAGES].name, STR("(others)"));
	set_name(&area->statement[STATS_STATEMENTS].name, STR("(others)"));
	return OK;
}

/* The hash of a name, never 0: 0 marks a free row. */
static uint64_t
hash(struct str text)
{
	const uint64_t h = str_hash(text);

	return h == 0 ? 1 : h;
}

/* Does this row belong to the name, or can it be claimed for the name? */
static bool
take(struct row_name *name, struct str text, uint64_t owner)
{
	uint64_t other = 0;

	if (!atomic_compare_exchange_strong(&name->owner, &other, owner) &&
	    other != owner)
		return false;
	if (!atomic_load(&name->named))
		set_name(name, text);
	return name->len == text.len &&
	    memcmp(name->bytes, text.data, text.len) == 0;
}

/* The index of the name's row; `rows` if the name gets none. The table has
 * `rows` rows of `size` bytes, each of which begins with its row_name. */
static size_t
find(void *table, size_t rows, size_t size, struct str text)
{
	const uint64_t owner = hash(text);
	size_t at = owner % rows;

	for (int i = 0; i < STEPS_MAX; i++, at = (at + 1) % rows)
		if (take((void *)((char *)table + at * size), text, owner))
			return at;
	return rows;
}

struct page_stats *
stats_page(struct str name)
{
	name = str_slice(name, 0, STATS_NAME_MAX);
	return area == NULL ? NULL
			    : &area->page[find(area->page, STATS_PAGES,
				  sizeof(area->page[0]), name)];
}

struct statement_stats *
stats_statement(struct str name)
{
	name = str_slice(name, 0, STATS_NAME_MAX);
	return area == NULL
	    ? NULL
	    : &area->statement[find(area->statement, STATS_STATEMENTS,
		  sizeof(area->statement[0]), name)];
}

void
stats_add_answer(struct page_stats *row, uint64_t us, uint64_t cpu_us)
{
	uint64_t cost_us;

	if (row == NULL)
		return;
	histogram_add(&row->times, us);
	/* If two workers do this at once, one answer is missing in the mean. */
	cost_us = atomic_load_explicit(&row->cost_us, memory_order_relaxed);
	atomic_store_explicit(&row->cost_us,
	    cost_us - cost_us / COST_WEIGHT + cpu_us, memory_order_relaxed);
}

uint64_t
stats_mean_cost(const struct page_stats *row)
{
	return row == NULL
	    ? 0
	    : atomic_load_explicit(&row->cost_us, memory_order_relaxed) /
		COST_WEIGHT;
}

void
stats_add_run(struct statement_stats *row, uint64_t us)
{
	if (row == NULL)
		return;
	atomic_fetch_add_explicit(&row->count, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&row->total_us, us, memory_order_relaxed);
	histogram_raise(&row->max_us, us);
}

/* Another process wrote the name, so its length is not trusted. */
static bool
read_name(const struct row_name *name, struct stats *out)
{
	size_t len;

	if (!atomic_load(&name->named))
		return false;
	len = name->len;
	if (len > STATS_NAME_MAX)
		len = STATS_NAME_MAX;
	memcpy(out->bytes, name->bytes, len);
	out->name = (struct str){out->bytes, len};
	return true;
}

bool
stats_read_page(size_t i, struct stats *out)
{
	const struct page_stats *row;

	if (area == NULL || i > STATS_PAGES)
		return false;
	row = &area->page[i];
	if (!read_name(&row->name, out))
		return false;
	out->count = histogram_count(&row->times);
	out->total_us = atomic_load(&row->times.sum_us);
	out->max_us = atomic_load(&row->times.max_us);
	out->p50_us = histogram_quantile(&row->times, 500);
	out->p99_us = histogram_quantile(&row->times, 990);
	return out->count > 0;
}

bool
stats_read_statement(size_t i, struct stats *out)
{
	const struct statement_stats *row;

	if (area == NULL || i > STATS_STATEMENTS)
		return false;
	row = &area->statement[i];
	if (!read_name(&row->name, out))
		return false;
	out->count = atomic_load(&row->count);
	out->total_us = atomic_load(&row->total_us);
	out->max_us = atomic_load(&row->max_us);
	return out->count > 0;
}
