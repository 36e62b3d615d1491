/* SPDX-License-Identifier: ISC */
/* Blanks and line ends of all scripts: where a client may trim or split. */
#ifndef GUIJU_TEXT_SPACE_H
#define GUIJU_TEXT_SPACE_H

#include "base/str.h"

/* Has c Unicode's property White_Space? */
bool space_is(uint32_t c);

/* s without leading, without trailing, without both White_Space. */
struct str space_skip(struct str s);
struct str space_cut(struct str s);
struct str space_trim(struct str s);

/*
 * Cut the first line off *rest. CR LF, CR, LF, VT, FF, NEL, LINE SEPARATOR and
 * PARAGRAPH SEPARATOR each end a line. A line end at the very end of the text
 * does not make an empty last line. false: *rest was empty, and *line is
 * untouched.
 */
bool space_next_line(struct str *rest, struct str *line);
/* How many lines does space_next_line() find in text? */
size_t space_count_lines(struct str text);

#endif
