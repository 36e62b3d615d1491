/* SPDX-License-Identifier: ISC */
/*
 * From a tree to lines. Text gathers until an element begins or ends a line;
 * the links in it follow as lines of their own, because that is what gemtext
 * has for a link in the middle of a sentence.
 */
#include "base/url.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html.h"

enum { URL_MAX_BYTES = 2048, LABEL_MAX_BYTES = 30 };

struct link {
	struct link *next;
	struct str url, label;
};

struct flat {
	const struct reading *in;
	struct sheet *sheet;
	const xmlNode *content;
	struct str base;
	struct buf text; /* of the line that is being gathered */
	size_t number;
	size_t plain_bytes, linked_bytes; /* of it, outside and inside links */
	struct link *links, **links_end;
	bool inside, item, in_link;
	unsigned quotes;
	int level;
	enum err err;
};

static void
add_text(struct flat *flat, struct str text)
{
	if (flat->text.len == 0 || flat->plain_bytes + flat->linked_bytes == 0)
		flat->number = 0;
	buf_str(&flat->text, text);
	while (text.len > 0) {
		size_t before = text.len;
		uint32_t c = utf8_next(&text);
		if (clean_is_space(c) || utf8_is_control(c))
			continue;
		if (flat->in_link)
			flat->linked_bytes += before - text.len;
		else
			flat->plain_bytes += before - text.len;
	}
}

static void
add_links(struct flat *flat)
{
	for (const struct link *at = flat->links; at != NULL; at = at->next) {
		struct line line = {.type = LINE_LINK,
		    .text = at->label,
		    .url = at->url,
		    .number = flat->number,
		    .inside = true,
		    .linked = true};
		sheet_add(flat->sheet, &line);
	}
	flat->links = NULL;
	flat->links_end = &flat->links;
}

/* The line that has been gathered is complete. */
static void
flush(struct flat *flat)
{
	struct line line = {.type = LINE_TEXT,
	    .text = buf_view(&flat->text),
	    .number = flat->number,
	    .inside = flat->inside};
	bool any = flat->plain_bytes + flat->linked_bytes > 0;
	bool one = flat->links != NULL && flat->links->next == NULL;

	if (flat->text.err != OK)
		flat->err = flat->text.err;
	line.linked = flat->plain_bytes == 0 && flat->linked_bytes > 0;
	if (flat->level > 0) {
		line.type = LINE_HEADING;
		line.level = flat->level;
	} else if (flat->item) {
		line.type = LINE_ITEM;
	} else if (flat->quotes > 0) {
		line.type = LINE_QUOTE;
	}
	/* A line that is a link need not be there twice. */
	if (any && !(line.linked && one))
		sheet_add(flat->sheet, &line);
	if (any)
		flat->item = false;
	add_links(flat);
	buf_clear(&flat->text);
	flat->plain_bytes = flat->linked_bytes = 0;
}

/* Browsers take blanks and Chinese in an address; a URL has neither. */
static void
add_encoded(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.data[i];
		if (c <= ' ' || c >= 0x7F || strchr("<>\"{}|\\^`", c) != NULL)
			buf_printf(out, "%%%02X", c);
		else
			buf_char(out, (char)c);
	}
}

/* Put a relative reference and the page's address together. */
static void
add_resolved(struct buf *out, const struct url *base, const struct url *url)
{
	buf_str(out, base->scheme);
	buf_text(out, "://");
	buf_str(out, url->has_authority ? url->host : base->host);
	if (url->has_authority ? url->has_port : base->has_port) {
		buf_char(out, ':');
		buf_str(out, url->has_authority ? url->port : base->port);
	}
	if (url->has_authority)
		buf_str(out, url->path);
	else
		path_resolve(out, base->path, url->path);
	if (url->has_query) {
		buf_char(out, '?');
		buf_str(out, url->query);
	}
}

/* The whole address of a link; empty: it leads nowhere outside this page. */
static enum err
resolve(struct flat *flat, struct str href, struct str *out)
{
	struct url url, base;
	struct buf encoded, whole;
	enum err err = OK;

	*out = (struct str){"", 0};
	buf_init(&encoded, 3 * URL_MAX_BYTES);
	buf_init(&whole, 8 * URL_MAX_BYTES);
	add_encoded(&encoded, space_trim(href));
	if (encoded.err != OK || encoded.len == 0 || encoded.data[0] == '#' ||
	    url_parse(buf_view(&encoded), &url) != OK)
		goto out;
	if (url.scheme.len > 0)
		buf_str(&whole, buf_view(&encoded));
	else if (flat->base.len > 0 && url_parse(flat->base, &base) == OK &&
	    base.scheme.len > 0 && base.has_authority)
		add_resolved(&whole, &base, &url);
	if (whole.err == OK && url_is_allowed(buf_view(&whole)))
		err = arena_take(flat->in->arena, &whole, out);
out:
	buf_release(&encoded);
	buf_release(&whole);
	return err;
}

static enum err
read_label(struct flat *flat, const xmlNode *node, struct str *out)
{
	struct buf label;
	enum err err;

	buf_init(&label, ARTICLE_BYTES_MAX);
	html_add_text(&label, node);
	err = label.err != OK
	    ? label.err
	    : clean_str(flat->in->arena, buf_view(&label), out);
	buf_release(&label);
	return err;
}

