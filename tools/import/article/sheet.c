/* SPDX-License-Identifier: ISC */
/* Collects lines, joins wrapped plain text, writes gemtext. */
#include "tools/import/article/sheet.h"

#include "base/utf8.h"
#include "text/space.h"
#include "text/wrap.h"
#include "tools/import/clean.h"

enum {
	SHEET_FIRST = 64,
	WRAP_MIN = 40,     /* columns: texts are not wrapped narrower ... */
	WRAP_MAX = 100,    /* ... or wider: a longer line is a paragraph */
	WRAP_EVIDENCE = 2, /* so many full lines prove wrapping */
	/* Columns by which a full line may be shorter: a full stop or a bracket
	 * stays with its neighbour. */
	WRAP_SLACK = 4
};

#define GUARD "\xE2\x80\x8B" /* U+200B, zero width space */
#define FENCE "```"

void
sheet_init(struct sheet *sheet, struct arena *arena)
{
	*sheet = (struct sheet){.arena = arena};
}

void
sheet_release(struct sheet *sheet)
{
	free(sheet->list);
	sheet->list = NULL;
	sheet->count = sheet->size = 0;
}

static bool
grow(struct sheet *sheet)
{
	size_t size = sheet->size == 0 ? SHEET_FIRST : sheet->size * 2;
	struct line *list;

	if (sheet->count >= SHEET_LINES_MAX) {
		sheet->err = ERR_LIMIT;
		return false;
	}
	if (sheet->count < sheet->size)
		return true;
	list = realloc(sheet->list, size * sizeof(*list));
	if (list == NULL) {
		sheet->err = ERR_NOMEM;
		return false;
	}
	sheet->list = list;
	sheet->size = size;
	return true;
}

static enum err
clean_blank(struct arena *arena, struct str text, struct str *out)
{
	struct buf b;
	enum err err;

	buf_init(&b, text.len + 1);
	clean_preformatted(&b, text);
	err = arena_take(arena, &b, out);
	buf_release(&b);
	return err == OK ? OK : ERR_NOMEM;
}

void
sheet_add(struct sheet *sheet, const struct line *line)
{
	struct line copy = *line;

	bool blank = line->type == LINE_PREFORMATTED;

	if (sheet->err != OK || !grow(sheet))
		return;
	sheet->err = blank ? clean_blank(sheet->arena, line->text, &copy.text)
			   : clean_str(sheet->arena, line->text, &copy.text);
	if (sheet->err == OK && line->url.len > 0)
		sheet->err = clean_str(sheet->arena, line->url, &copy.url);
	if (sheet->err == OK && (copy.text.len > 0 || blank))
		sheet->list[sheet->count++] = copy;
}

void
sheet_remove(struct sheet *sheet, size_t i)
{
	sheet->count--;
	memmove(&sheet->list[i], &sheet->list[i + 1],
	    (sheet->count - i) * sizeof(*sheet->list));
}

/* A line of plain text, before it is known whether the text was wrapped. */
struct raw {
	struct str text;
	size_t number;
	bool begins; /* a paragraph certainly begins here */
};

struct raws {
	struct raw *list;
	size_t count;
	unsigned columns; /* of the widest line */
};

/* Does the line begin with two columns of space, as Chinese paragraphs do? */
static bool
is_indented(struct str line)
{
	unsigned columns = 0;

	while (line.len > 0 && columns < 2) {
		uint32_t c = utf8_next(&line);
		if (!clean_is_space(c))
			return false;
		columns += c == 0x3000 || c == '\t' ? 2 : 1;
	}
	return columns >= 2;
}

/* Is this an item of a list: "1. ", "（一）", "一、", "· "? Items are not
 * joined.
 */
static bool
is_listed(const struct customs *customs, struct str line)
{
	static const char *const marks[] = {"*", "-", "\u00B7", "\u2022",
	    "\u25CF", "\u25A0", "\u25A1", "\u25C6", "\uFF08", "(", "\u2460",
	    "\u2461", "\u2462", "\u2463", "\u2464"};
	struct str rest = line;

	if (clean_take_any(&rest, marks, sizeof(marks) / sizeof(*marks)) ||
	    words_take(customs->words[WORDS_ITEM], &rest))
		return true;
	while (rest.len > 0 && rest.data[0] >= '0' && rest.data[0] <= '9')
		rest = str_slice(rest, 1, rest.len);
	if (rest.len < line.len)
		return str_starts(rest, STR(".")) ||
		    str_starts(rest, STR("\u3001")) ||
		    str_starts(rest, STR(")")) ||
		    str_starts(rest, STR("\uFF09"));
	return line.len > 6 && str_starts(str_slice(line, 3, 6), STR("\u3001"));
}

/* The width of the first word, or character, of a line: a break cannot stand
 * inside it. */
static unsigned
first_columns(struct str line)
{
	struct str rest = line;
	unsigned columns = 0;

	while (rest.len > 0) {
		struct str at = rest;
		uint32_t c = utf8_next(&rest);
		if (c >= 0x2E80)
			return columns == 0 ? 2 + WRAP_SLACK : columns;
		if (clean_is_space(c))
			break;
		columns += text_width(str_slice(at, 0, at.len - rest.len));
	}
	return columns + 1;
}

