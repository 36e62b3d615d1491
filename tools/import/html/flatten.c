/* SPDX-License-Identifier: ISC */
/*
 * Makes lines of a tree. Text is gathered until an element begins or ends a
 * line. The links in that text follow as lines of their own, because gemtext
 * has no link inside a sentence.
 */
#include "base/url.h"
#include "base/utf8.h"
#include "text/reference.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html/internal.h"
#include "tools/import/customs/furniture.h"

enum { URL_MAX_BYTES = 2048, LABEL_MAX_BYTES = 30, TOUCHED_BYTES = 16 };

struct link {
	struct link *next;
	struct str url, label;
	bool lost; /* no link line: its address goes into the text */
	size_t line;
};

struct flat {
	const struct reading *in;
	struct sheet *sheet;
	const struct html_node *content;
	struct str base;
	struct buf text; /* of the line being gathered */
	struct buf bare; /* the text without addresses of lost links */
	size_t number;
	size_t plain_bytes, linked_bytes; /* outside, inside links */
	struct link *links, **links_end;
	bool inside, in_link;
	const struct html_node
	    *item; /* an item without text so far; NULL: none */
	unsigned quotes;
	int level;
	size_t lost, lost_number; /* count of lost links; line of the first */
	enum err err;
};

static void
add_text(struct flat *flat, struct str text)
{
	if (flat->text.len == 0 || flat->plain_bytes + flat->linked_bytes == 0)
		flat->number = 0;
	buf_str(&flat->text, text);
	buf_str(&flat->bare, text);
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

static bool
has_lost(const struct flat *flat)
{
	const struct link *at = flat->links;

	while (at != NULL && !at->lost)
		at = at->next;
	return at != NULL;
}

/* Is the line a pager or other furniture, whose addresses are not wanted? */
static bool
is_furniture(struct flat *flat)
{
	struct str text;
	bool noise = false;

	if (!has_lost(flat))
		return false;
	flat->err = clean_str(flat->in->arena, buf_view(&flat->bare), &text);
	if (flat->err == OK)
		flat->err =
		    noise_is(flat->in->customs, flat->in->arena, text, &noise);
	return noise;
}

/* Put its numbers before an item, also if the item is a heading or a link. */
static void
add_line(struct flat *flat, struct line *line)
{
	struct buf text;

	buf_init(&text, 2 * ARTICLE_BYTES_MAX);
	if (flat->item != NULL &&
	    (line->type == LINE_ITEM || line->type == LINE_HEADING ||
		line->type == LINE_LINK)) {
		html_add_marker(&text, flat->item);
		buf_str(&text, line->text);
		line->text = buf_view(&text);
	}
	if (text.err != OK)
		flat->err = text.err;
	else
		sheet_add(flat->sheet, line);
	buf_release(&text);
}

/* Add the link lines. lost: also those of lost links, which show where a pager
 * leads. */
static void
add_links(struct flat *flat, bool lost)
{
	for (const struct link *at = flat->links; at != NULL; at = at->next) {
		struct line line = {.type = LINE_LINK,
		    .text = at->label,
		    .url = at->url,
		    .number = flat->number,
		    .inside = true,
		    .linked = true,
		    .lost = at->lost};
		if (!at->lost || lost)
			add_line(flat, &line);
		flat->item = NULL;
		if (at->lost && !lost && flat->lost++ == 0)
			flat->lost_number = at->line;
	}
	flat->links = NULL;
	flat->links_end = &flat->links;
}

/* Add the gathered line, which is complete, and begin the next one. */
static void
flush(struct flat *flat)
{
	struct line line = {.type = LINE_TEXT,
	    .text = buf_view(&flat->text),
	    .number = flat->number,
	    .inside = flat->inside};
	bool any = flat->plain_bytes + flat->linked_bytes > 0;
	bool one = flat->links != NULL && flat->links->next == NULL &&
	    !flat->links->lost;
	bool furniture = is_furniture(flat);

	if (furniture)
		line.text = buf_view(&flat->bare);
	if (flat->text.err != OK || flat->bare.err != OK)
		flat->err = ERR_NOMEM;
	line.linked = flat->plain_bytes == 0 && flat->linked_bytes > 0;
	if (flat->level > 0) {
		line.type = LINE_HEADING;
		line.level = flat->level;
	} else if (flat->item != NULL) {
		line.type = LINE_ITEM;
	} else if (flat->quotes > 0) {
		line.type = LINE_QUOTE;
	}
	/* A line that is nothing but one link is written once. */
	if (any && !(line.linked && one)) {
		add_line(flat, &line);
		flat->item = NULL;
	}
	add_links(flat, furniture);
	buf_clear(&flat->text);
	buf_clear(&flat->bare);
	flat->plain_bytes = flat->linked_bytes = 0;
}

/* Resolve a relative reference by the page's address. */
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

/* The whole address of a link; empty: no address that a reader could follow. */
static enum err
resolve(struct flat *flat, struct str href, struct str *out)
{
	struct str mended;
	struct url url, base;
	struct buf whole;
	enum err err = reference_mend(flat->in->arena, href, &mended);

	*out = (struct str){"", 0};
	if (err != OK)
		return err == ERR_NOMEM ? err : OK;
	buf_init(&whole, 8 * URL_MAX_BYTES);
	if (url_parse(mended, &url) != OK)
		goto out;
	if (url.scheme.len > 0)
		buf_str(&whole, mended);
	else if (flat->base.len > 0 && url_parse(flat->base, &base) == OK &&
	    base.scheme.len > 0 && base.has_authority)
		add_resolved(&whole, &base, &url);
	if (whole.err == OK && url_is_allowed(buf_view(&whole)))
		err = arena_take(flat->in->arena, &whole, out);
out:
	buf_release(&whole);
	return err;
}

/* Clean an address as browsers do (WHATWG's URL standard, 4.4): controls and
 * blanks at its ends, and line ends inside it, are not part of the address. */
static struct str
read_href(struct flat *flat, const struct html_node *node)
{
	struct str href = html_attribute(node, "href");
	char *text = arena_alloc(flat->in->arena, href.len + 1);
	size_t len = 0, from = 0;

	if (text == NULL) {
		flat->err = ERR_NOMEM;
		return STR("");
	}
	for (size_t i = 0; i < href.len; i++)
		if (strchr("\t\n\r", href.data[i]) == NULL ||
		    href.data[i] == '\0')
			text[len++] = href.data[i];
	while (from < len && (unsigned char)text[from] <= ' ')
		from++;
	while (len > from && (unsigned char)text[len - 1] <= ' ')
		len--;
	return space_trim((struct str){text + from, len - from});
}

static enum err
read_label(struct flat *flat, const struct html_node *node, struct str *out)
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

/* Does the link lead to an anchor of the same page, or to a script? Outside the
 * page it leads nowhere. */
static bool
is_no_address(struct str href)
{
	static const char *const schemes[] = {
	    "javascript:", "data:", "vbscript:", "about:", "blob:", "file:"};

	if (href.len == 0 || href.data[0] == '#')
		return true;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct str scheme = str_from(schemes[i]);
		if (str_equal_nocase(str_slice(href, 0, scheme.len), scheme))
			return true;
	}
	return false;
}

