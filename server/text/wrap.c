/* SPDX-License-Identifier: ISC */
/*
 * Filling lines. text/breaks.h finds where a line may be broken, text/cluster.h
 * the width of its characters.
 *
 * The time is proportional to the length of the line: a scan that steps back to
 * a break never steps back before that break again.
 */
#include "text/wrap.h"

#include <unictype.h>

#include "base/utf8.h"
#include "text/internal.h"
#include "text/space.h"

enum { COLUMNS_MIN = 2 /* one wide character */ };

unsigned
text_width(struct str line)
{
	unsigned columns = 0, more;

	for (size_t at = 0; at < line.len; columns += more)
		at = cluster_end(line, at, &more);
	return columns;
}

/* The number of bytes of the line, from `at`, that fit in `columns` columns. */
static size_t
fill_end(struct str line, size_t at, unsigned columns)
{
	unsigned used = 0;

	while (at < line.len) {
		unsigned more;
		size_t end = cluster_end(line, at, &more);
		if (more > columns - used)
			break;
		used += more;
		at = end;
	}
	return at;
}

/* A quick answer: no character has more columns than bytes. */
static bool
fits(struct str line, unsigned columns)
{
	return line.len <= columns || fill_end(line, 0, columns) == line.len;
}

static unsigned
sound_columns(unsigned columns)
{
	return columns > 0 && columns < COLUMNS_MIN ? COLUMNS_MIN : columns;
}

enum err
wrap_begin(
    struct wrap *w, struct arena *arena, struct str line, unsigned columns)
{
	char *breaks = NULL;

	columns = sound_columns(columns);
	if (columns > 0 && !fits(line, columns)) {
		breaks = arena_alloc(arena, line.len);
		if (breaks == NULL)
			return ERR_NOMEM;
		breaks_find(line, breaks);
	}
	*w = (struct wrap){.line = line, .breaks = breaks, .columns = columns};
	return OK;
}

void
wrap_begin_hard(struct wrap *w, struct str line, unsigned columns)
{
	*w = (struct wrap){
	    .line = line, .columns = sound_columns(columns), .hard = true};
}

/* Closing marks: 》 ） ” and wide marks such as ， 。 、 ： ！ … */
static bool
is_closing(uint32_t c)
{
	if (c < 0x80)
		return false;
	if (uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_Pe | UC_CATEGORY_MASK_Pf))
		return true;
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Po) &&
	    cluster_character_width(c) == 2;
}

static bool
is_opening(uint32_t c)
{
	return c >= 0x80 &&
	    uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_Ps | UC_CATEGORY_MASK_Pi);
}

/* May a line without a place to break be cut here? Not before a closing or
 * after an opening mark, if there is another place. */
static bool
is_decent(uint32_t before, uint32_t c)
{
	return !space_is(before) && !space_is(c) && !is_opening(before) &&
	    !is_closing(c);
}

/* Cut a single cluster that is wider than the line, between characters. */
static size_t
cut_cluster(const struct wrap *w)
{
	struct str rest = str_slice(w->line, w->at, w->line.len);
	unsigned used = cluster_character_width(utf8_next(&rest));

	while (rest.len > 0) {
		struct str behind = rest;
		used += cluster_character_width(utf8_next(&behind));
		if (used > w->columns)
			break;
		rest = behind;
	}
	return w->line.len - rest.len;
}

static size_t
cut_hard(const struct wrap *w)
{
	size_t at = w->columns == 0 ? w->line.len
				    : fill_end(w->line, w->at, w->columns);

	return at > w->at ? at : cut_cluster(w);
}

/* Blanks at a break are not shown and belong to the line before the break. So
 * no closing mark may follow them on the next line. */
static bool
may_break(const struct wrap *w, size_t at, uint32_t before, uint32_t c)
{
	return w->breaks[at] != 0 && !space_is(c) &&
	    !(space_is(before) && is_closing(c));
}

/* The end of the piece that begins at w->at. Blanks at its end may exceed the
 * width, because they are not shown. */
static size_t
cut_soft(const struct wrap *w)
{
	size_t at = w->at, possible = 0, decent = 0;
	unsigned used = 0;
	uint32_t last = ' ';

	while (at < w->line.len) {
		unsigned more;
		size_t end = cluster_end(w->line, at, &more);
		struct str cluster = str_slice(w->line, at, end);
		uint32_t c = utf8_next(&cluster);

		if (space_is(c) && cluster.len > 0)
			c = UTF8_REPLACEMENT; /* a mark on a blank is shown */
		if (at > w->at && may_break(w, at, last, c))
			possible = at;
		else if (at > w->at && possible == 0 && is_decent(last, c))
			decent = at;
		if (!space_is(c) && used + more > w->columns)
			break;
		used += more;
		last = c;
		at = end;
	}
	if (at == w->line.len)
		return at;
	if (possible > 0)
		return possible;
	if (decent > 0)
		return decent;
	return at > w->at ? at : cut_cluster(w);
}

bool
wrap_next(struct wrap *w, struct str *piece)
{
	while (w->at < w->line.len) {
		bool whole = !w->hard && w->breaks == NULL;
		size_t cut = whole ? w->line.len
		    : w->hard      ? cut_hard(w)
				   : cut_soft(w);
		struct str found = str_slice(w->line, w->at, cut);
		if (!w->hard)
			found = space_cut(found);
		if (!w->hard && w->at > 0)
			found = space_skip(found);
		w->at = cut;
		if (found.len > 0) {
			*piece = found;
			return true;
		}
	}
	return false;
}

enum err
text_fit(
    struct arena *arena, struct str line, unsigned columns, struct str *out)
{
	struct str copy, kept;

	if (fits(line, columns)) {
		*out = line;
		return OK;
	}
	kept = str_slice(
	    line, 0, columns == 0 ? 0 : fill_end(line, 0, columns - 1));
	kept = space_cut(kept);
	copy = arena_printf(
	    arena, "%.*s%s", STR_ARG(kept), columns == 0 ? "" : "\u2026");
	if (copy.data == NULL)
		return ERR_NOMEM;
	*out = copy;
	return OK;
}
