/* SPDX-License-Identifier: ISC */
/*
 * Answers what an element means to a reader. All walks recurse, since no tree
 * is deeper than HTML_DEPTH_MAX.
 */
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html/internal.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

struct html_node *
html_root(const struct html_node *document)
{
	struct html_node *node = document->children;

	while (node->type != HTML_ELEMENT)
		node = node->next;
	return node;
}

static const struct html_attribute *
find(const struct html_node *node, const char *name)
{
	const struct html_attribute *at = node->attributes;

	while (at != NULL && !str_equal(at->name, str_from(name)))
		at = at->next;
	return at;
}

struct str
html_attribute(const struct html_node *node, const char *name)
{
	const struct html_attribute *attribute = find(node, name);

	return attribute == NULL ? (struct str){"", 0} : attribute->value;
}

bool
html_has(const struct html_node *node, const char *name)
{
	return find(node, name) != NULL;
}

bool
html_is_element(const struct html_node *node, const char *name)
{
	return node->type == HTML_ELEMENT &&
	    str_equal(node->name, str_from(name));
}

bool
html_is_one_of(const struct html_node *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (html_is_element(node, names[i]))
			return true;
	return false;
}

bool
html_is_cell(const struct html_node *node)
{
	return html_is_element(node, "td") || html_is_element(node, "th");
}

/* Read the next declaration of a style, up to its semicolon. */
static bool
take_declaration(struct str *style, struct str *name, struct str *value)
{
	size_t end = 0, colon;
	char quote = '\0';

	if (style->len == 0)
		return false;
	for (; end < style->len; end++) {
		char c = style->data[end];
		if (quote == '\0' && c == ';')
			break;
		if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
	}
	*value = str_slice(*style, 0, end);
	*style = str_slice(*style, end + 1, style->len);
	colon = str_find_byte(*value, ':');
	*name = space_trim(str_slice(*value, 0, colon));
	*value = colon == SIZE_MAX
	    ? (struct str){"", 0}
	    : space_trim(str_slice(*value, colon + 1, value->len));
	return true;
}

struct str
html_style(const struct html_node *node, const char *property)
{
	struct str style = html_attribute(node, "style"), name, value;
	struct str last = {"", 0};

	while (take_declaration(&style, &name, &value))
		if (str_equal_nocase(name, str_from(property)))
			last = value;
	return last;
}

bool
html_has_style(
    const struct html_node *node, const char *property, const char *word)
{
	struct str value = html_style(node, property), part;

	while (value.len > 0) {
		size_t n = 0;
		while (n < value.len &&
		    strchr(" \t\n\r\f!", value.data[n]) == NULL)
			n++;
		part = str_slice(value, 0, n);
		value = str_slice(value, n + 1, value.len);
		if (str_equal_nocase(part, str_from(word)))
			return true;
	}
	return false;
}

bool
html_is_struck(const struct html_node *node)
{
	static const char *const names[] = {"s", "strike", "del"};

	return html_is_one_of(node, names, COUNT(names)) ||
	    html_has_style(node, "text-decoration", "line-through") ||
	    html_has_style(node, "text-decoration-line", "line-through");
}

/* Store the description of a picture, unless it is a file name. */
static enum err
describe_picture(const struct reading *in, struct html_node *node)
{
	const struct word_list *words = &in->customs->words[WORDS_PICTURE];
	struct str end =
	    words->count > 0 ? words->list[0] : STR("(picture: *)");
	struct str alt = space_trim(html_attribute(node, "alt")), begin;

	if (alt.len == 0 || str_find_byte(alt, '.') != SIZE_MAX)
		return OK;
	(void)str_next_part(&end, '*', &begin);
	node->text = arena_printf(in->arena, "%.*s%.*s%.*s", STR_ARG(begin),
	    STR_ARG(alt), STR_ARG(end));
	return node->text.data == NULL ? reading_nomem(in) : OK;
}

