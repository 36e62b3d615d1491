/* SPDX-License-Identifier: ISC */
/*
 * In which encoding a file is written: by its mark, by what a page says of
 * itself, by what its bytes can be. What was guessed is noted.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_DECODE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_DECODE_H

#include "tools/import/article/article.h"

/*
 * Give in->text as UTF-8 without a mark and without NUL, borrowed from it or
 * from out. page: it is HTML, and its meta elements count (HTML standard,
 * 13.2.3.2, but that no page may call bytes by a name that they do not bear
 * out). ERR_INPUT: no encoding fits, and why says on which line; ERR_NOMEM.
 */
enum err decode(const struct reading *in, bool page, struct buf *out,
    struct str *text) MUST_CHECK;

/* html_charset.c: the next encoding that a page says it is written in, taken
 * off *rest, in small letters and NUL-terminated; false: none. */
enum { CHARSET_NAME_MAX = 32 };
bool html_charset(struct str *rest, char name[CHARSET_NAME_MAX]);

#endif
