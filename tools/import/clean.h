/* SPDX-License-Identifier: ISC */
/*
 * Cleans text from old pages, word processors and clipboards before it is
 * stored. Cleaning removes what no author meant to write: control characters,
 * invisible characters, and padding made of no-break and ideographic spaces.
 */
#ifndef GUIJU_TOOLS_IMPORT_CLEAN_H
#define GUIJU_TOOLS_IMPORT_CLEAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Is this a space of any kind: ASCII, TAB, U+00A0, U+3000, U+2000 and its like?
 */
bool clean_is_space(uint32_t c);
/* Is this a Chinese character (an ideograph of Unicode 15; no punctuation)? */
bool clean_is_ideograph(uint32_t c);

/*
 * Append s as one line. Control and invisible characters are removed, a run of
 * spaces becomes one space, and both ends lose their spaces. A line end counts
 * as a space; between two Chinese characters it is removed, because it only
 * wrapped the text.
 */
void clean_line(struct buf *out, struct str s);
/* Clean s as clean_line() does; *out lives in the arena. ERR_NOMEM. */
enum err clean_str(
    struct arena *arena, struct str s, struct str *out) MUST_CHECK;

/*
 * Make a key by which two lines are compared: letters, digits and ideographs
 * only, with ASCII letters in lower case. *out lives in the arena. ERR_NOMEM.
 */
enum err clean_key(
    struct arena *arena, struct str s, struct str *out) MUST_CHECK;

/* Would a gemtext client take this line of plain text for markup? (gemtext
 * specification 0.24: line types) */
bool clean_is_markup(struct str line);
/* Append a line of plain text. A line that would be markup gets U+200B (zero
 * width space) in front, which guards it. */
void clean_add_guarded(struct buf *out, struct str line);

/* Append a line of a preformatted group. Control and invisible characters are
 * removed; blanks and TABs stay; U+00A0 becomes a blank. */
void clean_preformatted(struct buf *out, struct str line);

/*
 * Append a whole gemtext, cleaned line by line; its markup keeps its meaning.
 * Blank lines at both ends are removed. Outside a preformatted group, two or
 * more blank lines in a row become one. A group that is open at the end is
 * closed.
 */
void clean_gemtext(struct buf *out, struct str text);

/* If *rest begins with `what` (or with one of the n texts of a list), take it
 * off. True: it was taken off. */
bool clean_take(struct str *rest, const char *what);
bool clean_take_any(struct str *rest, const char *const *list, size_t n);
/* If *rest begins with a colon, in ASCII or full width, take it off. */
bool clean_take_colon(struct str *rest);

#endif
