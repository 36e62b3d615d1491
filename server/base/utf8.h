/* SPDX-License-Identifier: ISC */
/*
 * UTF-8 and which of its characters may go where. Text is checked once at the
 * border with utf8_valid(); after that it may be read without looking back.
 * Source: Unicode 15, chapter 3.9 (well-formed sequences), UAX 9 (bidi).
 */
#ifndef GUIJU_BASE_UTF8_H
#define GUIJU_BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

#define UTF8_BAD 0xFFFFFFFFu     /* what utf8_next gives for a bad byte */
#define UTF8_REPLACEMENT 0xFFFDu /* U+FFFD */
#define UTF8_MARK "\xEF\xBB\xBF" /* U+FEFF, the byte order mark */

/* Well-formed all through: no overlong form, surrogate or cut sequence. */
bool utf8_valid(struct str s);

/* What utf8_next() does where the first byte is no ASCII. */
uint32_t utf8_next_beyond_ascii(struct str *rest);

/*
 * Take one character off *rest, which must not be empty. A byte that begins
 * no well-formed sequence is taken alone and gives UTF8_BAD.
 */
static inline uint32_t
utf8_next(struct str *rest)
{
	const unsigned char first = (unsigned char)*rest->data;

	if (first >= 0x80)
		return utf8_next_beyond_ascii(rest);
	rest->data++;
	rest->len--;
	return first;
}

/* Append one character (UTF8_BAD and surrogates become U+FFFD). */
void utf8_add(struct buf *out, uint32_t c);

/* C0 (with TAB, CR, LF), DEL and C1. */
bool utf8_is_control(uint32_t c);
/*
 * Characters that change how others are shown or show nothing: bidi marks,
 * embeddings, overrides and isolates, zero-width space and joiners, word
 * joiner, BOM, interlinear marks, tags, noncharacters.
 */
bool utf8_is_invisible(uint32_t c);
/* CR, LF, VT, FF, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR. */
bool utf8_is_line_end(uint32_t c);

/* The longest prefix of s of at most max bytes that cuts no character. */
struct str utf8_cut(struct str s, size_t max);
/* Characters (code points) in s. */
size_t utf8_count(struct str s);

/* How many bytes of s, from its beginning, utf8_add_line() leaves as they
 * are. Usually all of them. */
size_t utf8_clean_len(struct str s);

/*
 * Append s as one line for a reader: line ends and controls become one space,
 * invisible characters and bytes that are no UTF-8 vanish or become U+FFFD
 * (bad bytes). What comes out can be no header, no second line, no escape.
 */
void utf8_add_line(struct buf *out, struct str s);

/*
 * Append s for a log: printable ASCII as it is, `\` as `\\`, every other byte
 * as \xNN. Never more than max bytes; what is cut ends in "...".
 */
void utf8_add_log(struct buf *out, struct str s, size_t max);

#endif
