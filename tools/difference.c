/* SPDX-License-Identifier: ISC */
/*
 * Finds the difference of two texts: the longest common subsequence of their
 * lines between the first and the last change, by the textbook table (dynamic
 * programming). If the table would be too large, all of these lines count as
 * changed.
 */
#include "tools/difference.h"

#include "base/utf8.h"
#include "text/space.h"

enum {
	LINES_MAX = 2000, /* on each side of the table */
	SHOWN_MAX = 200   /* lines of a difference */
};

struct lines {
	struct str *list;
	size_t count;
};

struct difference {
	struct buf *out;
	size_t shown, left;
};

static void
show_line(struct difference *d, char sign, struct str line)
{
	if (d->shown == SHOWN_MAX) {
		d->left++;
		return;
	}
	d->shown++;
	buf_printf(d->out, "  %c ", sign);
	utf8_add_line(d->out, line);
	buf_char(d->out, '\n');
}

static bool
split(struct str text, struct lines *out)
{
	struct str line;

	out->count = 0;
	out->list = calloc(space_count_lines(text) + 1, sizeof(*out->list));
	if (out->list == NULL)
		return false;
	while (space_next_line(&text, &line))
		out->list[out->count++] = line;
	return true;
}

/* Leave out the lines that both texts begin with, and end with. */
static void
trim(struct lines *a, struct lines *b)
{
	while (
	    a->count > 0 && b->count > 0 && str_equal(a->list[0], b->list[0])) {
		a->list++;
		a->count--;
		b->list++;
		b->count--;
	}
	while (a->count > 0 && b->count > 0 &&
	    str_equal(a->list[a->count - 1], b->list[b->count - 1])) {
		a->count--;
		b->count--;
	}
}

static void
show_all(struct difference *d, const struct lines *a, const struct lines *b)
{
	for (size_t i = 0; i < a->count; i++)
		show_line(d, '-', a->list[i]);
	for (size_t i = 0; i < b->count; i++)
		show_line(d, '+', b->list[i]);
}

/* Make the table: how many lines a[i..] and b[k..] have in common, in order. */
static unsigned short *
make_table(const struct lines *a, const struct lines *b)
{
	size_t width = b->count + 1;
	unsigned short *table =
	    calloc((a->count + 1) * width, sizeof(unsigned short));

	for (size_t i = a->count; table != NULL && i-- > 0;)
		for (size_t k = b->count; k-- > 0;) {
			unsigned short down = table[(i + 1) * width + k];
			unsigned short right = table[i * width + k + 1];
			table[i * width + k] = str_equal(a->list[i], b->list[k])
			    ? (unsigned short)(table[(i + 1) * width + k + 1] +
				  1)
			    : down > right ? down
					   : right;
		}
	return table;
}

static void
show_between(struct difference *d, const struct lines *a, const struct lines *b)
{
	size_t i = 0, k = 0, width = b->count + 1;
	unsigned short *table = a->count <= LINES_MAX && b->count <= LINES_MAX
	    ? make_table(a, b)
	    : NULL;

	if (table == NULL) {
		show_all(d, a, b);
		return;
	}
	while (i < a->count || k < b->count) {
		if (i < a->count && k < b->count &&
		    str_equal(a->list[i], b->list[k])) {
			i++;
			k++;
		} else if (k == b->count ||
		    (i < a->count &&
			table[(i + 1) * width + k] >=
			    table[i * width + k + 1])) {
			show_line(d, '-', a->list[i++]);
		} else {
			show_line(d, '+', b->list[k++]);
		}
	}
	free(table);
}

void
difference_add(struct buf *out, struct str before, struct str after)
{
	struct difference d = {.out = out};
	struct lines a = {0}, b = {0}, from, to;

	if (!str_equal(before, after) && split(before, &a) &&
	    split(after, &b)) {
		from = a;
		to = b;
		trim(&from, &to);
		show_between(&d, &from, &to);
	}
	if (d.left > 0)
		buf_printf(out, "  ... and %zu lines more\n", d.left);
	free(a.list);
	free(b.list);
}
