/* SPDX-License-Identifier: ISC */
/*
 * Reads a file as an article. article_read() finds the form of the file and
 * calls one of the four readers.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_READ_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_READ_H

#include "tools/import/article/article.h"

/*
 * Read a file. kind: the form of the file; ARTICLE_ANY: the content tells. The
 * article lives in arena. ERR_INPUT: the file is refused, and why says what is
 * wrong, with file and line; ERR_IO, ERR_NOMEM: why gets one line.
 */
enum err article_read(struct arena *arena, const struct customs *customs,
    const char *file, enum article_kind kind, struct article *out,
    struct buf *why) MUST_CHECK;

/* Read a text as article_read() reads a file; in->text may hold any bytes. */
enum err article_read_text(const struct reading *in, enum article_kind kind,
    struct article *out) MUST_CHECK;

/* The name of a form ("head", "html", "capture", "plain"), and the form of a
 * name; ARTICLE_ANY: there is no such name. */
const char *article_kind_name(enum article_kind kind);
enum article_kind article_kind_find(struct str name);

/* Find the form of a text; never ARTICLE_ANY. */
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

/* Does this first line look like a line of a head? Its key may be misspelt. */
bool head_is_line(const struct customs *customs, struct str line);

/* Does a text begin with a head all of whose keys are known? */
bool head_is_whole(const struct customs *customs, struct str text);

#endif
