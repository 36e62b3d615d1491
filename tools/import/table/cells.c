/* SPDX-License-Identifier: ISC */
/*
 * Reads rows out of lines. Lines are kept until a row is whole: if a quote
 * turns out to be text, the lines behind it are read again.
 */
#include "tools/import/table/internal.h"

#include "base/utf8.h"
#include "text/space.h"

enum {
	/* In a longer cell, the closing quote is missing. */
	QUOTED_BYTES_MAX = 1024 * 1024,
	/* The same, where the quote may also be text. */
	QUOTED_TABS_BYTES_MAX = 64 * 1024,
	RAW_BYTES_MAX = 16 * 1024 * 1024,
	DONE_BYTES_MAX = 256 * 1024, /* of rows that are kept behind us */
	AHEAD_LINES_MAX = 16
};

#define NO_END "the file ends inside a quoted field: its quote has no end"
#define TOO_LONG "longer than 1 MB: a quote that does not end?"
#define INNER_QUOTE \
	"a quote inside a quoted field: there it is written twice, \"\""
#define INNER_CR \
	"a carriage return inside a row: put the field that has it in quotes"
#define NUL_BYTE \
	"a NUL byte, as UTF-16 has where it is not marked: save it as UTF-8"

void
cells_init(struct cells *cells, struct lines *lines)
{
	*cells = (struct cells){.lines = lines, .separator = ','};
	cells->next_line = 1;
	buf_init(&cells->raw, RAW_BYTES_MAX);
	buf_init(&cells->text, RAW_BYTES_MAX);
}

void
cells_release(struct cells *cells)
{
	buf_release(&cells->raw);
	buf_release(&cells->text);
}

static char
at(const struct cells *cells, size_t place)
{
	return cells->raw.data[place];
}

/* Add one more line. False: there is none, or cells->err says why not. */
static bool
add_line(struct cells *cells, struct buf *why)
{
	struct str line;

	if (cells->err != OK ||
	    !lines_next(cells->lines, &line, &cells->err, why))
		return false;
	buf_str(&cells->raw, line);
	buf_char(&cells->raw, '\n');
	if (cells->raw.err == OK)
		return true;
	cells->err = ERR_NOMEM;
	buf_text(why, "out of memory");
	return false;
}

/* Remove the rows that have been read. */
static void
forget(struct cells *cells)
{
	struct str rest =
	    str_slice(buf_view(&cells->raw), cells->end, cells->raw.len);

	if (rest.len > 0 && cells->end < DONE_BYTES_MAX)
		return;
	if (rest.len > 0)
		memmove(cells->raw.data, rest.data, rest.len);
	cells->raw.len = rest.len;
	cells->start = cells->end = 0;
}

/* The next row begins where this one has ended, or where a line is that is
 * not blank. false as of add_line(). */
static bool
begin(struct cells *cells, struct buf *why)
{
	for (;;) {
		struct str rest, line;

		forget(cells);
		if (cells->raw.len == cells->end && !add_line(cells, why))
			return false;
		rest = str_slice(
		    buf_view(&cells->raw), cells->end, cells->raw.len);
		line = str_slice(rest, 0, str_find_byte(rest, '\n'));
		cells->line = cells->next_line;
		cells->start = cells->end;
		if (str_trim(line).len > 0)
			return true;
		cells->end += line.len + 1;
		cells->next_line++;
	}
}

/* Is all of this text invisible? */
static bool
is_blank(struct str cell)
{
	while (cell.len > 0) {
		uint32_t c = utf8_next(&cell);
		if (c == UTF8_BAD || !(space_is(c) || utf8_is_invisible(c)))
			return false;
	}
	return true;
}

/* The cell is what the text has from an offset on. */
static void
end_cell(struct cells *cells, size_t from)
{
	if (cells->count < CELLS_MAX)
		cells->ends[cells->count] = cells->text.len;
	cells->count++;
	if (!is_blank(str_slice(buf_view(&cells->text), from, cells->text.len)))
		cells->filled = cells->count;
}

/* Skip invisible characters that are not the separator. */
static size_t
skip_blanks(const struct cells *cells, size_t place)
{
	struct str rest =
	    str_slice(buf_view(&cells->raw), place, cells->raw.len);

	while (rest.len > 0 && rest.data[0] != cells->separator &&
	    rest.data[0] != '\n' && rest.data[0] != '\r') {
		struct str before = rest;
		uint32_t c = utf8_next(&rest);
		if (c == UTF8_BAD || !(space_is(c) || utf8_is_invisible(c)))
			return cells->raw.len - before.len;
	}
	return cells->raw.len - rest.len;
}

/* Read a cell without quotes: up to the separator or the line's end. */
static size_t
take_plain(struct cells *cells, size_t place, const char **fault)
{
	size_t from = place, len = cells->text.len;

	while (at(cells, place) != cells->separator && at(cells, place) != '\n')
		place++;
	buf_str(&cells->text, str_slice(buf_view(&cells->raw), from, place));
	if (str_find_byte(str_slice(buf_view(&cells->raw), from, place),
		'\r') != SIZE_MAX)
		*fault = INNER_CR;
	end_cell(cells, len);
	return place;
}

