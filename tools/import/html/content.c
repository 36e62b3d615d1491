/* SPDX-License-Identifier: ISC */
/* Finds the element of a page that holds the article. */
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/customs/customs.h"
#include "tools/import/html/internal.h"

enum {
	CREDITS_MAX_BYTES = 300, /* of an element with credits only */
	BODY_MIN_BYTES = 120,    /* of text that follows credits */
	MOST_PERCENT = 60        /* of the text: so much is most of it */
};

/* Do the credits begin in this text? The rest of them may stand in other
 * elements. */
static bool
tells_credits(const struct customs *customs, struct str text)
{
	text = space_trim(text);
	if (credits_is(customs, text))
		return true;
	if (!words_take(customs->words[WORDS_CREDIT], &text))
		return false;
	text = space_skip(text);
	return clean_take_colon(&text);
}

static struct html_node *
find_credits(const struct customs *customs, struct html_node *node)
{
	if (html_is_dropped(node) || html_is_element(node, "a"))
		return NULL;
	if (node->type != HTML_ELEMENT)
		return tells_credits(customs, node->text) ? node : NULL;
	for (struct html_node *child = node->children; child != NULL;
	     child = child->next) {
		struct html_node *found = find_credits(customs, child);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/*
 * Go up from the credits to the first element in which the text follows the
 * credits. First leave the elements that hold credits only: otherwise credits
 * would be taken for the text.
 */
static struct html_node *
climb(struct html_node *node)
{
	size_t after = 0;

	while (node->parent->type == HTML_ELEMENT &&
	    html_weight(node->parent) <= CREDITS_MAX_BYTES)
		node = node->parent;
	while (after < BODY_MIN_BYTES && node->parent->type == HTML_ELEMENT) {
		for (const struct html_node *next = node->next; next != NULL;
		     next = next->next)
			after += html_weight(next);
		node = node->parent;
	}
	return node;
}

/* May the content be inside this element, rather than around it? */
static bool
is_frame(const struct html_node *node)
{
	static const char *const no[] = {"p", "h1", "h2", "h3", "h4", "pre",
	    "blockquote", "ul", "ol", "li", "dl"};

	return html_is_block(node) &&
	    !html_is_one_of(node, no, sizeof(no) / sizeof(*no)) &&
	    !(html_is_element(node, "table") && html_table_is_data(node));
}

/* Go down, as long as one child holds most of the text. */
static struct html_node *
descend(struct html_node *node)
{
	size_t most = html_weight(node) * MOST_PERCENT / 100;
	struct html_node *child = node->children;

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

struct html_node *
html_find_content(const struct customs *customs, struct html_node *root)
{
	struct html_node *credits;

	if (html_weight(root) == 0)
		return NULL;
	credits = find_credits(customs, root);
	return credits != NULL ? climb(credits) : descend(root);
}
