/* SPDX-License-Identifier: ISC */
/*
 * A page of a portal as its server sent it, or as a browser saved it: parsed,
 * made into lines, and then read like a capture, with the help of what the
 * page's head says.
 */
#include "base/url.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html.h"
#include "tools/import/portal.h"
#include "tools/import/read.h"

/* What government portals of China write into <meta name=...>. */
static void
read_meta(struct hints *hints, const xmlNode *node)
{
	struct str name = html_attribute(node, "name");
	struct str value = space_trim(html_attribute(node, "content"));
	const struct {
		const char *name;
		struct str *hint;
	} rows[] = {
	    {"ArticleTitle", &hints->title},
	    {"ColumnName", &hints->section},
	    {"ContentSource", &hints->source},
	    {"PubDate", &hints->published},
	    {"Author", &hints->author},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_equal_nocase(name, str_from(rows[i].name)) &&
		    rows[i].hint->len == 0)
			*rows[i].hint = value;
}

/* Browsers leave "saved from url=(0030)http://..." where they save a page. */
static struct str
read_saved(struct str comment)
{
	size_t at = str_find(comment, STR("saved from url="));
	struct str rest = str_slice(comment, at, comment.len);

	at = str_find_byte(rest, ')');
	if (at == SIZE_MAX)
		return (struct str){"", 0};
	return space_trim(str_slice(rest, at + 1, rest.len));
}

struct head {
	struct hints hints;
	struct str base; /* the page's own address */
	const xmlNode *title;
};

/* Comments, <title>, <meta>, <base> and <link>, wherever they stand. */
static void
read_node(struct head *head, const xmlNode *node)
{
	struct str base = {"", 0};

	if (node->type == XML_COMMENT_NODE)
		base = read_saved(html_text(node));
	else if (html_is_element(node, "base") ||
	    (html_is_element(node, "link") &&
		str_equal_nocase(
		    html_attribute(node, "rel"), STR("canonical"))))
		base = html_attribute(node, "href");
	else if (html_is_element(node, "meta"))
		read_meta(&head->hints, node);
	else if (html_is_element(node, "title") && head->title == NULL)
		head->title = node;
	if (url_is_allowed(base) && head->base.len == 0)
		head->base = base;
	for (const xmlNode *child =
		 node->type == XML_ELEMENT_NODE ? node->children : NULL;
	     child != NULL; child = child->next)
		read_node(head, child);
}

static enum err
read_window(const struct reading *in, struct head *head)
{
	struct buf b;
	enum err err = OK;

	buf_init(&b, ARTICLE_BYTES_MAX);
	if (head->title != NULL)
		html_add_text(&b, head->title);
	if (clean_str(in->arena, buf_view(&b), &head->hints.window) != OK ||
	    b.err != OK)
		err = reading_nomem(in);
	buf_release(&b);
	return err;
}

static enum err
read_tree(const struct reading *in, xmlDocPtr doc, struct article *out)
{
	struct head head = {0};
	struct sheet sheet;
	enum err err;

	for (const xmlNode *node = doc->children; node != NULL;
	     node = node->next)
		read_node(&head, node);
	err = read_window(in, &head);
	if (err != OK)
		return err;
	sheet_init(&sheet, in->arena);
	err = html_flatten(in, doc, html_find_content(doc), head.base, &sheet);
	if (err == ERR_LIMIT)
		err = reading_refuse(in, 0, "the page is too long");
	else if (err != OK)
		err = reading_nomem(in);
	else
		err = portal_read(in, &sheet, &head.hints, out);
	sheet_release(&sheet);
	return err;
}

enum err
article_from_html(const struct reading *in, struct article *out)
{
	xmlDocPtr doc;
	enum err err = html_parse(in, &doc);

	if (err != OK)
		return err;
	err = read_tree(in, doc, out);
	xmlFreeDoc(doc);
	return err;
}
