/* SPDX-License-Identifier: ISC */
/*
 * A walk over a compiled page as a reader's request would take it, in every
 * direction at once. A list of nodes either goes on at its end or has settled
 * the reply by then; behind that nothing is run.
 */
#include "page/compile/internal.h"

struct way {
	struct findings *findings;
	bool asked; /* on some way to here */
};

/* What an author leaves between two things, and nobody misses. */
static bool
is_blank(const struct node *node)
{
	return (node->type == NODE_LINE || node->type == NODE_RAW) &&
	    node->pieces == NULL && node->address == NULL;
}

static bool walk(struct way *way, const struct node *node);

/* Two branches: settled where both are; asked where either was and goes on. */
static bool
walk_branches(struct way *way, const struct node *node)
{
	struct way body = *way, otherwise = *way;
	const bool one = walk(&body, node->body);
	const bool two = walk(&otherwise, node->otherwise);

	if (node->type == NODE_IF && node->body == NULL &&
	    node->otherwise == NULL)
		findings_add(way->findings, node->file, node->line,
		    "nothing stands in this %% if");
	way->asked = (body.asked && !one) || (otherwise.asked && !two);
	return one && two;
}

/* false: what stands behind this node may be reached. */
static bool
walk_node(struct way *way, const struct node *node)
{
	switch (node->type) {
	case NODE_ASK:
		if (way->asked)
			findings_add(way->findings, node->file, node->line,
			    "asked already: a page has one answer, and this "
			    "prompt is never seen");
		way->asked = true;
		return false;
	case NODE_ONE: /* without a row, otherwise; with one, on */
	case NODE_IF:
	case NODE_EACH:
		return walk_branches(way, node);
	case NODE_PRE:
		return walk(way, node->body);
	case NODE_GO:
	case NODE_FAIL:
		return true;
	case NODE_LINE:
	case NODE_STORED:
	case NODE_RAW:
	case NODE_DO:
	case NODE_CERT:
	case NODE_UPLOAD:
	case NODE_EDIT:
	case NODE_LANG:
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
		    "nothing gets here: what stands above leads away or fails "
		    "in every case");
	return settled;
}

void
flow_check(const struct page *page, struct findings *findings)
{
	struct way way = {.findings = findings};

	walk(&way, page->first);
}
