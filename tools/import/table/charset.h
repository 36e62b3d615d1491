/* SPDX-License-Identifier: ISC */
/*
 * Spreadsheets do not all save UTF-8: a table comes as GB18030 (GBK, GB2312)
 * or as UTF-16 as well. Which of them is told from its beginning.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_CHARSET_H
#define GUIJU_TOOLS_IMPORT_TABLE_CHARSET_H

#include "base/buf.h"
#include "base/str.h"

/*
 * What a text that begins with these whole lines is written in. Its mark says
 * it, or NULs beside its line ends (UTF-16LE, UTF-16BE). GB18030 or BIG5-HKSCS
 * if more lines are no UTF-8 than are (those of ASCII do not count); or else
 * NULL, which is UTF-8.
 */
const char *charset_guess(struct str begin);

/* GB18030 or BIG5-HKSCS, if the bytes are common characters in the one and
 * nothing sensible in the other; NULL: too few to tell, or neither. */
const char *charset_chinese(struct str bytes);

struct charset;

/* A name from charset_guess(). ERR_MISSING: unknown here; ERR_NOMEM. */
enum err charset_open(const char *name, struct charset **out) MUST_CHECK;
/* Accepts NULL. */
void charset_close(struct charset *charset);

/*
 * Append bytes in UTF-8; a character that is cut waits for the next call,
 * unless this is the last. What is none becomes the byte FF, so that whoever
 * checks a line refuses it. ERR_NOMEM.
 */
enum err charset_add(struct charset *charset, struct str bytes, bool last,
    struct buf *out) MUST_CHECK;

#endif
