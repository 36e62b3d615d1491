/* SPDX-License-Identifier: ISC */
/*
 * The list of blocks. Every text passes through clean_line() on its way in,
 * so the writers need not look at single characters again: no block holds a
 * line end, a control or invisible character, or bytes that are not UTF-8.
 */
#include "text/block.h"

#include "base/utf8.h"
#include "text/reference.h"
#include "text/space.h"
#include "text/wrap.h"

enum { TAB_COLUMNS = 8 }; /* in preformatted groups */

void
blocks_init(struct blocks *list, struct arena *arena, size_t max_bytes)
{
	*list = (struct blocks){.arena = arena, .max_bytes = max_bytes};
	list->end = &list->first;
}

static void
fail(struct blocks *list, enum err err)
{
	if (list->err == OK)
		list->err = err;
}

/* Copy into the arena, within the list's limit. */
static struct str
keep(struct blocks *list, struct str s)
{
	struct str copy = STR("");

	if (list->err != OK || s.len == 0)
		return copy;
	if (s.len > list->max_bytes - list->bytes) {
		fail(list, ERR_LIMIT);
		return copy;
	}
	copy = arena_str(list->arena, s);
	if (copy.data == NULL) {
		fail(list, ERR_NOMEM);
		return copy;
	}
	list->bytes += s.len;
	return copy;
}

/* Copy the content of buf into the arena and release buf. */
static struct str
keep_buf(struct blocks *list, struct buf *text)
{
	struct str copy = STR("");

	if (text->err != OK)
		fail(list, text->err);
	else
		copy = keep(list, buf_view(text));
	buf_release(text);
	return copy;
}

/* Clean a text. Nearly every text is clean already; it is copied only once. */
static struct str
clean_line(struct blocks *list, struct str s)
{
	struct buf text;

	if (utf8_clean_len(s) == s.len)
		return keep(list, space_cut(s));
	buf_init(&text, list->max_bytes);
	utf8_add_line(&text, s);
	text.len = space_cut(buf_view(&text)).len;
	return keep_buf(list, &text);
}

/* Append a block to the list and give it; NULL after an error. */
static struct block *
add(struct blocks *list, enum block_type type, struct str text)
{
	struct block *block;

	text = clean_line(list, text);
	if (list->err != OK)
		return NULL;
	block = arena_alloc(list->arena, sizeof(*block));
	if (block == NULL) {
		fail(list, ERR_NOMEM);
		return NULL;
	}
	block->type = type;
	block->text = text;
	block->url = block->body = STR("");
	*list->end = block;
	list->end = &block->next;
	return block;
}

void
blocks_text(struct blocks *list, struct str text)
{
	add(list, BLOCK_TEXT, text);
}

void
blocks_heading(struct blocks *list, int level, struct str text)
{
	struct block *block = add(list, BLOCK_HEADING, text);

	if (block == NULL)
		return;
	block->text = space_skip(block->text);
	block->level = level < 1 ? 1 : level > 3 ? 3 : level;
}

void
blocks_link(struct blocks *list, struct str url, struct str label)
{
	struct str mended = STR("");
	struct block *block;
	enum err err = reference_mend(list->arena, url, &mended);

	/* Without an address the label would be taken for the address. */
	if (err == ERR_INPUT) {
		blocks_unlinked(list, url, label);
		return;
	}
	if (err != OK) {
		fail(list, err);
		return;
	}
	url = keep(list, mended);
	block = add(list, BLOCK_LINK, label);
	if (block == NULL)
		return;
	block->text = space_skip(block->text);
	block->url = url;
}

void
blocks_unlinked(struct blocks *list, struct str address, struct str label)
{
	struct buf text;

	address = space_trim(address);
	label = space_trim(label);
	if (address.len == 0 || label.len == 0 || str_equal(address, label)) {
		blocks_text(list, label.len > 0 ? label : address);
		return;
	}
	buf_init(&text, list->max_bytes);
	buf_printf(&text, "%.*s <%.*s>", STR_ARG(label), STR_ARG(address));
	if (text.err != OK)
		fail(list, text.err);
	else
		blocks_text(list, buf_view(&text));
	buf_release(&text);
}

void
blocks_item(struct blocks *list, struct str text)
{
	struct block *block = add(list, BLOCK_ITEM, text);

	if (block != NULL)
		block->text = space_skip(block->text);
}

void
blocks_quote(struct blocks *list, struct str text)
{
	add(list, BLOCK_QUOTE, text);
}

/* Append one line of a group: expand its TABs and clean it. */
static void
add_body_line(struct buf *out, struct str line)
{
	struct str rest = line, part;
	size_t columns = 0, first = out->len;

	while (str_next_part(&rest, '\t', &part)) {
		size_t start = out->len;
		utf8_add_line(out, part);
		if (rest.data == NULL || out->err != OK)
			break;
		columns +=
		    text_width(str_slice(buf_view(out), start, out->len));
		do
			buf_char(out, ' ');
		while (++columns % TAB_COLUMNS != 0);
	}
	line = str_slice(buf_view(out), first, out->len);
	out->len = first + space_cut(line).len;
}

void
blocks_pre(struct blocks *list, struct str alt, struct str body)
{
	struct block *block = add(list, BLOCK_PRE, alt);
	struct str rest = body, line;
	struct buf text;

	if (block == NULL)
		return;
	block->text = space_skip(block->text);
	buf_init(&text, list->max_bytes);
	while (space_next_line(&rest, &line) && text.err == OK) {
		add_body_line(&text, line);
		buf_char(&text, '\n');
	}
	block->body = keep_buf(list, &text);
}
