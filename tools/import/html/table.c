/* SPDX-License-Identifier: ISC */
/*
 * Writes tables. Gemtext has no tables, and a screen reader cannot read columns
 * well. So a row becomes one item that names its columns:
 *
 *	* 项目: 臭氧; 限值 日均: —; 限值 年均: 160
 *
 * A cell that spans columns or rows is written in each of them. An empty cell
 * is a dash, so that no value moves below another name. Most tables of old
 * pages are layout: they are read like any other element.
 */
#include "base/utf8.h"
#include "tools/import/clean.h"
#include "tools/import/html/internal.h"

enum {
	CELL_MAX_BYTES = 600, /* a longer cell is framed text, not data */
	NAMED_CELL_MAX_BYTES = 4000, /* the same, if the columns have names */
	NAMES_MAX = 8,               /* rows of names, one below another */
	TABLE_BYTES_MAX = 8 * 1024 * 1024 /* spans can repeat a text often */
};

#define EMPTY "\u2014"

/* Is this an element that a row of data does not hold? */
static bool
holds_more(const struct html_node *node, bool named)
{
	static const char *const never[] = {
	    "table", "blockquote", "form", "h1", "h2"};
	static const char *const rarely[] = {
	    "ul", "ol", "pre", "listing", "xmp"};

	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next) {
		if (html_is_one_of(
			child, never, sizeof(never) / sizeof(*never)) ||
		    (!named &&
			html_is_one_of(
			    child, rarely, sizeof(rarely) / sizeof(*rarely))))
			return true;
		if (child->type == HTML_ELEMENT && holds_more(child, named))
			return true;
	}
	return false;
}

static bool
has_names(const struct html_node *table)
{
	struct grid grid;
	struct grid_row row;

	grid_begin(&grid);
	while (grid_next(&grid, table, &row))
		if (row.all_names && grid_different(&row) > 1)
			return true;
	return false;
}

bool
html_table_is_data(const struct html_node *table)
{
	bool named = has_names(table);
	size_t most = named ? NAMED_CELL_MAX_BYTES : CELL_MAX_BYTES, rows = 0;
	struct grid grid;
	struct grid_row row;

	grid_begin(&grid);
	while (grid_next(&grid, table, &row)) {
		if (holds_more(row.tr, named))
			return false;
		for (size_t i = 0; i < row.width; i++)
			if (row.own[i] && html_weight(row.cell[i]) > most)
				return false;
		rows += grid_different(&row) > 1;
	}
	return rows >= 2;
}

/* The state of reading one table. */
struct table {
	const struct reading *in;
	const struct html_node *node;
	const struct html_rows *rows;
	bool column[GRID_COLUMNS_MAX]; /* a cell with text begins here */
	size_t columns;                /* how many columns are so */
	size_t names;                  /* rows of names, at the beginning */
	struct grid_row name[NAMES_MAX];
	size_t named; /* rows of names in use now */
	bool naming;  /* the last row was a row of names */
	size_t bytes;
	bool begun;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Repair a number or a date that a narrow column has broken behind its hyphen:
 * 2019- 01-11. */
static void
add_mended(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != ' ' || i < 2 || i + 1 == text.len ||
		    text.data[i - 1] != '-' || !is_digit(text.data[i - 2]) ||
		    !is_digit(text.data[i + 1]))
			buf_char(out, text.data[i]);
}

static void
add_cell(struct buf *out, const struct html_node *cell)
{
	struct buf text, clean;

	buf_init(&text, ARTICLE_BYTES_MAX);
	buf_init(&clean, ARTICLE_BYTES_MAX);
	html_add_cell(&text, cell);
	clean_line(&clean, buf_view(&text));
	add_mended(out, buf_view(&clean));
	if (text.err != OK || clean.err != OK)
		out->err = text.err != OK ? text.err : clean.err;
	buf_release(&clean);
	buf_release(&text);
}

static bool
is_empty(const struct html_node *cell)
{
	struct buf text;
	bool empty;

	if (cell == NULL)
		return true;
	buf_init(&text, ARTICLE_BYTES_MAX);
	add_cell(&text, cell);
	empty = text.len == 0;
	buf_release(&text);
	return empty;
}

/* Is the row one cell over all columns? Such a row is a line between rows. */
static bool
is_line(const struct grid_row *row)
{
	return grid_different(row) < 2;
}