/* Write an address that cannot be a link here as text, behind its label. */
static void
keep_address(struct flat *flat, struct str href)
{
	buf_text(&flat->text, "\uFF08");
	buf_str(&flat->text, href.len > URL_MAX_BYTES ? STR("\u2026") : href);
	buf_text(&flat->text, "\uFF09");
}

/* Keep the link until the line is complete. apart: the link's text is not in
 * that line. */
static void
add_link(struct flat *flat, const struct html_node *node, bool apart)
{
	struct str href = read_href(flat, node);
	struct link link = {.line = node->line}, *kept;

	if (!flat->inside || flat->err != OK || is_no_address(href))
		return;
	flat->err = read_label(flat, node, &link.label);
	if (flat->err == OK && href.len <= URL_MAX_BYTES)
		flat->err = resolve(flat, href, &link.url);
	if (flat->err != OK || link.label.len == 0)
		return;
	link.lost = link.url.len == 0;
	if (link.lost && apart)
		add_text(flat, link.label);
	if (link.lost)
		keep_address(flat, href);
	kept = arena_alloc(flat->in->arena, sizeof(*kept));
	if (kept == NULL) {
		flat->err = ERR_NOMEM;
		return;
	}
	*kept = link;
	*flat->links_end = kept;
	flat->links_end = &kept->next;
}

