/* SPDX-License-Identifier: ISC */
/*
 * HTML pages of old portals, in three steps: html_parse() makes a tree of the
 * bytes, html_find_content() finds the element that holds the article, and
 * html_flatten() makes lines of the tree. Only these see libxml2.
 */
#ifndef GUIJU_TOOLS_IMPORT_HTML_H
#define GUIJU_TOOLS_IMPORT_HTML_H

#include <libxml/tree.h>

#include "tools/import/article.h"
#include "tools/import/sheet.h"

/*
 * Parse in->text in the encoding that its own words tell (GB2312, GBK and
 * GB18030 are read as the last, which holds the others; without a word it is
 * UTF-8). *doc is the caller's, xmlFreeDoc(). Refused (ERR_INPUT): bytes that
 * the encoding does not have, an unknown encoding, no element at all, elements
 * nested too deep.
 */
enum err html_parse(const struct reading *in, xmlDocPtr *doc) MUST_CHECK;

/* Is this element's content never to be read: scripts, styles, menus, hidden
 * ones? */
bool html_is_dropped(const xmlNode *node);
/* Does this element begin a line of its own? */
bool html_is_block(const xmlNode *node);
bool html_is_element(const xmlNode *node, const char *name);
bool html_is_cell(const xmlNode *node);

/* The text of an element or attribute, borrowed; empty: it has none. */
struct str html_text(const xmlNode *node);
struct str html_attribute(const xmlNode *node, const char *name);

/* The element that holds the article and little else; NULL: an empty page. */
xmlNode *html_find_content(xmlDocPtr doc);

/* Bytes of text in a tree that a reader would read, links left out. */
size_t html_weight(const xmlNode *node);

/* Append the lines of the page; those of content's tree are inside. base: the
 * page's own address, to which relative links belong; empty: not known. */
enum err html_flatten(const struct reading *in, xmlDocPtr doc,
    const xmlNode *content, struct str base, struct sheet *out) MUST_CHECK;

/* html_table.c: is this a table of data, not of layout? Then its rows. */
bool html_table_is_data(const xmlNode *table);
enum err html_table_add(
    const xmlNode *table, bool inside, struct sheet *out) MUST_CHECK;

/* Append all text of a tree as one line; what is dropped is left out. */
void html_add_text(struct buf *out, const xmlNode *node);

#endif
