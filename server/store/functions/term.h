/* SPDX-License-Identifier: ISC */
/*
 * Which words may be kept. What readers type may be anything, also what they
 * did not mean to type here: so a term is short, folded, and nothing that
 * looks like an address, a telephone or identity number, or a token.
 */
#ifndef GUIJU_STORE_FUNCTIONS_TERM_H
#define GUIJU_STORE_FUNCTIONS_TERM_H

#include "base/buf.h"
#include "base/str.h"

enum { TERM_MAX_CHARACTERS = 64, TERM_MAX_BYTES = 4 * TERM_MAX_CHARACTERS };

/*
 * Append text as a term: folded (fold.h), one blank between words. false:
 * it is none, and out is not to be used. That is what has no letter or digit,
 * or more than TERM_MAX_CHARACTERS; an `@` or `://`; a token: 20 letters,
 * digits, `-` and `_` in a row with a digit among them; and seven digits with
 * at most blanks, dots, dashes, slashes and brackets between, unless keeps (may
 * be NULL) knows the term as a public number.
 */
bool term_clean(
    struct buf *out, struct str text, bool (*keeps)(struct str term));

#endif
