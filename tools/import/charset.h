/* SPDX-License-Identifier: ISC */
/*
 * The encodings in which articles and tables come, and their conversion to
 * UTF-8. Old web pages name many encodings. Not all spreadsheets save UTF-8:
 * tables also come as GB18030 (GBK, GB2312), as BIG5-HKSCS or as UTF-16, which
 * only their bytes show.
 */
#ifndef GUIJU_TOOLS_IMPORT_CHARSET_H
#define GUIJU_TOOLS_IMPORT_CHARSET_H

#include "base/buf.h"
#include "base/str.h"

/* The encoding, as iconv(3) names it, of a name in the HTML standard: lower
 * case. NULL: it stands for UTF-8. A name that is not in the list is returned
 * as it is. */
const char *charset_named(const char *said);

/*
 * Find the encoding of a text that begins with these whole lines. UTF-16LE and
 * UTF-16BE are known by a byte order mark or by NULs beside line ends. GB18030
 * or BIG5-HKSCS is the answer if more lines are invalid UTF-8 than valid UTF-8;
 * lines of ASCII do not count. NULL: UTF-8.
 */
const char *charset_guess(struct str begin);

/* GB18030 or BIG5-HKSCS, if the bytes are common characters in this encoding
 * and make no sense in the other. NULL: neither, or the bytes are too few. */
const char *charset_chinese(struct str bytes);

/*
 * Append a whole text, converted to UTF-8. euro: the byte 80 is the euro sign,
 * as in the GBK of Windows. ERR_INPUT: the bytes do not fit the encoding, and
 * out has the part before; ERR_MISSING: this system does not know the encoding;
 * ERR_NOMEM.
 */
enum err charset_convert(
    const char *name, struct str bytes, bool euro, struct buf *out) MUST_CHECK;

/* Converts a text that comes in pieces. */
struct charset;

/* Begin to convert; name is a result of charset_guess(). ERR_MISSING: this
 * system does not know the encoding; ERR_NOMEM. */
enum err charset_open(const char *name, struct charset **out) MUST_CHECK;
/* Accepts NULL. */
void charset_close(struct charset *charset);

/*
 * Append bytes, converted to UTF-8. A character that is cut at the end waits
 * for the next call; last: there is no next call. Invalid bytes become the byte
 * FF, which is not UTF-8: the check of the line then refuses it. ERR_NOMEM.
 */
enum err charset_add(struct charset *charset, struct str bytes, bool last,
    struct buf *out) MUST_CHECK;

#endif
