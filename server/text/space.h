/* SPDX-License-Identifier: ISC */
/* Blanks and line ends of every script: what a client may trim or split at. */
#ifndef GUIJU_TEXT_SPACE_H
#define GUIJU_TEXT_SPACE_H

#include "base/str.h"

/* White_Space of Unicode. */
bool space_is(uint32_t c);

/* s without leading (without trailing, without either) White_Space. */
struct str space_skip(struct str s);
struct str space_cut(struct str s);
struct str space_trim(struct str s);

/*
 * Cut the first line off *rest. CR LF, CR, LF, VT, FF, NEL, LINE SEPARATOR
 * and PARAGRAPH SEPARATOR each end a line. false: *rest was empty, *line is
 * untouched; an end at the very end of the text makes no empty last line.
 */
bool space_next_line(struct str *rest, struct str *line);

#endif
