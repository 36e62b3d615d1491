/* SPDX-License-Identifier: ISC */
/* Attachments: files below the capsule's static folder. */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_ATTACHMENT_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_ATTACHMENT_H

#include "tools/import/article/article.h"

/*
 * See that each attachment of an article is a file below CAPSULE/static, and
 * fill in its type, its size and, where none was given, its label. ERR_INPUT:
 * one is not; why says so with file and line. ERR_NOMEM.
 */
enum err attachment_check(struct arena *arena, const char *capsule,
    struct article *article, struct buf *why) MUST_CHECK;

#endif
