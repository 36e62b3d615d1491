/* SPDX-License-Identifier: ISC */
/*
 * Reads a page of a portal, as its server sent it or as a browser saved it. The
 * page is parsed and made into lines. The lines are read like a capture, with
 * the help of the page's head.
 */
#include "base/url.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html/internal.h"
#include "tools/import/article/internal.h"
#include "tools/import/article/read.h"

enum { EXCERPT_BYTES = 200 };

/* The <meta name=... content=...> that portals write. If two of them say the
 * same thing, the first row here wins. */
static const struct meta {
	const char *name;
	enum { TITLE, SECTION, SOURCE, PUBLISHED, AUTHOR, METAS } what;
} metas[] = {
    {"ArticleTitle", TITLE},
    {"og:title", TITLE},
    {"ColumnName", SECTION},
    {"article:section", SECTION},
    {"og:article:section", SECTION},
    {"ContentSource", SOURCE},
    {"source", SOURCE},
    {"PubDate", PUBLISHED},
    {"publishdate", PUBLISHED},
    {"article:published_time", PUBLISHED},
    {"og:article:published_time", PUBLISHED},
    {"datePublished", PUBLISHED},
    {"firstpublishedtime", PUBLISHED},
    {"DC.date.issued", PUBLISHED},
    {"DC.date", PUBLISHED},
    {"dcterms.created", PUBLISHED},
    {"Author", AUTHOR},
    {"article:author", AUTHOR},
    {"og:article:author", AUTHOR},
};

enum { METAS_COUNT = sizeof(metas) / sizeof(*metas) };

struct head {
	struct hints hints;
	struct str base; /* the page's own address */
	const struct html_node *title;
	size_t found[METAS]; /* row of metas, from 1; 0: none found */
	struct str time;     /* <time datetime> */
	size_t time_line;
};

static void
read_meta(struct head *head, const struct html_node *node)
{
	static const char *const names[] = {"name", "property", "itemprop"};
	struct str value = space_trim(html_attribute(node, "content"));
	struct hints *hints = &head->hints;
	struct str *const hint[METAS] = {[TITLE] = &hints->title,
	    [SECTION] = &hints->section,
	    [SOURCE] = &hints->source,
	    [PUBLISHED] = &hints->published,
	    [AUTHOR] = &hints->author};

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		struct str name = space_trim(html_attribute(node, names[k]));
		for (size_t i = 0; i < METAS_COUNT && value.len > 0; i++) {
			size_t *found = &head->found[metas[i].what];
			if (!str_equal_nocase(name, str_from(metas[i].name)) ||
			    (*found > 0 && *found <= i + 1))
				continue;
			*found = i + 1;
			*hint[metas[i].what] = value;
			if (metas[i].what == PUBLISHED)
				hints->published_line = node->line;
		}
	}
}

/* The number behind a word of a script, `createPageHTML(3, 0`; -1: none. */
static int64_t
script_number(struct str script, const char *word, char sign, size_t skip)
{
	size_t at = str_find(script, str_from(word));
	struct str rest = str_slice(script, at, script.len), part;
	size_t digits = 0;
	int64_t number;

	at = str_find_byte(rest, sign);
	if (at == SIZE_MAX || at > strlen(word) + 3)
		return -1;
	rest = str_slice(rest, at + 1, rest.len);
	for (size_t i = 0; i <= skip; i++)
		if (!str_next_part(&rest, ',', &part))
			return -1;
	part = space_trim(part);
	while (digits < part.len && part.data[digits] >= '0' &&
	    part.data[digits] <= '9')
		digits++;
	return str_to_int(str_slice(part, 0, digits), 0, 9999, &number) == OK
	    ? number
	    : -1;
}

/* Some portals make the pager in the browser; the script holds its numbers. */
static void
read_script(struct hints *hints, const struct html_node *node)
{
	struct str script =
	    node->children != NULL ? node->children->text : (struct str){"", 0};
	int64_t pages = script_number(script, "createPageHTML", '(', 0);
	int64_t current = script_number(script, "createPageHTML", '(', 1);

	if (pages < 0) {
		pages = script_number(script, "countPage", '=', 0);
		current = script_number(script, "currentPage", '=', 0);
	}
	if (pages < 2 || hints->pages > 0)
		return;
	hints->pages = pages;
	hints->current = current + 1; /* scripts count from 0 */
}

/* Find the address in "saved from url=(0030)http://...", which browsers write
 * into a page that they save. */
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