/* The state of reading a cell in quotes. */
struct quoted {
	size_t from, place;
	bool tab, broken; /* it holds a tab; a line end */
};

/* Behind a line's end inside quotes: is there more? */
static bool
go_on(
    struct cells *cells, struct quoted *q, const char **fault, struct buf *why)
{
	bool tabs = cells->separator == '\t';
	size_t max = tabs ? QUOTED_TABS_BYTES_MAX : QUOTED_BYTES_MAX;

	if (q->place < cells->raw.len)
		return true;
	if (q->place - q->from > max)
		*fault = TOO_LONG;
	else if (!add_line(cells, why))
		*fault = NO_END;
	return *fault == NULL;
}

/* The quoted cell that begins here, its text into cells->text; where it ends.
 * 0 and *fault: it is none. */
static size_t
read_quoted(
    struct cells *cells, size_t place, const char **fault, struct buf *why)
{
	struct quoted q = {.from = place, .place = place + 1};
	bool tabs = cells->separator == '\t';

	for (;;) {
		char c = at(cells, q.place++);
		if (c == '"' && at(cells, q.place) == '"')
			q.place++;
		else if (c == '"')
			break;
		buf_char(&cells->text, c);
		q.tab |= c == '\t';
		q.broken |= c == '\n';
		if (tabs && q.tab && q.broken)
			*fault = INNER_QUOTE;
		if (*fault != NULL ||
		    (c == '\n' && !go_on(cells, &q, fault, why)))
			return 0;
	}
	q.place = skip_blanks(cells, q.place);
	if (at(cells, q.place) == cells->separator ||
	    at(cells, q.place) == '\n')
		return q.place;
	*fault = INNER_QUOTE;
	return 0;
}

/* Read the cell that begins here; returns its end. */
static size_t
take_cell(
    struct cells *cells, size_t place, const char **fault, struct buf *why)
{
	size_t first = skip_blanks(cells, place), len = cells->text.len, end;
	const char *none = NULL;

	if (at(cells, first) != '"')
		return take_plain(cells, place, fault);
	end = read_quoted(cells, first, &none, why);
	if (end == 0)
		cells->text.len = len;
	if (end == 0 && cells->separator == '\t')
		return take_plain(cells, place, fault);
	*fault = none;
	end_cell(cells, len);
	return end;
}

/* Read all cells of the row; returns its end, or 0 and *fault. */
static size_t
take_row(struct cells *cells, const char **fault, struct buf *why)
{
	size_t place = cells->start;

	buf_clear(&cells->text);
	cells->count = cells->filled = 0;
	for (;;) {
		place = take_cell(cells, place, fault, why);
		if (*fault != NULL || cells->err != OK)
			return 0;
		if (at(cells, place) == '\n')
			return place + 1;
		place++;
	}
}

enum cells_kind
cells_next(struct cells *cells, struct buf *why)
{
	const char *fault = NULL;
	struct str raw;
	size_t end;

	if (!begin(cells, why))
		return cells->err == OK ? CELLS_END : CELLS_FAILED;
	end = take_row(cells, &fault, why);
	if (cells->err != OK)
		return CELLS_FAILED;
	if (end == 0)
		end = cells->start + 1 +
		    str_find_byte(str_slice(buf_view(&cells->raw), cells->start,
				      cells->raw.len),
			'\n');
	raw = str_slice(buf_view(&cells->raw), cells->start, end);
	if (fault == NULL && str_find_byte(raw, '\0') != SIZE_MAX)
		fault = NUL_BYTE;
	if (fault == NULL && cells->text.err != OK)
		fault = "too long";
	cells->end = end;
	cells->next_line = cells->line + str_count(raw, '\n');
	if (fault == NULL)
		return CELLS_ROW;
	buf_text(why, fault);
	return CELLS_BAD;
}

void
cells_again(struct cells *cells)
{
	cells->end = cells->start;
	cells->next_line = cells->line;
}

struct str
cells_ahead(struct cells *cells, struct buf *why)
{
	size_t quotes = 0, seen;

	if (!begin(cells, why))
		return (struct str){NULL, 0};
	seen = cells->start;
	for (int lines = 0; lines < AHEAD_LINES_MAX; lines++) {
		while (at(cells, seen) != '\n')
			quotes += at(cells, seen++) == '"';
		seen++;
		if (quotes % 2 == 0 ||
		    (seen == cells->raw.len && !add_line(cells, why)))
			break;
	}
	return str_slice(buf_view(&cells->raw), cells->start, seen);
}

struct str
cells_cell(const struct cells *cells, size_t i)
{
	return str_slice(buf_view(&cells->text),
	    i == 0 ? 0 : cells->ends[i - 1], cells->ends[i]);
}
