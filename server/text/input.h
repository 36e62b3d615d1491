/* SPDX-License-Identifier: ISC */
/*
 * Text that a reader has typed or pasted, brought into one form for pages,
 * whatever program it was copied from.
 */
#ifndef GUIJU_TEXT_INPUT_H
#define GUIJU_TEXT_INPUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * Copy text into the arena as pages get it. Every line end (CR LF, CR, VT, FF,
 * U+0085, U+2028, U+2029) becomes LF. A TAB stays, because it separates the
 * cells of a table. ERR_INPUT: *bad is a control character that is not allowed,
 * or UTF8_BAD where the bytes are not UTF-8.
 */
enum err input_read(struct arena *arena, struct str text, struct str *out,
    uint32_t *bad) MUST_CHECK;

/* Find the first control character of a text (TAB and line ends count), or
 * UTF8_BAD where the text is not UTF-8. false: the text has neither. */
bool input_find_control(struct str text, uint32_t *bad);

/* Append the name of a control character: "U+0007 (BEL)", "U+009B". */
void input_add_name(struct buf *out, uint32_t control);

#endif