/* Is all text of the cell bold? */
static bool
is_bold(const struct html_node *node)
{
	static const char *const names[] = {"b", "strong"};
	static const char *const weights[] = {
	    "bold", "bolder", "600", "700", "800", "900"};

	if (html_is_dropped(node) ||
	    html_is_one_of(node, names, sizeof(names) / sizeof(*names)))
		return true;
	for (size_t i = 0; i < sizeof(weights) / sizeof(*weights); i++)
		if (html_has_style(node, "font-weight", weights[i]))
			return true;
	if (node->type != HTML_ELEMENT)
		return html_weight(node) == 0;
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		if (!is_bold(child))
			return false;
	return true;
}

/* Make the text without blanks: 序 号 becomes 序号. */
static enum err
add_bare(struct buf *out, const struct html_node *cell)
{
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	add_cell(&text, cell);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != ' ')
			buf_char(out, text.data[i]);
	if (text.err != OK)
		out->err = text.err;
	buf_release(&text);
	return out->err;
}

/*
 * Does a first row of <td> name the columns? It does if all of it is bold, if
 * more than half of its cells are words for columns, or if it has three cells
 * and more and one is a word that can only name a column. In a row of a form,
 * names and values alternate: at most half of the cells are such words.
 */
static bool
names_columns(const struct customs *customs, const struct grid_row *row)
{
	size_t sure = 0, maybe = 0, bold = 0, all = grid_different(row);
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	for (size_t i = 0; i < row->width; i++) {
		if (!row->own[i])
			continue;
		buf_clear(&text);
		if (add_bare(&text, row->cell[i]) != OK)
			break;
		sure +=
		    words_are(customs->words[WORDS_COLUMN], buf_view(&text));
		maybe += words_are(customs->words[WORDS_FORM], buf_view(&text));
		bold += text.len > 0 && is_bold(row->cell[i]);
	}
	buf_release(&text);
	return bold == all || (sure > 0 && all > 2) || 2 * (sure + maybe) > all;
}

/* The first rows of a table, below lines that span all columns. */
struct top {
	struct grid_row row[NAMES_MAX + 1];
	size_t count;
};

/*
 * Count the rows of names at the top, by the spans of their cells: a name with
 * other names below it spans their columns, and every other name spans all of
 * these rows. Returns 2 or more; 0: these rows are not such names.
 */
static size_t
count_spanned(const struct top *top)
{
	const struct grid_row *first = &top->row[0];
	size_t deep = 1, wide = 0;

	for (size_t i = 0; i < first->width; i++) {
		size_t rows;
		if (!first->own[i])
			continue;
		rows = grid_rowspan(first->cell[i]);
		deep = rows > deep ? rows : deep;
		wide += grid_colspan(first->cell[i]) > 1;
	}
	if (deep < 2 || wide == 0 || deep >= top->count || is_line(first))
		return 0;
	for (size_t r = 1; r < deep; r++)
		for (size_t i = 0; i < top->row[r].width; i++) {
			const struct html_node *above = first->cell[i];
			if (!top->row[r].own[i])
				continue;
			if (above == NULL || grid_colspan(above) < 2 ||
			    r + grid_rowspan(top->row[r].cell[i]) > deep)
				return 0;
		}
	for (size_t i = 0; i < top->row[deep].width; i++)
		if (top->row[deep].cell[i] == first->cell[i] &&
		    first->cell[i] != NULL)
			return 0;
	return deep;
}

/* Do the names stand on two rows without rowspan? Then the cell below a name
 * that spans one column is empty. */
static bool
goes_on_below(const struct top *top)
{
	const struct grid_row *first = &top->row[0], *second = &top->row[1];
	bool wide = false;

	if (top->count < 3 || is_line(first) || is_line(second))
		return false;
	for (size_t i = 0; i < first->width; i++) {
		bool spans =
		    first->cell[i] != NULL && grid_colspan(first->cell[i]) > 1;
		if (spans == is_empty(second->cell[i]))
			return false;
		wide = wide || spans;
	}
	return wide;
}

/* 1: the cell holds a digit; -1: it holds text without a digit; 0: it is empty
 * or a dash. */
static int
holds_figure(const struct html_node *cell)
{
	struct buf text;
	int found = 0;

	if (cell == NULL)
		return 0;
	buf_init(&text, ARTICLE_BYTES_MAX);
	add_cell(&text, cell);
	for (size_t i = 0; i < text.len; i++)
		found |= is_digit(text.data[i]);
	if (found == 0 && text.len > 0)
		found = str_equal(buf_view(&text), STR("-")) ||
			str_equal(buf_view(&text), STR("/")) ||
			str_equal(buf_view(&text), STR(EMPTY))
		    ? 0
		    : -1;
	buf_release(&text);
	return found;
}