/* Keep the links inside an element whose text was read as a whole. */
static void
add_links_of(struct flat *flat, const struct html_node *node, bool apart)
{
	if (html_is_dropped(node))
		return;
	if (html_is_element(node, "a"))
		add_link(flat, node, apart);
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		add_links_of(flat, child, apart);
}

static int
heading_level(const struct html_node *node)
{
	struct str name = node->name;

	if (name.len != 2 || name.data[0] != 'h' || name.data[1] < '1' ||
	    name.data[1] > '6')
		return 0;
	/* The article's title is the first level: h2 is ##, all below ###. */
	return name.data[1] > '3' ? 3 : name.data[1] - '0';
}

/* Is the line only a label so far, 发布时间：, with its value in the next cell?
 */
static bool
awaits_value(const struct flat *flat)
{
	struct str text = space_trim(buf_view(&flat->text));

	return text.len <= LABEL_MAX_BYTES &&
	    (str_ends(text, STR(":")) || str_ends(text, STR("\uFF1A")));
}

/* Does the content lie within this element? */
static bool
holds_content(const struct flat *flat, const struct html_node *node)
{
	const struct html_node *at = flat->content;

	while (at != NULL && at != node)
		at = at->parent;
	return at != NULL;
}

/* An item may begin with a line of another kind, such as a table. Its numbers
 * then get a line of their own. */
static void
flush_marker(struct flat *flat)
{
	struct line line = {.type = LINE_ITEM,
	    .number = flat->number,
	    .inside = flat->inside,
	    .data = true};
	struct buf text;

	if (flat->item == NULL)
		return;
	buf_init(&text, 256);
	html_add_marker(&text, flat->item);
	line.text = buf_view(&text);
	if (text.err != OK)
		flat->err = text.err;
	else
		sheet_add(flat->sheet, &line);
	buf_release(&text);
	flat->item = NULL;
}

/* Add a row of a table, and the links in the row. */
static void
add_row(void *context, const struct line *line, const struct html_node *row)
{
	struct flat *flat = context;
	struct line copy = *line;

	copy.inside = flat->inside;
	sheet_add(flat->sheet, &copy);
	add_links_of(flat, row, true);
	flush(flat);
}

static void
walk_table(struct flat *flat, const struct html_node *table)
{
	const struct html_rows rows = {add_row, flat};
	enum err err = html_table_read(flat->in, table, &rows);

	if (err != OK)
		flat->err = err;
}

/* Add a <pre>: its line ends, blanks and TABs stay. */
static void
walk_preformatted(struct flat *flat, const struct html_node *node)
{
	struct line line = {.type = LINE_PREFORMATTED,
	    .number = node->line,
	    .inside = flat->inside,
	    .begins = true};
	struct buf text;
	struct str rest;

	buf_init(&text, ARTICLE_BYTES_MAX);
	html_add_preformatted(&text, node);
	if (text.err != OK)
		flat->err = text.err;
	rest = space_cut(buf_view(&text));
	while (space_next_line(&rest, &line.text)) {
		/* Blank lines at the beginning of a group are left out. */
		if (!line.begins || space_trim(line.text).len > 0) {
			sheet_add(flat->sheet, &line);
			line.begins = false;
		}
		line.number++;
	}
	buf_release(&text);
	add_links_of(flat, node, true);
	flush(flat);
}

static void walk_children(struct flat *flat, const struct html_node *node);

