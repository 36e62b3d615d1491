/* SPDX-License-Identifier: ISC */
/*
 * Reading stored texts into blocks, by the gemtext specification 0.24. The type
 * of a line depends on its first three characters and on whether a preformatted
 * group is open.
 */
#include "text/block.h"

#include "text/reference.h"
#include "text/space.h"

/* Skip blanks inside a gemtext line (WSP of RFC 5234). */
static struct str
skip_blanks(struct str s)
{
	while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = str_slice(s, 1, s.len);
	return s;
}

static struct str
after(struct str s, size_t n)
{
	return str_slice(s, n, s.len);
}

static void
read_link(struct blocks *list, struct str line)
{
	struct str rest = skip_blanks(after(line, 2)), address, label, mended;
	size_t end = 0;
	enum err err;

	while (
	    end < rest.len && rest.data[end] != ' ' && rest.data[end] != '\t')
		end++;
	address = str_slice(rest, 0, end);
	label = skip_blanks(after(rest, end));
	err = reference_stored(list->arena, address, &mended);
	if (err == ERR_NOMEM)
		list->err = err;
	else if (err == OK)
		blocks_link(list, mended, label);
	else if (address.len > 0)
		blocks_unlinked(list, address, label);
	else
		blocks_text(list, line);
}

static void
read_heading(struct blocks *list, struct str line, int below)
{
	size_t marks = 1;
	int level;

	while (marks < 3 && marks < line.len && line.data[marks] == '#')
		marks++;
	level = (int)marks;
	/* Below the page's own headings, but not deeper than necessary: a text
	 * that starts at ## would else skip a level. */
	if (level <= below)
		level = below + 1;
	blocks_heading(list, level, skip_blanks(after(line, marks)));
}

static void
read_quote_line(struct blocks *list, struct str line)
{
	bool blank = line.len > 1 && line.data[1] == ' ';

	blocks_quote(list, after(line, blank ? 2 : 1));
}

/* Read a preformatted group after its opening line, up to its closing line or
 * to the end of the text. */
static void
read_group(struct blocks *list, struct str alt, struct str *rest)
{
	struct str body = *rest, line;
	size_t len = rest->len;

	for (;;) {
		size_t start = body.len - rest->len;
		if (!space_next_line(rest, &line))
			break;
		if (str_starts(line, STR("```"))) {
			len = start;
			break;
		}
	}
	blocks_pre(list, alt, str_slice(body, 0, len));
}

void
read_gemtext(struct blocks *list, struct str text, int below)
{
	struct str rest = text, line;

	while (list->err == OK && space_next_line(&rest, &line)) {
		if (str_starts(line, STR("```")))
			read_group(list, after(line, 3), &rest);
		else if (str_starts(line, STR("=>")))
			read_link(list, line);
		else if (str_starts(line, STR("#")))
			read_heading(list, line, below);
		else if (str_starts(line, STR("* ")))
			blocks_item(list, after(line, 2));
		else if (str_starts(line, STR(">")))
			read_quote_line(list, line);
		else
			blocks_text(list, line);
	}
}

void
read_plain(struct blocks *list, struct str text)
{
	struct str rest = text, line;

	while (list->err == OK && space_next_line(&rest, &line))
		blocks_text(list, line);
}

void
read_quote(struct blocks *list, struct str text)
{
	struct str rest = text, line;

	while (list->err == OK && space_next_line(&rest, &line))
		blocks_quote(list, line);
}
