/* SPDX-License-Identifier: ISC */
/*
 * Reading a file as an article. article_read() finds out how it is written
 * and asks one of the four readers.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_READ_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_READ_H

#include "tools/import/article/article.h"

/*
 * Read a file. kind: how it is written, or ARTICLE_ANY to look. What is found
 * lives in arena. ERR_INPUT: the file is refused, why says with file and line
 * what is wrong; ERR_IO, ERR_NOMEM: why says so.
 */
enum err article_read(struct arena *arena, const struct customs *customs,
    const char *file, enum article_kind kind, struct article *out,
    struct buf *why) MUST_CHECK;

/* The same for a text at hand: in->text may be any bytes. */
enum err article_read_text(const struct reading *in, enum article_kind kind,
    struct article *out) MUST_CHECK;

/* "head", "html", "capture", "plain" and back; ARTICLE_ANY: no such name. */
const char *article_kind_name(enum article_kind kind);
enum article_kind article_kind_find(struct str name);

/* How is this written? Never ARTICLE_ANY. */
enum article_kind article_kind_of(
    const struct customs *customs, struct str text);

/*
 * The readers. in->text is UTF-8 without NUL. ERR_INPUT, ERR_NOMEM.
 */
enum err article_from_head(
    const struct reading *in, struct article *out) MUST_CHECK;
enum err article_from_html(
    const struct reading *in, struct article *out) MUST_CHECK;
enum err article_from_capture(
    const struct reading *in, struct article *out) MUST_CHECK;
enum err article_from_plain(
    const struct reading *in, struct article *out) MUST_CHECK;

/* Does a first line look like one of a head? Its key may be misspelt. */
bool head_is_line(const struct customs *customs, struct str line);

/* Does a text begin with a head all of whose keys are known? */
bool head_is_whole(const struct customs *customs, struct str text);

/* Refuse text with NUL or bytes that are no UTF-8, naming the line. */
enum err article_check_text(const struct reading *in) MUST_CHECK;

#endif
