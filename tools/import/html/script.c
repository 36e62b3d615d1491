/* SPDX-License-Identifier: ISC */
/*
 * Writes superscripts and subscripts. 10<sup>6</sup> must not become 106: it
 * becomes 10⁶, or 10^x where Unicode has no such letter. A subscript stays
 * plain, CO2 and PM2.5, because people search for that. But beside a digit it
 * would become part of the number: it becomes log₂8.
 */
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/html/internal.h"

static const struct script {
	uint32_t c;
	const char *above, *below;
} scripts[] = {
    {'0', "\u2070", "\u2080"},
    {'1', "\u00B9", "\u2081"},
    {'2', "\u00B2", "\u2082"},
    {'3', "\u00B3", "\u2083"},
    {'4', "\u2074", "\u2084"},
    {'5', "\u2075", "\u2085"},
    {'6', "\u2076", "\u2086"},
    {'7', "\u2077", "\u2087"},
    {'8', "\u2078", "\u2088"},
    {'9', "\u2079", "\u2089"},
    {'+', "\u207A", "\u208A"},
    {'-', "\u207B", "\u208B"},
    {0x2010, "\u207B", "\u208B"},
    {0x2011, "\u207B", "\u208B"},
    {0x2012, "\u207B", "\u208B"},
    {0x2013, "\u207B", "\u208B"},
    {0x2014, "\u207B", "\u208B"},
    {0x2212, "\u207B", "\u208B"},
    {'=', "\u207C", "\u208C"},
    {'(', "\u207D", "\u208D"},
    {')', "\u207E", "\u208E"},
    {'n', "\u207F", "\u2099"},
    {'i', "\u2071", "\u1D62"},
};

/* Marks that are often superscripts in prose, and stay plain. */
static const char *const plain[] = {
    "st", "nd", "rd", "th", "ST", "ND", "RD", "TH"};

enum { STEPS_MAX = 32 }; /* nodes without text that are passed */

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* The sign of a length such as "-6.0pt": -1 or 1; 0: the length is zero, or the
 * text is not a length. */
static int
sign_of(struct str length)
{
	bool minus = str_starts(length, STR("-"));
	bool zero = true;

	if (minus || str_starts(length, STR("+")))
		length = str_slice(length, 1, length.len);
	if (length.len == 0 || strchr("0123456789.", length.data[0]) == NULL)
		return 0;
	for (size_t i = 0;
	     i < length.len && strchr("0123456789.", length.data[i]) != NULL;
	     i++)
		zero = zero && (length.data[i] == '0' || length.data[i] == '.');
	return zero ? 0 : minus ? -1 : 1;
}

/* Does the style of an element set its text higher (1) or lower (-1)? Cells and
 * pictures do not count: there vertical-align has another meaning. Word writes
 * how far it raises a text; pages move small text up or down. */
static int
set_off(const struct html_node *node)
{
	int raised, moved;

	if (node->type != HTML_ELEMENT || html_is_block(node) ||
	    html_is_element(node, "img") || !html_has(node, "style"))
		return 0;
	if (html_has_style(node, "vertical-align", "super") ||
	    html_has_style(node, "vertical-align", "text-top"))
		return 1;
	if (html_has_style(node, "vertical-align", "sub") ||
	    html_has_style(node, "vertical-align", "text-bottom"))
		return -1;
	raised = sign_of(html_style(node, "vertical-align"));
	if (raised == 0)
		raised = sign_of(html_style(node, "mso-text-raise"));
	moved = html_has_style(node, "position", "relative") &&
		html_style(node, "font-size").len > 0
	    ? -sign_of(html_style(node, "top"))
	    : 0;
	return raised != 0 ? raised : moved;
}

bool
html_is_super(const struct html_node *node)
{
	return html_is_element(node, "sup") || set_off(node) > 0;
}

bool
html_is_sub(const struct html_node *node)
{
	return html_is_element(node, "sub") || set_off(node) < 0;
}