/* Was the break between these two lines made because the line was full? */
static bool
is_wrapped(const struct raw *a, const struct raw *b, unsigned columns)
{
	return !b->begins &&
	    text_width(a->text) + first_columns(b->text) > columns;
}

/* Was the text wrapped? In any text, the line behind the widest line does not
 * fit onto it. So one full line may be chance, and several are not. */
static bool
looks_wrapped(const struct raws *raws)
{
	size_t breaks = 0;

	if (raws->columns < WRAP_MIN || raws->columns > WRAP_MAX)
		return false;
	for (size_t i = 0; i + 1 < raws->count && breaks < WRAP_EVIDENCE; i++)
		breaks += is_wrapped(
		    &raws->list[i], &raws->list[i + 1], raws->columns);
	return breaks >= WRAP_EVIDENCE;
}

static void
join(struct buf *b, struct str next)
{
	struct str peek = next;
	bool wide = next.len > 0 && utf8_next(&peek) >= 0x2E80;
	unsigned char last =
	    b->len > 0 ? (unsigned char)b->data[b->len - 1] : 0;

	/* Only between Latin letters, a line end was a space. */
	if (b->len > 0 && last < 0x80 && !wide)
		buf_char(b, ' ');
	buf_str(b, next);
}

static void
unwrap(struct sheet *sheet, const struct raws *raws, struct buf *b)
{
	bool wraps = looks_wrapped(raws);

	for (size_t i = 0; i < raws->count && sheet->err == OK; i++) {
		const struct raw *raw = &raws->list[i];
		struct line line = {.number = raw->number, .inside = true};

		buf_clear(b);
		buf_str(b, raw->text);
		while (wraps && i + 1 < raws->count &&
		    is_wrapped(
			&raws->list[i], &raws->list[i + 1], raws->columns))
			join(b, raws->list[++i].text);
		if (b->err != OK)
			sheet->err = b->err;
		line.text = buf_view(b);
		sheet_add(sheet, &line);
	}
}

static void
read_raws(const struct customs *customs, struct sheet *sheet, struct str text,
    struct raws *out)
{
	bool blank = true;
	struct str line;

	for (size_t number = 1; space_next_line(&text, &line); number++) {
		struct raw *raw = &out->list[out->count];
		unsigned columns;

		sheet->err = clean_str(sheet->arena, line, &raw->text);
		if (sheet->err != OK)
			return;
		if (raw->text.len == 0) {
			blank = true;
			continue;
		}
		raw->number = number;
		raw->begins =
		    blank || is_indented(line) || is_listed(customs, raw->text);
		columns = text_width(raw->text);
		if (columns > out->columns)
			out->columns = columns;
		blank = false;
		out->count++;
	}
}

void
sheet_add_text(
    const struct customs *customs, struct sheet *sheet, struct str text)
{
	size_t n = space_count_lines(text);
	struct raws raws = {0};
	struct buf b;

	if (n > SHEET_LINES_MAX) {
		sheet->err = ERR_LIMIT;
		return;
	}
	raws.list = arena_array(sheet->arena, n + 1, sizeof(*raws.list));
	if (raws.list == NULL) {
		sheet->err = ERR_NOMEM;
		return;
	}
	buf_init(&b, text.len * 2 + 1);
	read_raws(customs, sheet, text, &raws);
	unwrap(sheet, &raws, &b);
	buf_release(&b);
}

static void
write_line(struct buf *out, const struct line *line)
{
	static const char *const marks[] = {"", "# ", "## ", "### "};

	switch (line->type) {
	case LINE_HEADING:
		buf_text(out, marks[line->level]);
		buf_str(out, line->text);
		break;
	case LINE_ITEM:
		buf_text(out, "* ");
		buf_str(out, line->text);
		break;
	case LINE_QUOTE:
		buf_text(out, "> ");
		buf_str(out, line->text);
		break;
	case LINE_LINK:
		buf_text(out, "=> ");
		buf_str(out, line->url);
		buf_char(out, ' ');
		buf_str(out, line->text);
		break;
	case LINE_PREFORMATTED:
		/* A guard keeps the line from ending the group. */
		buf_text(out, str_starts(line->text, STR(FENCE)) ? GUARD : "");
		buf_str(out, line->text);
		break;
	case LINE_TEXT:
		clean_add_guarded(out, line->text);
		break;
	}
	buf_char(out, '\n');
}

/* Does the line belong to the same list, quotation or group as the one before?
 */
static bool
is_together(const struct line *line)
{
	return line->type != LINE_TEXT && line->type != LINE_HEADING &&
	    line[-1].type == line->type && !line->begins;
}

void
sheet_write(struct buf *out, const struct sheet *sheet, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct line *line = &sheet->list[i];
		bool together = i > from && is_together(line);
		bool blank = line->type == LINE_PREFORMATTED;

		if (i > from && !together)
			buf_char(out, '\n');
		if (blank && !together)
			buf_text(out, FENCE "\n");
		write_line(out, line);
		if (blank && (i + 1 == to || !is_together(line + 1)))
			buf_text(out, FENCE "\n");
	}
}
