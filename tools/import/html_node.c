/* SPDX-License-Identifier: ISC */
/*
 * What an element is to a reader, and which element holds the article. All
 * walks recurse; libxml2 lets no tree be deeper than 256.
 */
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/credits.h"
#include "tools/import/html.h"

enum {
	CREDITS_MAX_BYTES = 300, /* of an element that holds them alone */
	BODY_MIN_BYTES = 120,    /* of text that must follow them */
	MOST_PERCENT = 60        /* of a page's text: the part that matters */
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

struct str
html_text(const xmlNode *node)
{
	return str_from((const char *)node->content);
}

struct str
html_attribute(const xmlNode *node, const char *name)
{
	const xmlAttr *attribute = xmlHasProp(node, (const xmlChar *)name);

	/* An HTML attribute is one text node or none. */
	if (attribute == NULL || attribute->children == NULL)
		return (struct str){"", 0};
	return html_text(attribute->children);
}

bool
html_is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	    strcmp((const char *)node->name, name) == 0;
}

bool
html_is_cell(const xmlNode *node)
{
	return html_is_element(node, "td") || html_is_element(node, "th");
}

static bool
is_one_of(const xmlNode *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (html_is_element(node, names[i]))
			return true;
	return false;
}

/* style="display: none", in any of its spellings. */
static bool
is_hidden(const xmlNode *node)
{
	static const char wanted[] = "display:none";
	struct str style = html_attribute(node, "style");
	size_t at = 0;

	if (xmlHasProp(node, (const xmlChar *)"hidden") != NULL)
		return true;
	for (size_t i = 0; i < style.len; i++) {
		char c = style.data[i];
		if (c == ' ' || c == '\t' || c == '\n')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		at = c == wanted[at] ? at + 1 : c == wanted[0];
		if (wanted[at] == '\0')
			return true;
	}
	return false;
}

bool
html_is_dropped(const xmlNode *node)
{
	/* Not <form>: pages of that age are often one form all through. */
	static const char *const names[] = {"script", "style", "noscript",
	    "head", "nav", "select", "button", "textarea", "input", "iframe",
	    "frame", "object", "embed", "applet", "template", "svg", "canvas",
	    "audio", "video", "map", "footer", "aside", "marquee", "math"};

	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
		return false;
	return node->type != XML_ELEMENT_NODE ||
	    is_one_of(node, names, COUNT(names)) || is_hidden(node);
}

bool
html_is_block(const xmlNode *node)
{
	static const char *const names[] = {"p", "div", "h1", "h2", "h3", "h4",
	    "h5", "h6", "ul", "ol", "li", "table", "tbody", "thead", "tfoot",
	    "tr", "td", "th", "caption", "blockquote", "pre", "hr", "center",
	    "dl", "dt", "dd", "section", "article", "main", "header", "address",
	    "fieldset", "legend", "form", "body", "figure", "figcaption", "dir",
	    "menu", "details", "summary", "html"};

	return is_one_of(node, names, COUNT(names));
}

size_t
html_weight(const xmlNode *node)
{
	size_t weight = 0;

	if (html_is_dropped(node) || html_is_element(node, "a"))
		return 0;
	if (node->type != XML_ELEMENT_NODE) {
		struct str rest = html_text(node);
		while (rest.len > 0) {
			size_t before = rest.len;
			uint32_t c = utf8_next(&rest);
			if (!clean_is_space(c) && !utf8_is_control(c))
				weight += before - rest.len;
		}
		return weight;
	}
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next)
		weight += html_weight(child);
	return weight;
}

void
html_add_text(struct buf *out, const xmlNode *node)
{
	if (html_is_dropped(node))
		return;
	if (node->type != XML_ELEMENT_NODE) {
		buf_str(out, html_text(node));
		return;
	}
	if (html_is_block(node) || html_is_element(node, "br"))
		buf_char(out, ' ');
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next)
		html_add_text(out, child);
	if (html_is_block(node))
		buf_char(out, ' ');
}

/* A text in which the credits begin, even if what follows stands in elements
 * of its own. */
static bool
tells_credits(struct str text)
{
	static const char *const labels[] = {"来源", "日期", "时间"};

	text = space_trim(text);
	if (credits_is(text))
		return true;
	if (!clean_take_any(&text, labels, COUNT(labels)))
		return false;
	text = space_skip(text);
	return clean_take(&text, ":") || clean_take(&text, "：");
}

static xmlNode *
find_credits(xmlNode *node)
{
	if (html_is_dropped(node) || html_is_element(node, "a"))
		return NULL;
	if (node->type != XML_ELEMENT_NODE)
		return tells_credits(html_text(node)) ? node : NULL;
	for (xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		xmlNode *found = find_credits(child);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/*
 * From the credits upwards, to the first element in which the text follows
 * them. Elements that hold credits alone are stepped out of first, so that
 * the credits are not taken for the text.
 */
static xmlNode *
climb(xmlNode *node)
{
	size_t after = 0;

	while (node->parent->type == XML_ELEMENT_NODE &&
	    html_weight(node->parent) <= CREDITS_MAX_BYTES)
		node = node->parent;
	while (
	    after < BODY_MIN_BYTES && node->parent->type == XML_ELEMENT_NODE) {
		for (const xmlNode *next = node->next; next != NULL;
		     next = next->next)
			after += html_weight(next);
		node = node->parent;
	}
	return node;
}

/* May the content be inside this, rather than around it? */
static bool
is_frame(const xmlNode *node)
{
	static const char *const no[] = {"p", "h1", "h2", "h3", "h4", "pre",
	    "blockquote", "ul", "ol", "li", "dl"};

	return html_is_block(node) && !is_one_of(node, no, COUNT(no)) &&
	    !(html_is_element(node, "table") && html_table_is_data(node));
}

/* Downwards, as long as one child holds most of the text. */
static xmlNode *
descend(xmlNode *node)
{
	size_t most = html_weight(node) * MOST_PERCENT / 100;
	xmlNode *child = node->children;

	while (child != NULL) {
		if (html_weight(child) > most && is_frame(child)) {
			node = child;
			child = node->children;
		} else {
			child = child->next;
		}
	}
	return node;
}

xmlNode *
html_find_content(xmlDocPtr doc)
{
	xmlNode *root = xmlDocGetRootElement(doc), *credits;

	if (html_weight(root) == 0)
		return NULL;
	credits = find_credits(root);
	return credits != NULL ? climb(credits) : descend(root);
}
