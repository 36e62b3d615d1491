/* SPDX-License-Identifier: ISC */
/*
 * Finds the encoding of a table by its beginning, and converts it to UTF-8. Not
 * all spreadsheets save UTF-8: tables also come as GB18030 (GBK, GB2312), as
 * BIG5-HKSCS or as UTF-16.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_CHARSET_H
#define GUIJU_TOOLS_IMPORT_TABLE_CHARSET_H

#include "base/buf.h"
#include "base/str.h"

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