/*
 * Do words at the top name columns of figures? They do if there are three
 * columns or more, and only figures stand below the words, the first column
 * apart. In a form, words and values alternate.
 */
static bool
names_figures(const struct top *top)
{
	const struct grid_row *first = &top->row[0];

	if (first->width < 3 || grid_different(first) < first->width)
		return false;
	for (size_t i = 0; i < first->width; i++) {
		bool any = i == 0;
		if (holds_figure(first->cell[i]) != -1 &&
		    !(i == 0 && is_empty(first->cell[0])))
			return false;
		for (size_t r = 1; r < top->count && i > 0; r++) {
			int figure = holds_figure(top->row[r].cell[i]);
			if (figure < 0 && !is_line(&top->row[r]))
				return false;
			any = any || figure > 0;
		}
		if (!any)
			return false;
	}
	return true;
}

static size_t
count_names(const struct customs *customs, const struct top *top)
{
	size_t n = 0, spanned;

	while (n < top->count && top->row[n].head)
		n++;
	if (n > 0)
		return n;
	/* One <th> over all columns is a line between the rows. */
	while (
	    n < top->count && top->row[n].all_names && !is_line(&top->row[n]))
		n++;
	spanned = top->count > 1 ? count_spanned(top) : 0;
	if (n > 0 || spanned > 0)
		return spanned > n ? spanned : n;
	if (top->count < 2 ||
	    (!names_columns(customs, &top->row[0]) && !names_figures(top)))
		return 0;
	return goes_on_below(top) ? 2 : 1;
}

static bool
has_text(const struct grid_row *row)
{
	for (size_t i = 0; i < row->width; i++)
		if (row->own[i] && !is_empty(row->cell[i]))
			return true;
	return false;
}

/* Look at all rows before the first one is written. */
static enum err
look(struct table *table)
{
	struct grid grid;
	struct grid_row row;
	struct top *top = calloc(1, sizeof(*top));
	size_t rows = 0;

	if (top == NULL)
		return reading_nomem(table->in);
	grid_begin(&grid);
	while (grid_next(&grid, table->node, &row)) {
		if (row.cells > 0 && top->count <= NAMES_MAX &&
		    (top->count > 0 || (!is_line(&row) && has_text(&row))))
			top->row[top->count++] = row;
		rows += row.cells > 0;
		for (size_t i = 0; i < row.width; i++)
			table->column[i] = table->column[i] ||
			    (row.own[i] && !is_empty(row.cell[i]));
	}
	for (size_t i = 0; i < GRID_COLUMNS_MAX; i++)
		table->columns += table->column[i];
	table->names =
	    top->count > 0 ? count_names(table->in->customs, top) : 0;
	/* Names without rows below them are written as rows. */
	if (table->names >= rows || table->names > NAMES_MAX)
		table->names = 0;
	free(top);
	return grid.too_wide == 0
	    ? OK
	    : reading_refuse(table->in, grid.too_wide,
		  "a table of more than %d columns", GRID_COLUMNS_MAX);
}

/* Append a name; the blanks in a name that is spaced out, 序 号, are removed.
 */
static void
add_title(const struct customs *customs, struct buf *out,
    const struct html_node *cell)
{
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	if (add_bare(&text, cell) == OK &&
	    (words_are(customs->words[WORDS_COLUMN], buf_view(&text)) ||
		words_are(customs->words[WORDS_FORM], buf_view(&text))))
		buf_str(out, buf_view(&text));
	else
		add_cell(out, cell);
	buf_release(&text);
}

/* Append the names of a column, from top to bottom: 限值 日均. */
static void
add_name(struct buf *out, const struct table *table, size_t column)
{
	const struct html_node *last = NULL;
	size_t before = out->len;

	for (size_t r = 0; r < table->named; r++) {
		const struct html_node *cell = table->name[r].cell[column];
		if (cell == NULL || cell == last || is_empty(cell))
			continue;
		if (out->len > before)
			buf_char(out, ' ');
		add_title(table->in->customs, out, cell);
		last = cell;
	}
	if (out->len > before)
		buf_text(out, ": ");
}

/* Does the cell end with a colon, as 发文日期： does? It is a name already. */
static bool
awaits_value(const struct buf *out)
{
	struct str text = buf_view(out);

	return str_ends(text, STR(":")) || str_ends(text, STR("\uFF1A"));
}

