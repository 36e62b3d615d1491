/* SPDX-License-Identifier: ISC */
/*
 * Display width and line breaking (UAX 11, UAX 14), the same on each system:
 * East Asian wide characters count two columns, no line begins with a closing
 * mark (，。、》) or ends with an opening one (《（). All texts are lines of
 * valid UTF-8 without control characters.
 *
 * The unit is the grapheme cluster (UAX 29), which is never cut unless it is
 * wider than a line. A cluster counts one column at least, and no cluster is
 * longer than 64 bytes, so a narrow line is a short one in bytes too.
 */
#ifndef GUIJU_TEXT_WRAP_H
#define GUIJU_TEXT_WRAP_H

#include "base/arena.h"
#include "base/str.h"

/* Columns that a line takes on a terminal. */
unsigned text_width(struct str line);

/* Breaking one line, from its beginning to its end. */
struct wrap {
	struct str line;
	char *breaks; /* as breaks_find() sets them; NULL: the line fits */
	size_t at;
	unsigned columns;
	bool hard;
};

/*
 * Make ready to break a line (borrowed until the last wrap_next) into pieces
 * of at most `columns` columns (at least 2; 0: any number). Takes time and
 * arena in proportion to the line's length. ERR_NOMEM.
 */
enum err wrap_begin(struct wrap *w, struct arena *arena, struct str line,
    unsigned columns) MUST_CHECK;
/* The same for a preformatted line: cut where the columns end and nowhere
 * else; blanks stay. Cannot fail. */
void wrap_begin_hard(struct wrap *w, struct str line, unsigned columns);

/*
 * The next piece (borrowed from the line), never empty, without the blanks at
 * the break. What cannot be broken, such as a long URL, is cut at a cluster.
 * false: there is none left; an empty line has none at all.
 */
bool wrap_next(struct wrap *w, struct str *piece);

/* line cut to `columns` at a cluster, "…" at its end if anything is gone.
 * A line that fits is given back as it is. ERR_NOMEM. */
enum err text_fit(struct arena *arena, struct str line, unsigned columns,
    struct str *out) MUST_CHECK;

#endif