enum err
html_settle(const struct reading *in, struct html_node *node)
{
	/* Not <form>: on old pages one form often holds the whole page. */
	static const char *const names[] = {"script", "style", "noscript",
	    "head", "nav", "select", "button", "textarea", "input", "iframe",
	    "frame", "object", "embed", "applet", "template", "svg", "canvas",
	    "audio", "video", "map", "footer", "aside", "marquee", "math",
	    /* Word's own data. */
	    "xml", "w:worddocument", "w:latentstyles",
	    "o:officedocumentsettings", "o:documentproperties",
	    "o:customdocumentproperties", "x:excelworkbook"};

	node->dropped = html_is_one_of(node, names, COUNT(names)) ||
	    html_has(node, "hidden") ||
	    html_has_style(node, "display", "none") ||
	    html_has_style(node, "visibility", "hidden") ||
	    html_is_struck(node);
	/* A field that cannot be edited shows text to readers. */
	if (html_is_element(node, "textarea") &&
	    (html_has(node, "readonly") || html_has(node, "disabled")))
		node->dropped = html_has_style(node, "display", "none");
	if (html_is_list(node))
		html_number_items(node);
	return html_is_element(node, "img") ? describe_picture(in, node) : OK;
}

bool
html_is_dropped(const struct html_node *node)
{
	return node->type == HTML_ELEMENT ? node->dropped
					  : node->type != HTML_TEXT;
}

bool
html_is_preformatted(const struct html_node *node)
{
	static const char *const names[] = {
	    "pre", "listing", "xmp", "plaintext", "textarea"};

	return html_is_one_of(node, names, COUNT(names));
}

bool
html_is_block(const struct html_node *node)
{
	static const char *const names[] = {"p", "div", "h1", "h2", "h3", "h4",
	    "h5", "h6", "ul", "ol", "li", "table", "tbody", "thead", "tfoot",
	    "tr", "td", "th", "caption", "blockquote", "hr", "center", "dl",
	    "dt", "dd", "section", "article", "main", "header", "address",
	    "fieldset", "legend", "form", "body", "figure", "figcaption", "dir",
	    "menu", "details", "summary", "html"};

	return html_is_one_of(node, names, COUNT(names)) ||
	    html_is_preformatted(node);
}

size_t
html_weight(const struct html_node *node)
{
	size_t weight = 0;

	if (html_is_dropped(node) || html_is_element(node, "a"))
		return 0;
	if (node->type != HTML_ELEMENT) {
		struct str rest = node->text;
		while (rest.len > 0) {
			size_t before = rest.len;
			uint32_t c = utf8_next(&rest);
			if (!clean_is_space(c) && !utf8_is_line_end(c) &&
			    !utf8_is_control(c))
				weight += before - rest.len;
		}
		return weight;
	}
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		weight += html_weight(child);
	return weight;
}

static void add_tree(
    struct buf *out, const struct html_node *node, bool pictures);

static void
add_children(struct buf *out, const struct html_node *node, bool pictures)
{
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		add_tree(out, child, pictures);
}

static void
add_tree(struct buf *out, const struct html_node *node, bool pictures)
{
	if (html_is_dropped(node))
		return;
	if (node->type != HTML_ELEMENT) {
		buf_str(out, node->text);
	} else if (html_is_element(node, "img")) {
		if (pictures)
			buf_str(out, node->text);
	} else if (html_is_super(node) || html_is_sub(node)) {
		html_add_script(out, node);
	} else if (html_is_element(node, "q")) {
		buf_text(out, "\u201C");
		add_children(out, node, pictures);
		buf_text(out, "\u201D");
	} else if (html_is_block(node) || html_is_element(node, "br")) {
		buf_char(out, ' ');
		if (html_is_element(node, "li"))
			html_add_marker(out, node);
		add_children(out, node, pictures);
		buf_char(out, ' ');
	} else {
		add_children(out, node, pictures);
	}
}

void
html_add_text(struct buf *out, const struct html_node *node)
{
	add_tree(out, node, false);
}

void
html_add_cell(struct buf *out, const struct html_node *cell)
{
	add_tree(out, cell, true);
}

void
html_add_preformatted(struct buf *out, const struct html_node *node)
{
	bool block = html_is_block(node) && !html_is_preformatted(node);

	if (html_is_dropped(node))
		return;
	if (node->type != HTML_ELEMENT)
		buf_str(out, node->text);
	else if (html_is_element(node, "br"))
		buf_char(out, '\n');
	else if (html_is_super(node) || html_is_sub(node))
		html_add_script(out, node);
	else if (block && out->len > 0 && out->data[out->len - 1] != '\n')
		buf_char(out, '\n');
	if (html_is_super(node) || html_is_sub(node))
		return;
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		html_add_preformatted(out, child);
	if (block && out->len > 0 && out->data[out->len - 1] != '\n')
		buf_char(out, '\n');
}