static void
walk_block(struct flat *flat, struct html_node *node)
{
	int level = flat->level;
	bool quote = html_is_element(node, "blockquote");
	bool item = html_is_element(node, "li") || html_is_element(node, "dd");

	if (!html_is_cell(node) || !awaits_value(flat))
		flush(flat);
	if (html_is_element(node, "table") && !holds_content(flat, node) &&
	    html_table_is_data(node)) {
		flush_marker(flat);
		walk_table(flat, node);
		return;
	}
	if (html_is_preformatted(node) && !holds_content(flat, node)) {
		flush_marker(flat);
		walk_preformatted(flat, node);
		return;
	}
	if (item)
		flat->item = node;
	if (heading_level(node) > 0)
		flat->level = heading_level(node);
	flat->quotes += quote;
	walk_children(flat, node);
	if (!html_is_cell(node) || !awaits_value(flat))
		flush(flat);
	flat->quotes -= quote;
	flat->level = level;
	if (item)
		flat->item = NULL;
}

/* Superscripts, subscripts and quotations are read as a whole. */
static void
walk_text(struct flat *flat, const struct html_node *node)
{
	size_t before = flat->text.len;
	struct buf text;

	buf_init(&text, ARTICLE_BYTES_MAX);
	/* A digit right before it decides how it is written. */
	before = before > TOUCHED_BYTES ? TOUCHED_BYTES : before;
	buf_str(&text,
	    str_slice(buf_view(&flat->text), flat->text.len - before,
		flat->text.len));
	html_add_text(&text, node);
	if (text.err != OK)
		flat->err = text.err;
	else
		add_text(flat, str_slice(buf_view(&text), before, text.len));
	buf_release(&text);
	add_links_of(flat, node, false);
}

static void
walk_element(struct flat *flat, struct html_node *node)
{
	bool in_link = flat->in_link;

	if (html_is_element(node, "br")) {
		/* A line break inside a headline does not end it. */
		if (flat->level > 0)
			add_text(flat, STR("\n"));
		else
			flush(flat);
	} else if (html_is_element(node, "img")) {
		add_text(flat, node->text);
	} else if (html_is_element(node, "a")) {
		flat->in_link = true;
		walk_children(flat, node);
		flat->in_link = in_link;
		add_link(flat, node, false);
	} else if (html_is_super(node) || html_is_sub(node)) {
		walk_text(flat, node);
	} else if (html_is_element(node, "q")) {
		add_text(flat, STR("\u201C"));
		walk_children(flat, node);
		add_text(flat, STR("\u201D"));
	} else if (html_is_block(node)) {
		walk_block(flat, node);
	} else {
		walk_children(flat, node);
	}
}

static void
walk(struct flat *flat, struct html_node *node)
{
	if (flat->err != OK || html_is_dropped(node))
		return;
	if (node == flat->content) {
		flush(flat);
		flat->inside = true;
	}
	if (node->type == HTML_ELEMENT)
		walk_element(flat, node);
	else
		add_text(flat, node->text);
	if (flat->number == 0)
		flat->number = node->line;
	if (node == flat->content) {
		flush(flat);
		flat->inside = false;
	}
}

static void
walk_children(struct flat *flat, const struct html_node *node)
{
	for (struct html_node *child = node->children; child != NULL;
	     child = child->next)
		walk(flat, child);
}

static void
note_lost(const struct flat *flat)
{
	if (flat->lost > 0)
		reading_note(flat->in, flat->lost_number,
		    "%zu link%s here and below cannot be followed from "
		    "elsewhere; the address stands behind its text%s",
		    flat->lost, flat->lost == 1 ? "" : "s",
		    flat->base.len > 0
			? ""
			: " (the page does not say its own address)");
}

enum err
html_flatten(const struct reading *in, struct html_node *root,
    const struct html_node *content, struct str base, struct sheet *out)
{
	struct flat flat = {
	    .in = in, .sheet = out, .content = content, .base = base};

	flat.links_end = &flat.links;
	buf_init(&flat.text, 2 * ARTICLE_BYTES_MAX);
	buf_init(&flat.bare, 2 * ARTICLE_BYTES_MAX);
	walk(&flat, root);
	flush(&flat);
	note_lost(&flat);
	buf_release(&flat.text);
	buf_release(&flat.bare);
	return flat.err != OK ? flat.err : out->err;
}
