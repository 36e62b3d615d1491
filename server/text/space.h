/* SPDX-License-Identifier: ISC */
/*
 * Blanks and line ends of every script, which is what a client may trim or
 * split at, and what a line must not hold.
 */
#ifndef GUIJU_TEXT_SPACE_H
#define GUIJU_TEXT_SPACE_H

#include "base/str.h"

/* White_Space of Unicode. */
bool space_is(uint32_t c);

/* s without leading (without trailing, without either) White_Space. */
struct str space_skip(struct str s);
struct str space_cut(struct str s);
struct str space_trim(struct str s);

/* Is s a line as utf8_add_line() would leave it: UTF-8 without control or
 * invisible characters and line ends? */
bool text_is_clean(struct str s);

/*
 * Cut the first line off *rest. CR LF, CR, LF, VT, FF, NEL, LINE SEPARATOR
 * and PARAGRAPH SEPARATOR each end a line. false: *rest was empty, *line is
 * untouched; an end at the very end of the text makes no empty last line.
 */
bool space_next_line(struct str *rest, struct str *line);

#endif
