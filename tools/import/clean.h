/* SPDX-License-Identifier: ISC */
/*
 * Cleaning: text from old pages, word processors and pasteboards into text
 * that can be stored. What goes is what nobody meant to write: control and
 * invisible characters, padding made of no-break and ideographic spaces.
 */
#ifndef GUIJU_TOOLS_IMPORT_CLEAN_H
#define GUIJU_TOOLS_IMPORT_CLEAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Space of any kind: ASCII's, U+00A0, U+3000, the U+2000 family, TAB. */
bool clean_is_space(uint32_t c);
/* A Chinese character (the ideographs of Unicode 15, without punctuation). */
bool clean_is_ideograph(uint32_t c);

/*
 * Append s as one line: controls and invisible characters vanish, runs of
 * space become one, none is left at the ends. A line end counts as space, but
 * not between two Chinese characters (it was put there to wrap the text).
 */
void clean_line(struct buf *out, struct str s);
/* The same into an arena. ERR_NOMEM. */
enum err clean_str(
    struct arena *arena, struct str s, struct str *out) MUST_CHECK;

/*
 * What two lines are compared by: letters, digits and ideographs only, ASCII
 * letters small. ERR_NOMEM.
 */
enum err clean_key(
    struct arena *arena, struct str s, struct str *out) MUST_CHECK;

/* Would a gemtext client take this line of plain text for markup? (gemtext
 * specification 0.24: line types) */
bool clean_is_markup(struct str line);
/* Append a line of plain text: U+200B goes before what would be markup. */
void clean_add_guarded(struct buf *out, struct str line);

/* Append a line of a preformatted group: what shows nothing goes, but for
 * blanks and TABs. */
void clean_preformatted(struct buf *out, struct str line);

/*
 * Clean a whole gemtext: line by line, meaning kept. Blank lines at both ends
 * go, two or more in a row become one (not inside a preformatted group), an
 * open group is closed.
 */
void clean_gemtext(struct buf *out, struct str text);

/* If *rest begins with what (with one of n), take that off. */
bool clean_take(struct str *rest, const char *what);
bool clean_take_any(struct str *rest, const char *const *list, size_t n);
/* The same for a colon, in ASCII or full width. */
bool clean_take_colon(struct str *rest);

#endif