/* Read comments, <title>, <meta>, <base> and <link>, wherever they stand. */
static void
read_node(struct head *head, const struct html_node *node)
{
	struct str base = {"", 0};

	if (node->type == HTML_COMMENT)
		base = read_saved(node->text);
	else if (html_is_element(node, "base") ||
	    (html_is_element(node, "link") &&
		str_equal_nocase(
		    html_attribute(node, "rel"), STR("canonical"))))
		base = html_attribute(node, "href");
	else if (html_is_element(node, "meta"))
		read_meta(head, node);
	else if (html_is_element(node, "script"))
		read_script(&head->hints, node);
	else if (html_is_element(node, "time") && head->time.len == 0) {
		head->time = space_trim(html_attribute(node, "datetime"));
		head->time_line = node->line;
	} else if (html_is_element(node, "title") && head->title == NULL)
		head->title = node;
	if (url_is_allowed(base) && head->base.len == 0)
		head->base = base;
	for (const struct html_node *child =
		 node->type == HTML_COMMENT ? NULL : node->children;
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
		for (const struct html_node *text = head->title->children;
		     text != NULL; text = text->next)
			buf_str(&b, text->text);
	if (clean_str(in->arena, buf_view(&b), &head->hints.window) != OK ||
	    b.err != OK)
		err = reading_nomem(in);
	buf_release(&b);
	return err;
}

/* What an article loses of its page. */
struct left_out {
	struct buf struck; /* text */
	size_t struck_line, formula_line, field_line;
};

static void
find_left_out(struct left_out *left, const struct html_node *node)
{
	if (html_is_struck(node)) {
		if (left->struck_line == 0)
			left->struck_line = node->line;
		else
			buf_text(&left->struck, " / ");
		for (const struct html_node *child = node->children;
		     child != NULL; child = child->next)
			html_add_text(&left->struck, child);
	}
	if (html_is_element(node, "math") && left->formula_line == 0)
		left->formula_line = node->line;
	if (html_is_element(node, "textarea") && node->dropped &&
	    node->children != NULL && left->field_line == 0 &&
	    !html_has_style(node, "display", "none") &&
	    space_trim(node->children->text).len > 0)
		left->field_line = node->line;
	for (const struct html_node *child =
		 html_is_dropped(node) ? NULL : node->children;
	     child != NULL; child = child->next)
		find_left_out(left, child);
}

/* Note what was left out, such as struck-out text: the operator should look. */
static void
note_left_out(const struct reading *in, const struct html_node *content)
{
	struct left_out left = {0};
	struct str text;

	buf_init(&left.struck, 2 * ARTICLE_BYTES_MAX);
	find_left_out(&left, content);
	text = space_trim(buf_view(&left.struck));
	if (left.struck_line > 0 && text.len > 0)
		reading_note(in, left.struck_line,
		    "what is struck out is left out: %.*s%s",
		    STR_ARG(utf8_cut(text, EXCERPT_BYTES)),
		    text.len > EXCERPT_BYTES ? "..." : "");
	if (left.formula_line > 0)
		reading_note(
		    in, left.formula_line, "a formula (<math>) is left out");
	if (left.field_line > 0)
		reading_note(in, left.field_line,
		    "what stands in a field of a form is left out");
	buf_release(&left.struck);
}

static enum err
read_tree(const struct reading *in, const struct html_node *document,
    struct article *out)
{
	struct head head = {0};
	struct html_node *root = html_root(document), *content;
	struct sheet sheet;
	enum err err;

	read_node(&head, document);
	if (head.hints.published.len == 0) {
		head.hints.published = head.time;
		head.hints.published_line = head.time_line;
	}
	err = read_window(in, &head);
	if (err != OK)
		return err;
	sheet_init(&sheet, in->arena);
	content = html_find_content(in->customs, root);
	err = html_flatten(in, root, content, head.base, &sheet);
	if (err == ERR_LIMIT)
		err = reading_refuse(in, 0, "the page is too long");
	else if (err == OK)
		err = portal_read(in, &sheet, &head.hints, out);
	else if (err != ERR_INPUT) /* ERR_INPUT has been reported */
		err = reading_nomem(in);
	sheet_release(&sheet);
	if (err == OK)
		note_left_out(in, content);
	return err;
}

enum err
article_from_html(const struct reading *in, struct article *out)
{
	struct html_node *document;
	enum err err = html_parse(in, in->text, &document);

	return err == OK ? read_tree(in, document, out) : err;
}
