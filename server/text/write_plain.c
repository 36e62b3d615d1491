/* SPDX-License-Identifier: ISC */
/*
 * Blocks as plain text: the twin of every page and the prose that Gopher
 * serves as documents. A link keeps its place as "label [3]"; what [3] is
 * stands at the end, where an address may be as long as it is. Preformatted
 * lines stay as they are.
 */
#include "text/write.h"

#include "text/internal.h"
#include "text/wrap.h"

static void
fail(struct lines *lines, enum err err)
{
	if (lines->out->err == OK)
		lines->out->err = err;
}

static void
add_link(struct lines *lines, const struct block *link, unsigned number)
{
	struct str label =
	    link->text.len > 0 ? link->text : lines_address(link);
	struct str text =
	    arena_printf(lines->arena, "%.*s [%u]", STR_ARG(label), number);

	if (text.data == NULL)
		fail(lines, ERR_NOMEM);
	else
		lines_wrap(lines, text, STR(""), STR("  "));
}

/* The heading of the page, underlined over its whole width. */
static void
add_title(struct lines *lines, const struct block *title)
{
	unsigned width = text_width(title->text);
	char *line;

	if (title->text.len == 0)
		return;
	if (lines->columns > 0 && width > lines->columns)
		width = lines->columns;
	line = arena_alloc(lines->arena, width);
	if (line == NULL) {
		fail(lines, ERR_NOMEM);
		return;
	}
	memset(line, '=', width);
	lines_blank(lines);
	lines_wrap(lines, title->text, STR(""), STR(""));
	lines_add(lines, STR(""), (struct str){line, width});
}

static void
add_references(struct lines *lines, const struct blocks *list)
{
	unsigned number = 0;

	for (const struct block *b = list->first; b != NULL; b = b->next) {
		struct str mark;
		if (b->type != BLOCK_LINK)
			continue;
		if (number == 0)
			lines_blank(lines);
		mark = arena_printf(lines->arena, "[%u] ", ++number);
		if (mark.data == NULL)
			fail(lines, ERR_NOMEM);
		else
			lines_add(lines, mark, lines_address(b));
	}
}

void
write_plain(
    struct buf *out, const struct blocks *list, const struct plain_style *style)
{
	struct lines lines = {.out = out,
	    .arena = list->arena,
	    .columns = style->columns,
	    .before = STR(""),
	    .after = style->line_end,
	    .guard_dots = style->guard_dots,
	    .set_off = true};
	unsigned number = 0;

	if (list->err != OK)
		fail(&lines, list->err);
	for (const struct block *b = list->first; b != NULL; b = b->next) {
		if (b->type == BLOCK_LINK)
			add_link(&lines, b, ++number);
		else if (b->type == BLOCK_HEADING && b->level == 1)
			add_title(&lines, b);
		else
			lines_block(&lines, b);
	}
	add_references(&lines, list);
}
