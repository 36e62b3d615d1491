/* SPDX-License-Identifier: ISC */
/*
 * What a reader has typed or pasted: one text for pages, whatever clipboard
 * it comes from.
 */
#ifndef GUIJU_BASE_INPUT_H
#define GUIJU_BASE_INPUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * The text as pages get it, in the arena. Every line end (CR LF, CR, VT, FF,
 * U+0085, U+2028, U+2029) becomes LF; a TAB stays, since it parts the cells of
 * a table. ERR_INPUT: *bad is the control character that cannot be meant, or
 * UTF8_BAD where the bytes are not UTF-8.
 */
enum err input_read(struct arena *arena, struct str text, struct str *out,
    uint32_t *bad) MUST_CHECK;

/* The first control character of a text, TAB and line ends too, or UTF8_BAD
 * where it is not UTF-8; false: it has neither. */
bool input_find_control(struct str text, uint32_t *bad);

/* Append how a control character is called: "U+0007 (BEL)", "U+009B". */
void input_add_name(struct buf *out, uint32_t control);

#endif