/* Full-width digits, letters and signs count as ASCII ones. */
static uint32_t
narrow(uint32_t c)
{
	return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

/* Append the text in Unicode's superscripts or subscripts; false: Unicode lacks
 * one of them. */
static bool
add_signs(struct buf *out, struct str text, bool above)
{
	size_t len = out->len;

	while (text.len > 0) {
		uint32_t c = narrow(utf8_next(&text));
		size_t i = 0;
		if (c == ' ')
			continue;
		while (i < COUNT(scripts) && scripts[i].c != c)
			i++;
		if (i == COUNT(scripts)) {
			if (out->err == OK)
				out->len = len;
			return false;
		}
		buf_text(out, above ? scripts[i].above : scripts[i].below);
	}
	return true;
}

/* Latin and Greek letters, digits, ¼ ½ ¾, ∞. */
static bool
is_number_or_letter(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (c >= 0x370 && c <= 0x3FF) ||
	    (c >= 0xBC && c <= 0xBE) || c == 0x221E;
}

/* Is this a character that stands between the letters of a formula: a dot, a
 * dash, a Unicode superscript or subscript? */
static bool
is_sign(uint32_t c)
{
	if (c < 0x80)
		return strchr("+-=()./,*^_ ", (int)c) != NULL;
	return c == 0xB7 || c == 0xD7 || c == 0x2212 ||
	    (c >= 0x2010 && c <= 0x2014) || c == 0xB2 || c == 0xB3 ||
	    c == 0xB9 || (c >= 0x2070 && c <= 0x209C);
}

static bool
is_formula(struct str text)
{
	bool any = false;

	for (size_t i = 0; i < COUNT(plain); i++)
		if (str_equal(text, str_from(plain[i])))
			return false;
	while (text.len > 0) {
		uint32_t c = narrow(utf8_next(&text));
		bool word = is_number_or_letter(c);
		if (!word && !is_sign(c))
			return false;
		any = any || word;
	}
	return any;
}

static bool
ends_in_digit(const struct buf *out)
{
	struct str text = space_cut(buf_view(out));

	return text.len > 0 && text.data[text.len - 1] >= '0' &&
	    text.data[text.len - 1] <= '9';
}

/* Does the first text behind a node, on its line, begin with a digit? */
static bool
digit_follows(const struct html_node *node)
{
	const struct html_node *at = node;

	for (int steps = 0; steps < STEPS_MAX; steps++) {
		while (at->next == NULL) {
			at = at->parent;
			if (at == NULL || at->type != HTML_ELEMENT ||
			    html_is_block(at))
				return false;
		}
		at = at->next;
		while (at->type == HTML_ELEMENT && at->children != NULL &&
		    !html_is_block(at) && !html_is_dropped(at))
			at = at->children;
		if (at->type == HTML_ELEMENT && html_is_block(at))
			return false;
		if (at->type == HTML_TEXT && at->text.len > 0)
			return at->text.data[0] >= '0' &&
			    at->text.data[0] <= '9';
	}
	return false;
}

static void
add_behind(struct buf *out, const char *sign, struct str text)
{
	bool one = utf8_count(text) == 1;

	buf_text(out, sign);
	buf_text(out, one ? "" : "(");
	buf_str(out, text);
	buf_text(out, one ? "" : ")");
}

static void
add_above(struct buf *out, struct str text)
{
	if (str_equal(text, STR("o")) || str_equal(text, STR("O")))
		buf_text(out, "\u00BA"); /* 20<sup>o</sup>C */
	else if (str_equal_nocase(text, STR("tm")))
		buf_text(out, "\u2122");
	else if (add_signs(out, text, true))
		return;
	else if (is_formula(text))
		add_behind(out, "^", text);
	else
		buf_str(out, text); /* a mark: ①, *, ® */
}

static void
add_below(struct buf *out, struct str text, bool touches)
{
	if (!touches)
		buf_str(out, text);
	else if (!add_signs(out, text, false))
		add_behind(out, "_", text);
}

void
html_add_script(struct buf *out, const struct html_node *node)
{
	struct buf inside, text;

	buf_init(&inside, ARTICLE_BYTES_MAX);
	buf_init(&text, ARTICLE_BYTES_MAX);
	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next)
		html_add_text(&inside, child);
	clean_line(&text, buf_view(&inside));
	if (inside.err != OK || text.err != OK)
		out->err = inside.err != OK ? inside.err : text.err;
	else if (html_is_super(node))
		add_above(out, buf_view(&text));
	else
		add_below(out, buf_view(&text),
		    ends_in_digit(out) || digit_follows(node));
	buf_release(&inside);
	buf_release(&text);
}
