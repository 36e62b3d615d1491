/* SPDX-License-Identifier: ISC */
/*
 * HTML pages of old portals, in three steps: html_parse() makes a tree of the
 * bytes, html_find_content() finds the element that holds the article, and
 * html_flatten() makes lines of the tree. Only html_parse.c
 * and html_open.c see gumbo.
 */
#ifndef GUIJU_TOOLS_IMPORT_HTML_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_HTML_INTERNAL_H

#include "tools/import/article/article.h"
#include "tools/import/article/sheet.h"

enum {
	HTML_DEPTH_MAX = 512,    /* elements in each other, as in browsers */
	HTML_NODES_MAX = 500000, /* of a tree */
	HTML_OPEN_MAX = 5000     /* tags open at once, by html_count_open() */
};

enum html_type { HTML_DOCUMENT, HTML_ELEMENT, HTML_TEXT, HTML_COMMENT };

struct html_attribute {
	const struct html_attribute *next;
	struct str name, value;
};

/* A tree lives in the arena of its reading. */
struct html_node {
	enum html_type type;
	struct str name; /* of an element, in small letters */
	struct str text; /* of a text or a comment; what stands for a picture */
	const struct html_attribute *attributes;
	struct html_node *parent, *children, *last, *next;
	size_t line;    /* of the file */
	int64_t number; /* of an item in an ordered list (html_list.c) */
	bool dropped;   /* html_is_dropped() */
};

/*
 * Parse text, UTF-8 without NUL, as the HTML standard tells (13.2, without
 * scripts). *document has the element html and comments. Refused (ERR_INPUT):
 * elements nested too deep, too many of them, what takes too long or too much
 * memory. ERR_NOMEM.
 */
enum err html_parse(const struct reading *in, struct str text,
    struct html_node **document) MUST_CHECK;

/* How many elements would be open at once, at most, by counting tags without
 * making a tree; *line: where. Parsing costs their square. */
size_t html_count_open(struct str text, size_t *line);

/* The element html of a document. */
struct html_node *html_root(const struct html_node *document);

/* Find out about an element, once its children are there, what is asked of it
 * again and again. ERR_NOMEM. */
enum err html_settle(
    const struct reading *in, struct html_node *node) MUST_CHECK;

/* Is this element's content never to be read: scripts, styles, menus, hidden
 * ones, text that is struck out? */
bool html_is_dropped(const struct html_node *node);
/* Is its text struck out: it was valid, and is no more? */
bool html_is_struck(const struct html_node *node);
/* Does this element begin a line of its own? */
bool html_is_block(const struct html_node *node);
bool html_is_element(const struct html_node *node, const char *name);
bool html_is_one_of(
    const struct html_node *node, const char *const *names, size_t n);
bool html_is_cell(const struct html_node *node);
/* Are its line ends and blanks meant? */
bool html_is_preformatted(const struct html_node *node);

/* The value of an attribute, borrowed; empty: it has none. */
struct str html_attribute(const struct html_node *node, const char *name);
bool html_has(const struct html_node *node, const char *name);
/* What its style attribute says of a property, borrowed; empty: nothing. */
struct str html_style(const struct html_node *node, const char *property);
/* Is this one of the words of that? */
bool html_has_style(
    const struct html_node *node, const char *property, const char *word);

/* The element that holds the article and little else; NULL: an empty page. */
struct html_node *html_find_content(
    const struct customs *customs, struct html_node *root);

/* Bytes of text in a tree that a reader would read, links left out. */
size_t html_weight(const struct html_node *node);

/* Append the lines of the page; those of content's tree are inside. base: the
 * page's own address, to which relative links belong; empty: not known. */
enum err html_flatten(const struct reading *in, struct html_node *root,
    const struct html_node *content, struct str base,
    struct sheet *out) MUST_CHECK;

/* Append all text of a tree as one line; what is dropped is left out. */
void html_add_text(struct buf *out, const struct html_node *node);
/* The same for the cell of a table: pictures are their descriptions. */
void html_add_cell(struct buf *out, const struct html_node *cell);
/* The same with its line ends and blanks, for a preformatted group. */
void html_add_preformatted(struct buf *out, const struct html_node *node);
/* html_script.c: is this element set higher or lower than its line? */
bool html_is_super(const struct html_node *node);
bool html_is_sub(const struct html_node *node);
/* Append the text of such an element: in Unicode's superscripts where it has
 * them, else behind a sign. */
void html_add_script(struct buf *out, const struct html_node *node);

/* html_list.c: is this a list, ordered or not? */
bool html_is_list(const struct html_node *node);
/* Give the items of a list their numbers. */
void html_number_items(struct html_node *list);
/* Append what stands before an item's text, "2. a. ". */
void html_add_marker(struct buf *out, const struct html_node *item);

/* html_table.c: is this a table of data, not of layout? */
bool html_table_is_data(const struct html_node *table);

/* Who is told of the rows of a table, one line each; row: the element, for
 * what else it holds. */
struct html_rows {
	void (*add)(void *context, const struct line *line,
	    const struct html_node *row);
	void *context;
};

/* Give the rows of a table of data, node. ERR_INPUT: it is refused, and said;
 * ERR_NOMEM. */
enum err html_table_read(const struct reading *in, const struct html_node *node,
    const struct html_rows *rows) MUST_CHECK;

#endif
