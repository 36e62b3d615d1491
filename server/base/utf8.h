/* SPDX-License-Identifier: ISC */
/*
 * UTF-8, and which characters are allowed where. Text from outside is checked
 * once by utf8_valid(); later code relies on that.
 * Source: Unicode 15, chapter 3.9 (well-formed sequences), UAX 9 (bidi).
 */
#ifndef GUIJU_BASE_UTF8_H
#define GUIJU_BASE_UTF8_H

#include <stdarg.h>

#include "base/buf.h"
#include "base/str.h"

#define UTF8_BAD 0xFFFFFFFFu     /* utf8_next()'s result for a bad byte */
#define UTF8_REPLACEMENT 0xFFFDu /* U+FFFD */
#define UTF8_MARK "\xEF\xBB\xBF" /* U+FEFF, the byte order mark */

/* Is all of s well-formed: no overlong form, surrogate or cut sequence? */
bool utf8_valid(struct str s);

/* The slow path of utf8_next(): the first byte is not ASCII. */
uint32_t utf8_next_beyond_ascii(struct str *rest);

/*
 * Take one character off *rest, which must not be empty. A byte that does not
 * begin a well-formed sequence is taken alone and gives UTF8_BAD.
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

/* Is c a control character: C0 (TAB, CR and LF too), DEL or C1? */
bool utf8_is_control(uint32_t c);
/*
 * Does c show nothing, or change how other characters are shown? These are bidi
 * marks, embeddings, overrides and isolates, zero-width space and joiners, word
 * joiner, BOM, interlinear marks, tags, noncharacters.
 */
bool utf8_is_invisible(uint32_t c);
/* Is c CR, LF, VT, FF, NEL, LINE SEPARATOR or PARAGRAPH SEPARATOR? */
bool utf8_is_line_end(uint32_t c);

/* The longest prefix of s that has at most max bytes and whole characters. */
struct str utf8_cut(struct str s, size_t max);

/* Write a message to out, which has size bytes (at least 4), as vsnprintf(3)
 * does. A message that does not fit is cut behind a whole character. Returns
 * the message, which a NUL follows; empty: the format failed. */
struct str utf8_message(
    char *out, size_t size, const char *format, va_list args) PRINTF_LIKE(3, 0);
/* Characters (code points) in s. */
size_t utf8_count(struct str s);

/* The number of bytes at the beginning of s that utf8_add_line() does not
 * change; usually s.len. */
size_t utf8_clean_len(struct str s);

/*
 * Append s as one clean line for a reader. A run of line ends and controls
 * becomes one space, invisible characters are removed, and a byte that is not
 * UTF-8 becomes U+FFFD. So s cannot add a header, a second line or an escape
 * sequence.
 */
void utf8_add_line(struct buf *out, struct str s);

/*
 * Append s for a log: printable ASCII as it is, `\` as `\\`, every other byte
 * as \xNN. At most max bytes are appended; a text that was cut ends in "...".
 */
void utf8_add_log(struct buf *out, struct str s, size_t max);

#endif