static void
add_row(struct buf *out, const struct table *table, const struct grid_row *row)
{
	bool pair = table->named == 0 && table->columns == 2, first = true;
	const struct html_node *last = NULL;

	for (size_t i = 0; i < row->width; i++) {
		const struct html_node *cell = row->cell[i];
		if (!table->column[i] || cell == NULL)
			continue;
		/* Without names, a cell that spans columns is written once. */
		if (table->named == 0 && cell == last)
			continue;
		if (!first && !awaits_value(out))
			buf_text(out, pair ? ": " : "; ");
		add_name(out, table, i);
		if (is_empty(cell))
			buf_text(out, EMPTY);
		else
			add_cell(out, cell);
		first = false;
		last = cell;
	}
}

/* Does this row repeat the names, as at the top of a new page? */
static bool
repeats_names(const struct table *table, const struct grid_row *row)
{
	struct buf name, cell;
	bool same = table->named == 1;

	buf_init(&name, ARTICLE_BYTES_MAX);
	buf_init(&cell, ARTICLE_BYTES_MAX);
	for (size_t i = 0; i < row->width && same; i++) {
		buf_clear(&name);
		buf_clear(&cell);
		if (table->name[0].cell[i] != NULL)
			add_cell(&name, table->name[0].cell[i]);
		if (row->cell[i] != NULL)
			add_cell(&cell, row->cell[i]);
		same = str_equal(buf_view(&name), buf_view(&cell));
	}
	buf_release(&name);
	buf_release(&cell);
	return same;
}

/* Use this row as names of the columns, below the names taken just before. */
static void
take_names(struct table *table, const struct grid_row *row)
{
	if (!table->naming)
		table->named = 0;
	if (table->named < NAMES_MAX)
		table->name[table->named++] = *row;
	table->naming = true;
}

/* Has the row only one cell, of one column, while the table has more columns?
 * Such a row is unfinished; its cell stands below its column's name. */
static bool
is_short(const struct table *table, const struct grid_row *row)
{
	return table->columns > 1 && row->width == 1;
}

static enum err
write_row(struct table *table, const struct grid_row *row, struct buf *text)
{
	struct line line = {
	    .type = LINE_ITEM, .number = row->tr->line, .data = true};

	buf_clear(text);
	if (is_line(row) && (table->named == 0 || !is_short(table, row))) {
		line.type = LINE_TEXT;
		for (size_t i = 0; i < row->width && text->len == 0; i++)
			if (row->cell[i] != NULL)
				add_cell(text, row->cell[i]);
	} else {
		add_row(text, table, row);
	}
	table->bytes += text->len;
	if (text->err == ERR_NOMEM)
		return reading_nomem(table->in);
	if (text->err != OK || table->bytes > TABLE_BYTES_MAX)
		return reading_refuse(table->in, row->tr->line,
		    "a table whose spans make it longer than %d MiB",
		    TABLE_BYTES_MAX >> 20);
	line.text = buf_view(text);
	line.begins = !table->begun;
	table->begun = true;
	table->rows->add(table->rows->context, &line, row->tr);
	return OK;
}

static void
write_captions(struct table *table)
{
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	for (const struct html_node *child = table->node->children;
	     child != NULL; child = child->next) {
		struct line line = {.number = child->line};
		if (!html_is_element(child, "caption"))
			continue;
		buf_clear(&text);
		add_cell(&text, child);
		line.text = buf_view(&text);
		table->rows->add(table->rows->context, &line, child);
	}
	buf_release(&text);
}

static enum err
write_rows(struct table *table)
{
	size_t names = table->names;
	struct grid grid;
	struct grid_row row;
	enum err err = OK;
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	grid_begin(&grid);
	while (err == OK && grid_next(&grid, table->node, &row)) {
		bool wide = !is_line(&row);
		if (!has_text(&row))
			continue;
		if ((wide && row.all_names && table->names > 0) ||
		    (names > 0 && (wide || table->naming))) {
			names -= names > 0;
			take_names(table, &row);
			continue;
		}
		table->naming = false;
		if (wide && repeats_names(table, &row))
			continue;
		err = write_row(table, &row, &text);
	}
	buf_release(&text);
	return err;
}

enum err
html_table_read(const struct reading *in, const struct html_node *node,
    const struct html_rows *rows)
{
	struct table *table = calloc(1, sizeof(*table));
	enum err err;

	if (table == NULL)
		return reading_nomem(in);
	table->in = in;
	table->node = node;
	table->rows = rows;
	err = look(table);
	if (err == OK) {
		write_captions(table);
		err = write_rows(table);
	}
	free(table);
	return err;
}
