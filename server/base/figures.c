/* SPDX-License-Identifier: ISC */
/*
 * Two tables of rows found by hashing. A row is claimed by its state alone:
 * free, being named, named. A worker that dies while it names one leaves that
 * one row out of use for good; nobody waits for it.
 */
#include "base/figures.h"

#include <sys/mman.h>

enum row_state { ROW_FREE, ROW_CLAIMED, ROW_NAMED };

/* How many rows a search may pass: others' names, or claimed ones. */
enum { STEPS_MAX = 64 };

struct row_name {
	_Atomic unsigned state;
	unsigned len;
	char bytes[FIGURES_NAME_MAX + 1];
};

struct page_figures {
	struct row_name name;
	struct histogram times;
};

struct statement_figures {
	struct row_name name;
	_Atomic uint64_t count, total_us, max_us;
};

/* One row more in each, for those that find no place. */
struct area {
	struct page_figures page[FIGURES_PAGES + 1];
	struct statement_figures statement[FIGURES_STATEMENTS + 1];
};

static struct area *area;

static void
set_name(struct row_name *name, struct str text)
{
	name->len = (unsigned)text.len;
	if (text.len > 0)
		memcpy(name->bytes, text.data, text.len);
	atomic_store(&name->state, ROW_NAMED);
}

enum err
figures_make(void)
{
	void *place = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return ERR_NOMEM;
	area = place;
	set_name(&area->page[FIGURES_PAGES].name, STR("(others)"));
	set_name(&area->statement[FIGURES_STATEMENTS].name, STR("(others)"));
	return OK;
}

static size_t
hash(struct str text)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.data[i]) * 16777619u;
	return h;
}

/* Is this row the name's, or can it be made so? */
static bool
take(struct row_name *name, struct str text)
{
	unsigned state = ROW_FREE;

	if (atomic_compare_exchange_strong(&name->state, &state, ROW_CLAIMED)) {
		set_name(name, text);
		return true;
	}
	return state == ROW_NAMED && name->len == text.len &&
	    memcmp(name->bytes, text.data, text.len) == 0;
}

/* The index of the name's row among `rows`, which lie `size` bytes apart and
 * begin with their names; rows: none. */
static size_t
find(void *table, size_t rows, size_t size, struct str text)
{
	size_t at = hash(text) % rows;

	for (int i = 0; i < STEPS_MAX; i++, at = (at + 1) % rows)
		if (take((void *)((char *)table + at * size), text))
			return at;
	return rows;
}

struct page_figures *
figures_page(struct str name)
{
	name = str_slice(name, 0, FIGURES_NAME_MAX);
	return area == NULL ? NULL
			    : &area->page[find(area->page, FIGURES_PAGES,
				  sizeof(area->page[0]), name)];
}

struct statement_figures *
figures_statement(struct str name)
{
	name = str_slice(name, 0, FIGURES_NAME_MAX);
	return area == NULL
	    ? NULL
	    : &area->statement[find(area->statement, FIGURES_STATEMENTS,
		  sizeof(area->statement[0]), name)];
}

void
figures_add_answer(struct page_figures *row, uint64_t us)
{
	if (row != NULL)
		histogram_add(&row->times, us);
}

void
figures_add_run(struct statement_figures *row, uint64_t us)
{
	if (row == NULL)
		return;
	atomic_fetch_add_explicit(&row->count, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&row->total_us, us, memory_order_relaxed);
	histogram_raise(&row->max_us, us);
}

/* Another process wrote the name: its length is believed only so far. */
static bool
read_name(const struct row_name *name, struct figures *out)
{
	size_t len;

	if (atomic_load(&name->state) != ROW_NAMED)
		return false;
	len = name->len;
	if (len > FIGURES_NAME_MAX)
		len = FIGURES_NAME_MAX;
	memcpy(out->bytes, name->bytes, len);
	out->name = (struct str){out->bytes, len};
	return true;
}

bool
figures_read_page(size_t i, struct figures *out)
{
	const struct page_figures *row;

	if (area == NULL || i > FIGURES_PAGES)
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
figures_read_statement(size_t i, struct figures *out)
{
	const struct statement_figures *row;

	if (area == NULL || i > FIGURES_STATEMENTS)
		return false;
	row = &area->statement[i];
	if (!read_name(&row->name, out))
		return false;
	out->count = atomic_load(&row->count);
	out->total_us = atomic_load(&row->total_us);
	out->max_us = atomic_load(&row->max_us);
	return out->count > 0;
}
