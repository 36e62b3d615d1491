/* SPDX-License-Identifier: ISC */
/*
 * Finds the encoding of a file and converts it to UTF-8. The byte order mark
 * comes first, then the encoding that a page names, then a guess by the bytes.
 * A guess leaves a note for the operator.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_DECODE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_DECODE_H

#include "tools/import/article/article.h"

/*
 * Convert in->text to UTF-8 without a byte order mark and without NUL. *text
 * borrows from in->text or from out. page: the text is HTML, and its meta
 * elements count (HTML standard, 13.2.3.2; unlike there, a named encoding is
 * ignored if the bytes do not fit it). ERR_INPUT: no encoding fits, and in->why
 * names the line; ERR_NOMEM.
 */
enum err decode(const struct reading *in, bool page, struct buf *out,
    struct str *text) MUST_CHECK;

/* html/charset.c: take the next encoding that a page names off *rest. name gets
 * it in lower case, NUL-terminated. False: the page names no further one. */
enum { CHARSET_NAME_MAX = 32 };
bool html_charset(struct str *rest, char name[CHARSET_NAME_MAX]);

#endif
