/* SPDX-License-Identifier: ISC */
/*
 * Tables. Gemtext has none, and rows of columns are hard to hear, so a row
 * becomes one item that says its columns' names. Most tables of old pages are
 * layout and are walked through like any other element.
 */
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html.h"

enum {
	CELL_MAX_BYTES = 600, /* of data; more is a text in a frame */
	COLUMNS_MAX = 24
};

struct row {
	const xmlNode *cell[COLUMNS_MAX];
	size_t count;
	bool named; /* all of them are <th> */
};

static bool
is_group(const xmlNode *node)
{
	return html_is_element(node, "tbody") ||
	    html_is_element(node, "thead") || html_is_element(node, "tfoot");
}

/* The row after this one, in the same group or the next; NULL: no more. */
static const xmlNode *
next_row(const xmlNode *table, const xmlNode *row)
{
	const xmlNode *at = row == NULL ? table->children : row->next;

	for (;;) {
		while (
		    at != NULL && !html_is_element(at, "tr") && !is_group(at))
			at = at->next;
		if (at != NULL && is_group(at)) {
			if (at->children != NULL) {
				row = at->children;
				at = at->children;
				continue;
			}
			at = at->next;
			continue;
		}
		if (at != NULL)
			return at;
		if (row == NULL || !is_group(row->parent))
			return NULL;
		at = row->parent->next;
		row = NULL;
	}
}

static void
read_row(const xmlNode *tr, struct row *row)
{
	*row = (struct row){.named = true};
	for (const xmlNode *cell = tr->children; cell != NULL;
	     cell = cell->next) {
		if (!html_is_cell(cell) || row->count == COLUMNS_MAX)
			continue;
		row->named = row->named && html_is_element(cell, "th");
		row->cell[row->count++] = cell;
	}
}

/* Something that a row of data does not hold. */
static bool
holds_more(const xmlNode *node)
{
	static const char *const names[] = {
	    "table", "ul", "ol", "blockquote", "pre", "form", "h1", "h2"};

	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (html_is_element(child, names[i]))
				return true;
		if (child->type == XML_ELEMENT_NODE && holds_more(child))
			return true;
	}
	return false;
}

bool
html_table_is_data(const xmlNode *table)
{
	size_t rows = 0;

	for (const xmlNode *tr = next_row(table, NULL); tr != NULL;
	     tr = next_row(table, tr)) {
		struct row row;
		if (holds_more(tr))
			return false;
		read_row(tr, &row);
		for (size_t i = 0; i < row.count; i++)
			if (html_weight(row.cell[i]) > CELL_MAX_BYTES)
				return false;
		rows += row.count > 1;
	}
	return rows >= 2;
}

static void
add_cell(struct buf *out, const xmlNode *cell)
{
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	html_add_text(&text, cell);
	clean_line(out, buf_view(&text));
	if (text.err != OK)
		out->err = text.err;
	buf_release(&text);
}

/* A first row of <td> that nonetheless names the columns. */
static bool
names_columns(const struct row *row)
{
	static const char *const names[] = {"序号", "标准号", "标准编号",
	    "名称", "标准名称", "项目", "日期", "实施日期"};
	bool found = false;
	struct buf b;

	buf_init(&b, ARTICLE_BYTES_MAX);
	for (size_t i = 0; i < row->count && row->count > 2; i++) {
		buf_clear(&b);
		add_cell(&b, row->cell[i]);
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			found = found ||
			    str_equal(buf_view(&b), str_from(names[k]));
	}
	buf_release(&b);
	return found;
}

static void
add_row(struct buf *out, const struct row *row, const struct row *names)
{
	bool named = names->count == row->count && row->count > 1;
	bool pair = names->count == 0 && row->count == 2;

	for (size_t i = 0; i < row->count; i++) {
		size_t before = out->len;
		struct buf cell;

		buf_init(&cell, ARTICLE_BYTES_MAX);
		add_cell(&cell, row->cell[i]);
		if (cell.len > 0 && before > 0)
			buf_text(out, pair ? ": " : "; ");
		if (cell.len > 0 && named) {
			add_cell(out, names->cell[i]);
			buf_text(out, ": ");
		}
		buf_str(out, buf_view(&cell));
		if (cell.err != OK)
			out->err = cell.err;
		buf_release(&cell);
	}
}

enum err
html_table_add(const xmlNode *table, bool inside, struct sheet *out)
{
	struct row names = {0}, row;
	struct buf text;
	enum err err = OK;

	buf_init(&text, ARTICLE_BYTES_MAX);
	for (const xmlNode *tr = next_row(table, NULL); tr != NULL && err == OK;
	     tr = next_row(table, tr)) {
		struct line line = {.type = LINE_ITEM, .inside = inside};

		read_row(tr, &row);
		if (names.count == 0 && row.count > 1 &&
		    (row.named || names_columns(&row))) {
			names = row;
			continue;
		}
		buf_clear(&text);
		add_row(&text, &row, &names);
		line.number = (size_t)xmlGetLineNo(tr);
		line.text = buf_view(&text);
		if (row.count < 2)
			line.type = LINE_TEXT;
		sheet_add(out, &line);
		err = text.err;
	}
	buf_release(&text);
	return err != OK ? err : out->err;
}
