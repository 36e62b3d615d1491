/* SPDX-License-Identifier: ISC */
/*
 * Display width and line breaking (UAX 11, UAX 14), by libunistring: East
 * Asian wide characters count two columns, no line begins with a closing
 * mark (，。、》) or ends with an opening one (《（).
 */
#ifndef GUIJU_TEXT_WRAP_H
#define GUIJU_TEXT_WRAP_H

#include "base/arena.h"
#include "base/str.h"

/* Columns that one line of valid UTF-8 takes on a terminal. */
unsigned text_width(struct str line);

/*
 * The longest prefix of *rest of at most `columns` columns that may stand on
 * a line of its own, taken off *rest together with the blanks at the break.
 * What cannot be broken (a long URL) is cut at a grapheme. false: *rest was
 * empty.
 *
 * For one long line call wrap_begin() once and wrap_next() until false.
 */
struct wrap {
	struct str rest;
	char *breaks; /* one UC_BREAK_* for each byte of the line */
	size_t at;
	unsigned columns;
};
enum err wrap_begin(struct wrap *w, struct arena *arena, struct str line,
    unsigned columns) MUST_CHECK;
bool wrap_next(struct wrap *w, struct str *line);

/* line cut to `columns` at a grapheme, "…" at its end if anything is gone. */
enum err text_fit(struct arena *arena, struct str line, unsigned columns,
    struct str *out) MUST_CHECK;

#endif
