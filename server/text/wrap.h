/* SPDX-License-Identifier: ISC */
/*
 * Display width and line breaking (UAX 11, UAX 14), the same on each system:
 * East Asian wide characters count two columns, no line begins with a closing
 * mark (，。、》) or ends with an opening one (《（). All texts are lines of
 * valid UTF-8 without control characters.
 *
 * The unit is the grapheme cluster (UAX 29). A cluster is cut only if it is
 * wider than a line. A cluster has at least one column and at most 64 bytes, so
 * a narrow line is also short in bytes.
 */
#ifndef GUIJU_TEXT_WRAP_H
#define GUIJU_TEXT_WRAP_H

#include "base/arena.h"
#include "base/str.h"

/* The number of columns of a line on a terminal. */
unsigned text_width(struct str line);

/* A line that is being broken into pieces. */
struct wrap {
	struct str line;
	char *breaks; /* as breaks_find() sets them; NULL: the line fits */
	size_t at;
	unsigned columns;
	bool hard;
};

/*
 * Begin to break a line into pieces of at most `columns` columns (at least 2;
 * 0: no limit). The line is borrowed until the last wrap_next(). Time and
 * memory of the arena are proportional to the line's length. ERR_NOMEM.
 */
enum err wrap_begin(struct wrap *w, struct arena *arena, struct str line,
    unsigned columns) MUST_CHECK;
/* The same for a preformatted line: each piece but the last has as many columns
 * as fit, and blanks stay. Cannot fail. */
void wrap_begin_hard(struct wrap *w, struct str line, unsigned columns);

/*
 * The next piece, borrowed from the line. It is not empty and does not have the
 * blanks at the break. Text without a place to break, such as a long URL, is
 * cut between clusters. false: no piece is left. An empty line has no pieces.
 */
bool wrap_next(struct wrap *w, struct str *piece);

/* Cut a line to `columns` between clusters; a line that was cut ends in "…". A
 * line that fits is given back unchanged. ERR_NOMEM. */
enum err text_fit(struct arena *arena, struct str line, unsigned columns,
    struct str *out) MUST_CHECK;

#endif
