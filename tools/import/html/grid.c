/* SPDX-License-Identifier: ISC */
#include "tools/import/html/internal.h"

enum { ROWSPAN_MAX = 65534, COLSPAN_MAX = 1000 }; /* the standard's */

void
grid_begin(struct grid *grid)
{
	*grid = (struct grid){0};
}

static bool
is_group(const struct html_node *node)
{
	static const char *const names[] = {"tbody", "thead", "tfoot"};

	return html_is_one_of(node, names, sizeof(names) / sizeof(*names));
}

static const struct html_node *
row_from(const struct html_node *at)
{
	while (
	    at != NULL && (!html_is_element(at, "tr") || html_is_dropped(at)))
		at = at->next;
	return at;
}

static const struct html_node *
first_of(const struct html_node *table, const char *name)
{
	const struct html_node *at = table->children;

	while (at != NULL && !html_is_element(at, name))
		at = at->next;
	return at;
}

/* The group of rows that is shown after this one; NULL asks for the first. The
 * first <thead> is shown at the top and the first <tfoot> at the bottom, in
 * whatever order they are written. */
static const struct html_node *
next_group(const struct html_node *table, const struct html_node *group)
{
	const struct html_node *top = first_of(table, "thead");
	const struct html_node *bottom = first_of(table, "tfoot"), *at;

	if (group == NULL && top != NULL)
		return top;
	if (group == bottom && group != NULL)
		return NULL;
	at = group == NULL || group == top ? table->children : group->next;
	while (at != NULL && (!is_group(at) || at == top || at == bottom))
		at = at->next;
	return at != NULL ? at : bottom;
}

/* The row after this one, in the same group or the next; NULL: there is none.
 * The parser puts every row into a group. */
static const struct html_node *
next_row(const struct html_node *table, const struct html_node *row)
{
	const struct html_node *group = row == NULL ? NULL : row->parent;
	const struct html_node *at = row == NULL ? NULL : row_from(row->next);

	while (at == NULL && (group = next_group(table, group)) != NULL)
		if (!html_is_dropped(group))
			at = row_from(group->children);
	return at;
}

/* The number in a span attribute: 1 if it is missing or not a number; to_end if
 * it is zero. */
static size_t
read_span(
    const struct html_node *cell, const char *name, size_t most, size_t to_end)
{
	struct str text = str_trim(html_attribute(cell, name));
	size_t n = 0, i = 0;

	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
		if (n <= most)
			n = n * 10 + (size_t)(text.data[i] - '0');
	if (i == 0)
		return 1;
	if (n == 0)
		return to_end;
	return n > most ? most : n;
}

size_t
grid_rowspan(const struct html_node *cell)
{
	return read_span(cell, "rowspan", ROWSPAN_MAX, ROWSPAN_MAX);
}

size_t
grid_colspan(const struct html_node *cell)
{
	return read_span(cell, "colspan", COLSPAN_MAX, 1);
}

/* Put a cell into the first free columns from *at on. */
static void
put(struct grid *grid, struct grid_row *row, const struct html_node *cell,
    size_t *at)
{
	size_t columns = grid_colspan(cell), rows = grid_rowspan(cell);

	while (*at < GRID_COLUMNS_MAX && grid->rows[*at] > 0)
		++*at;
	if (*at >= GRID_COLUMNS_MAX) {
		grid->too_wide = cell->line > 0 ? cell->line : 1;
		return;
	}
	row->own[*at] = true;
	row->cells++;
	for (; columns > 0 && *at < GRID_COLUMNS_MAX; columns--, ++*at) {
		/* A cell that reaches down from above stays. */
		if (grid->rows[*at] > 0)
			break;
		row->cell[*at] = cell;
		grid->cell[*at] = cell;
		grid->rows[*at] = rows;
	}
}

/* Begin a row: copy the cells that reach down from above, and take one row off
 * each. */
static void
carry(struct grid *grid, struct grid_row *row)
{
	for (size_t i = 0; i < GRID_COLUMNS_MAX; i++) {
		if (grid->rows[i] == 0)
			continue;
		row->cell[i] = grid->cell[i];
		row->width = i + 1;
		grid->rows[i]--;
	}
}

bool
grid_next(
    struct grid *grid, const struct html_node *table, struct grid_row *row)
{
	const struct html_node *last = grid->tr;
	bool named = false, other = false;
	size_t at = 0;

	grid->tr = next_row(table, last);
	if (grid->tr == NULL)
		return false;
	*row = (struct grid_row){.tr = grid->tr};
	row->head = html_is_element(grid->tr->parent, "thead");
	/* No cell spans from one group into another. */
	if (last != NULL && last->parent != grid->tr->parent)
		memset(grid->rows, 0, sizeof(grid->rows));
	for (const struct html_node *cell = grid->tr->children; cell != NULL;
	     cell = cell->next) {
		if (!html_is_cell(cell) || html_is_dropped(cell))
			continue;
		put(grid, row, cell, &at);
		named = named || html_is_element(cell, "th");
		other = other ||
		    (!html_is_element(cell, "th") && html_weight(cell) > 0);
	}
	carry(grid, row);
	row->all_names = named && !other;
	return true;
}

size_t
grid_different(const struct grid_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->width; i++)
		n += row->cell[i] != NULL &&
		    (i == 0 || row->cell[i] != row->cell[i - 1]);
	return n;
}
