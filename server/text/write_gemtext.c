/* SPDX-License-Identifier: ISC */
/*
 * Blocks as gemtext (gemtext specification 0.24). A line's type is its first
 * characters and there is no way to escape them, so a text that happens to
 * begin with some gets a ZERO WIDTH SPACE in front. A blank would not do:
 * some clients trim lines before they look. The list itself never holds that
 * character, so it marks nothing else.
 */
#include "text/write.h"

#include "text/space.h"

#define GUARD STR("\xE2\x80\x8B") /* U+200B */
#define FENCE STR("```")

/* Would any client, with or without trimming, take this text for another line
 * type? "=:" is a prompt in Spartan's gemtext. */
static bool
reads_as_markup(struct str text)
{
	text = space_skip(text);
	if (str_starts(text, STR("*"))) {
		struct str rest = str_slice(text, 1, text.len);
		return rest.len == 0 || space_skip(rest).len < rest.len;
	}
	return str_starts(text, FENCE) || str_starts(text, STR("=>")) ||
	    str_starts(text, STR("=:")) || str_starts(text, STR("#")) ||
	    str_starts(text, STR(">"));
}

static void
add_line(struct buf *out, const char *prefix, struct str text)
{
	buf_text(out, prefix);
	buf_str(out, text);
	buf_char(out, '\n');
}

static void
add_text(struct buf *out, struct str text)
{
	if (reads_as_markup(text))
		buf_str(out, GUARD);
	add_line(out, "", text);
}

static void
add_link(struct buf *out, const struct block *link, const char *ask_mark)
{
	const bool asks = ask_mark != NULL && link->target.type == '7';

	buf_text(out, asks ? ask_mark : "=>");
	buf_char(out, ' ');
	buf_str(out, link->url);
	add_line(out, " ", link->text.len > 0 ? link->text : link->url);
}

static void
add_group(struct buf *out, const struct block *group)
{
	struct str rest = group->body, line;

	add_line(out, "```", group->text);
	while (str_next_line(&rest, &line)) {
		if (str_starts(space_skip(line), FENCE))
			buf_str(out, GUARD);
		add_line(out, "", line);
	}
	add_line(out, "```", STR(""));
}

static void
add_block(struct buf *out, const struct block *block, const char *ask_mark)
{
	static const char hashes[] = "### ";

	switch (block->type) {
	case BLOCK_TEXT:
		add_text(out, block->text);
		break;
	case BLOCK_HEADING:
		add_line(out, hashes + (3 - block->level), block->text);
		break;
	case BLOCK_LINK:
		add_link(out, block, ask_mark);
		break;
	case BLOCK_ITEM:
		add_line(out, "* ", block->text);
		break;
	case BLOCK_QUOTE:
		add_line(out, block->text.len > 0 ? "> " : ">", block->text);
		break;
	case BLOCK_PRE:
		add_group(out, block);
		break;
	}
}

void
write_gemtext(struct buf *out, const struct blocks *list, const char *ask_mark)
{
	if (list->err != OK && out->err == OK)
		out->err = list->err;
	for (const struct block *b = list->first; b != NULL; b = b->next)
		add_block(out, b, ask_mark);
}