/* Remember the link for when the line is complete. */
static void
add_link(struct flat *flat, const xmlNode *node)
{
	struct str href = html_attribute(node, "href");
	struct link link = {0}, *kept;

	if (!flat->inside || href.len == 0 || href.len > URL_MAX_BYTES)
		return;
	flat->err = resolve(flat, href, &link.url);
	if (flat->err == OK && link.url.len > 0)
		flat->err = read_label(flat, node, &link.label);
	if (flat->err != OK || link.label.len == 0)
		return;
	kept = arena_alloc(flat->in->arena, sizeof(*kept));
	if (kept == NULL) {
		flat->err = ERR_NOMEM;
		return;
	}
	*kept = link;
	*flat->links_end = kept;
	flat->links_end = &kept->next;
}

/* What stands for a picture: its description, unless that is a file name. */
static void
add_picture(struct flat *flat, const xmlNode *node)
{
	struct str alt = space_trim(html_attribute(node, "alt"));

	if (alt.len == 0 || str_find_byte(alt, '.') != SIZE_MAX)
		return;
	add_text(flat, STR("（图："));
	add_text(flat, alt);
	add_text(flat, STR("）"));
}

static int
heading_level(const xmlNode *node)
{
	const char *name = (const char *)node->name;

	if (name[0] != 'h' || name[1] < '1' || name[1] > '6' || name[2] != '\0')
		return 0;
	/* The article's title is the first level: h2 is ##, all below ###. */
	return name[1] > '3' ? 3 : name[1] - '0';
}

/* Only a label so far, 发布时间：, whose value stands in the next cell? */
static bool
awaits_value(const struct flat *flat)
{
	struct str text = space_trim(buf_view(&flat->text));

	return text.len <= LABEL_MAX_BYTES &&
	    (str_ends(text, STR(":")) || str_ends(text, STR("：")));
}

/* Does the content lie within this element? */
static bool
holds_content(const struct flat *flat, const xmlNode *node)
{
	const xmlNode *at = flat->content;

	while (at != NULL && at != node)
		at = at->parent;
	return at != NULL;
}

static void walk_children(struct flat *flat, const xmlNode *node);

static void
walk_block(struct flat *flat, const xmlNode *node)
{
	int level = flat->level;
	bool quote = html_is_element(node, "blockquote");

	if (!html_is_cell(node) || !awaits_value(flat))
		flush(flat);
	if (html_is_element(node, "table") && !holds_content(flat, node) &&
	    html_table_is_data(node)) {
		flat->err = html_table_add(node, flat->inside, flat->sheet);
		return;
	}
	if (html_is_element(node, "li") || html_is_element(node, "dd"))
		flat->item = true;
	if (heading_level(node) > 0)
		flat->level = heading_level(node);
	flat->quotes += quote;
	walk_children(flat, node);
	if (!html_is_cell(node) || !awaits_value(flat))
		flush(flat);
	flat->quotes -= quote;
	flat->level = level;
	if (html_is_element(node, "li") || html_is_element(node, "dd"))
		flat->item = false;
}

/* <pre>: its line ends are meant. */
static void
walk_lines(struct flat *flat, const xmlNode *node)
{
	struct str rest = html_text(node), line;

	while (space_next_line(&rest, &line)) {
		add_text(flat, line);
		if (rest.len > 0)
			flush(flat);
	}
}

static void
walk_element(struct flat *flat, const xmlNode *node)
{
	bool in_link = flat->in_link;

	if (html_is_element(node, "br")) {
		/* A headline in two lines is one headline. */
		if (flat->level > 0)
			buf_char(&flat->text, '\n');
		else
			flush(flat);
	} else if (html_is_element(node, "img")) {
		add_picture(flat, node);
	} else if (html_is_element(node, "a")) {
		flat->in_link = true;
		walk_children(flat, node);
		flat->in_link = in_link;
		add_link(flat, node);
	} else if (html_is_block(node)) {
		walk_block(flat, node);
	} else {
		walk_children(flat, node);
	}
}

static void
walk(struct flat *flat, const xmlNode *node)
{
	if (flat->err != OK || html_is_dropped(node))
		return;
	if (node == flat->content) {
		flush(flat);
		flat->inside = true;
	}
	if (node->type == XML_ELEMENT_NODE)
		walk_element(flat, node);
	else if (html_is_element(node->parent, "pre"))
		walk_lines(flat, node);
	else
		add_text(flat, html_text(node));
	if (flat->number == 0 && node->parent != NULL)
		flat->number = (size_t)xmlGetLineNo(node->parent);
	if (node == flat->content) {
		flush(flat);
		flat->inside = false;
	}
}

static void
walk_children(struct flat *flat, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next)
		walk(flat, child);
}

enum err
html_flatten(const struct reading *in, xmlDocPtr doc, const xmlNode *content,
    struct str base, struct sheet *out)
{
	struct flat flat = {
	    .in = in, .sheet = out, .content = content, .base = base};

	flat.links_end = &flat.links;
	buf_init(&flat.text, 2 * ARTICLE_BYTES_MAX);
	walk(&flat, xmlDocGetRootElement(doc));
	flush(&flat);
	buf_release(&flat.text);
	return flat.err != OK ? flat.err : out->err;
}
