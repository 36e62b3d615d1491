/* SPDX-License-Identifier: ISC */
/*
 * A walk over all ways through a compiled page. A node settles the reply if the
 * page ends there. A list of nodes is settled if each way through it meets such
 * a node; nothing after the list is run.
 */
#include "page/compile/internal.h"

struct way {
	struct findings *findings;
	bool asked; /* a way to here has met % ask */
};

/* An empty line: nobody minds that it is not reached. */
static bool
is_blank(const struct node *node)
{
	return (node->type == NODE_LINE || node->type == NODE_RAW) &&
	    node->pieces == NULL && node->address == NULL;
}

static bool walk(struct way *way, const struct node *node);

/* Two branches are settled if both are. They have asked if one of them has
 * asked and is not settled. */
static bool
walk_branches(struct way *way, const struct node *node)
{
	struct way body = *way, otherwise = *way;
	const bool one = walk(&body, node->body);
	const bool two = walk(&otherwise, node->otherwise);

	if (node->type == NODE_IF && node->body == NULL &&
	    node->otherwise == NULL)
		findings_add(way->findings, node->file, node->line,
		    "this %% if has no lines");
	way->asked = (body.asked && !one) || (otherwise.asked && !two);
	return one && two;
}

/* Does this node settle the reply on each way? */
static bool
walk_node(struct way *way, const struct node *node)
{
	switch (node->type) {
	case NODE_ASK:
		if (way->asked)
			findings_add(way->findings, node->file, node->line,
			    "the page has asked already: a page asks once, and "
			    "this prompt is never shown");
		way->asked = true;
		return false;
	case NODE_ONE: /* without a row: its % none; else the next node */
	case NODE_IF:
	case NODE_EACH:
		return walk_branches(way, node);
	case NODE_PRE:
		return walk(way, node->body);
	case NODE_GO:
	case NODE_FILE:
	case NODE_FAIL:
		return true;
	case NODE_LINE:
	case NODE_STORED:
	case NODE_RAW:
	case NODE_DO:
	case NODE_ROWS:
	case NODE_CERT:
	case NODE_ACCOUNT:
	case NODE_ROLE:
	case NODE_UPLOAD:
	case NODE_EDIT:
	case NODE_LANG:
	case NODE_NOTICE:
		break;
	}
	return false;
}

static bool
walk(struct way *way, const struct node *node)
{
	bool settled = false;

	for (; node != NULL && !settled; node = node->next)
		settled = walk_node(way, node);
	while (node != NULL && is_blank(node))
		node = node->next;
	if (node != NULL)
		findings_add(way->findings, node->file, node->line,
		    "these lines are never reached: what stands above leads "
		    "away or fails in every case");
	return settled;
}

void
flow_check(const struct page *page, struct findings *findings)
{
	struct way way = {.findings = findings};

	walk(&way, page->first);
}
