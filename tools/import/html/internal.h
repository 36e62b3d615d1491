/* SPDX-License-Identifier: ISC */
/*
 * Reads HTML pages of old portals in three steps: html_parse() makes a tree of
 * the text, html_find_content() finds the element that holds the article, and
 * html_flatten() makes lines of the tree. Only parse.c and open.c use the
 * library gumbo.
 */
#ifndef GUIJU_TOOLS_IMPORT_HTML_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_HTML_INTERNAL_H

#include "tools/import/article/article.h"
#include "tools/import/article/sheet.h"

enum {
	HTML_DEPTH_MAX = 512,    /* depth of nesting, as in browsers */
	HTML_NODES_MAX = 500000, /* nodes per tree */
	HTML_OPEN_MAX = 5000     /* tags open at once (html_count_open()) */
};

enum html_type { HTML_DOCUMENT, HTML_ELEMENT, HTML_TEXT, HTML_COMMENT };

struct html_attribute {
	const struct html_attribute *next;
	struct str name, value;
};

/* A tree lives in the arena of its struct reading. */
struct html_node {
	enum html_type type;
	struct str name; /* of an element, in lower case */
	struct str text; /* of a text, comment; of a picture: its description */
	const struct html_attribute *attributes;
	struct html_node *parent, *children, *last, *next;
	size_t line;    /* of the file */
	int64_t number; /* of an item in an ordered list (list.c) */
	bool dropped;   /* answer of html_is_dropped() */
};

/*
 * Parse text (UTF-8 without NUL) as the HTML standard says (13.2, without
 * scripts). *document holds the element html, and comments. ERR_INPUT, with the
 * reason in in->why: the nesting is too deep, there are too many nodes, or
 * parsing takes too much time or memory. ERR_NOMEM.
 */
enum err html_parse(const struct reading *in, struct str text,
    struct html_node **document) MUST_CHECK;

/* Estimate the highest number of elements that are open at once; *line: where
 * in the file. The function only counts tags and makes no tree. The cost of
 * parsing grows with the square of this number. */
size_t html_count_open(struct str text, size_t *line);

/* The element html of a document. */
struct html_node *html_root(const struct html_node *document);

/* Compute what is asked of an element many times, and store it in the element.
 * Call this once the element has its children. ERR_NOMEM. */
enum err html_settle(
    const struct reading *in, struct html_node *node) MUST_CHECK;

/* Is the content of this element left out: a script, a style, a menu, a hidden
 * element, struck-out text? */
bool html_is_dropped(const struct html_node *node);
/* Is the text of this element struck out, because it is no longer valid? */
bool html_is_struck(const struct html_node *node);
/* Does this element begin a line of its own? */
bool html_is_block(const struct html_node *node);
bool html_is_element(const struct html_node *node, const char *name);
bool html_is_one_of(
    const struct html_node *node, const char *const *names, size_t n);
bool html_is_cell(const struct html_node *node);
/* Does this element keep its line ends and blanks, as <pre> does? */
bool html_is_preformatted(const struct html_node *node);

/* The value of an attribute, borrowed; empty: the element has no such value. */
struct str html_attribute(const struct html_node *node, const char *name);
bool html_has(const struct html_node *node, const char *name);
/* The value of a property in the attribute `style`, borrowed; empty: none. */
struct str html_style(const struct html_node *node, const char *property);
/* Is `word` one of the words in the value of this property? */
bool html_has_style(
    const struct html_node *node, const char *property, const char *word);

/* meta.c: take the next encoding that a page names off *rest. name gets it in
 * lower case, NUL-terminated. false: the page names no further one. */
enum { CHARSET_NAME_MAX = 32 };
bool html_charset(struct str *rest, char name[CHARSET_NAME_MAX]);

/* Find the element that holds the article and little else. NULL: the page is
 * empty. */
struct html_node *html_find_content(
    const struct customs *customs, struct html_node *root);

/* Bytes of readable text in a tree, without the text of links. */
size_t html_weight(const struct html_node *node);

/* Append the lines of the page. Lines from the tree `content` get the flag
 * inside. base: the page's own address, by which relative links are resolved;
 * empty: not known. */
enum err html_flatten(const struct reading *in, struct html_node *root,
    const struct html_node *content, struct str base,
    struct sheet *out) MUST_CHECK;

/* Append all text of a tree as one line, without dropped elements. */
void html_add_text(struct buf *out, const struct html_node *node);
/* Append a table's cell in the same way, with pictures as descriptions. */
void html_add_cell(struct buf *out, const struct html_node *cell);
/* Append a tree with its line ends and blanks, for a preformatted group. */
void html_add_preformatted(struct buf *out, const struct html_node *node);
/* script.c: is this element a superscript, a subscript? */
bool html_is_super(const struct html_node *node);
bool html_is_sub(const struct html_node *node);
/* Append the text of a superscript or subscript. Unicode's own characters are
 * used where Unicode has them all. Otherwise the sign `^` or `_` goes before a
 * text that would join the text beside it, and any other text stays plain. */
void html_add_script(struct buf *out, const struct html_node *node);

/* list.c: is this a list, ordered or not? */
bool html_is_list(const struct html_node *node);
/* Give the items of a list their numbers. */
void html_number_items(struct html_node *list);
/* Append the numbers before an item's text, such as "2. a. ". */
void html_add_marker(struct buf *out, const struct html_node *item);

/* table.c: does this table hold data, rather than the page's layout? */
bool html_table_is_data(const struct html_node *table);

/* Receives the rows of a table. add() gets one line per row, and the element of
 * the row, for its links. */
struct html_rows {
	void (*add)(void *context, const struct line *line,
	    const struct html_node *row);
	void *context;
};

/* Read a table of data, and hand its rows to `rows`. ERR_INPUT: the table is
 * refused, and in->why says why; ERR_NOMEM. */
enum err html_table_read(const struct reading *in, const struct html_node *node,
    const struct html_rows *rows) MUST_CHECK;

/*
 * Walks a table row by row. A cell that spans columns or rows appears in each
 * of them (HTML standard, 4.9.12.1). Only one row is in memory.
 */

enum { GRID_COLUMNS_MAX = 200 };

struct grid_row {
	const struct html_node *tr;
	const struct html_node *cell[GRID_COLUMNS_MAX]; /* NULL: none here */
	bool own[GRID_COLUMNS_MAX]; /* the cell begins in this row and column */
	size_t width;               /* columns, up to the last cell */
	size_t cells;               /* how many begin in this row */
	bool head;                  /* the row is in <thead> */
	bool all_names; /* all cells are <th> or empty; one is <th> */
};

struct grid {
	const struct html_node *tr; /* the current row */
	/* The cell that reaches into further rows, and how many. */
	const struct html_node *cell[GRID_COLUMNS_MAX];
	size_t rows[GRID_COLUMNS_MAX];
	/* Line of a row with more than GRID_COLUMNS_MAX columns; 0: none. */
	size_t too_wide;
};

void grid_begin(struct grid *grid);
/* Move to the next row and fill in *row; false: there is no further row. */
bool grid_next(
    struct grid *grid, const struct html_node *table, struct grid_row *row);

/* The rows and columns that a cell spans, by its attributes; at least 1. */
size_t grid_rowspan(const struct html_node *cell);
size_t grid_colspan(const struct html_node *cell);

/* Count the different cells of a row. */
size_t grid_different(const struct grid_row *row);

#endif
