/* SPDX-License-Identifier: ISC */
/*
 * Lines of a limited width. The writers of menus and of plain text share this
 * code. They differ in what they write around a line and in how they show a
 * link.
 */
#include "text/internal.h"

#include "base/url.h"
#include "base/utf8.h"
#include "text/space.h"
#include "text/wrap.h"

void
lines_add(struct lines *lines, struct str prefix, struct str text)
{
	bool dot =
	    lines->guard_dots && prefix.len == 0 && str_starts(text, STR("."));

	buf_str(lines->out, lines->before);
	if (dot)
		buf_char(lines->out, ' ');
	buf_str(lines->out, prefix);
	buf_str(lines->out, text);
	buf_str(lines->out, lines->after);
	lines->set_off = prefix.len == 0 && text.len == 0;
}

/* The columns for the text: without the longer prefix and the blank that guards
 * a dot. */
static unsigned
text_columns(const struct lines *lines, struct str first, struct str next)
{
	size_t taken = first.len > next.len ? first.len : next.len;

	if (lines->guard_dots && taken == 0)
		taken = 1;
	return lines->columns > taken ? lines->columns - (unsigned)taken
				      : lines->columns;
}

static void
add_pieces(
    struct lines *lines, struct wrap *w, struct str first, struct str next)
{
	struct str piece, prefix = first;

	while (lines->out->err == OK && wrap_next(w, &piece)) {
		lines_add(lines, prefix, piece);
		prefix = next;
	}
}

void
lines_wrap(
    struct lines *lines, struct str text, struct str first, struct str next)
{
	struct wrap w;
	enum err err;

	if (text.len == 0) {
		lines_add(lines, space_cut(first), text);
		return;
	}
	err = wrap_begin(
	    &w, lines->arena, text, text_columns(lines, first, next));
	if (err != OK) {
		if (lines->out->err == OK)
			lines->out->err = err;
		return;
	}
	add_pieces(lines, &w, first, next);
}

void
lines_blank(struct lines *lines)
{
	if (!lines->set_off)
		lines_add(lines, STR(""), STR(""));
}

static void
add_heading(struct lines *lines, const struct block *heading)
{
	static const char dashes[] = "---";
	const char *mark = dashes + (heading->level - 1);
	struct str text;

	if (heading->text.len == 0)
		return;
	lines_blank(lines);
	text = arena_printf(
	    lines->arena, "%s %.*s %s", mark, STR_ARG(heading->text), mark);
	if (text.data == NULL && lines->out->err == OK)
		lines->out->err = ERR_NOMEM;
	else
		lines_wrap(lines, text, STR(""), STR(""));
}

static void
add_group(struct lines *lines, const struct block *group)
{
	struct str rest = group->body, line;

	if (group->text.len > 0)
		lines_wrap(lines, group->text, STR(""), STR(""));
	while (str_next_line(&rest, &line)) {
		struct wrap w;
		if (line.len == 0) {
			lines_add(lines, STR(""), line);
			continue;
		}
		wrap_begin_hard(
		    &w, line, lines->wrap_groups ? lines->columns : 0);
		add_pieces(lines, &w, STR(""), STR(""));
	}
}

void
lines_block(struct lines *lines, const struct block *block)
{
	switch (block->type) {
	case BLOCK_HEADING:
		add_heading(lines, block);
		break;
	case BLOCK_ITEM:
		lines_wrap(lines, block->text, STR("* "), STR("  "));
		break;
	case BLOCK_QUOTE:
		lines_wrap(lines, block->text, STR("> "), STR("> "));
		break;
	case BLOCK_PRE:
		add_group(lines, block);
		break;
	case BLOCK_TEXT:
	case BLOCK_LINK:
		lines_wrap(lines, block->text, STR(""), STR(""));
		break;
	}
}

struct str
lines_address(const struct block *link)
{
	struct str address = link->target.address;
	struct url url;

	/* The target's address was not cleaned by blocks_link(). */
	if (address.len > 0 && utf8_clean_len(address) == address.len &&
	    url_parse(address, &url) == OK)
		return address;
	return link->url;
}
