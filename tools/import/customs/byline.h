/* SPDX-License-Identifier: ISC */
/*
 * Finds the byline at the beginning of an article, and the names in it: 本报讯
 * (宋方义 黄 萍 记者 王 越). Newspapers pad a name of two characters with a
 * space, so that in print it is as long as a name of three. A reader who
 * searches types the name without the space.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_BYLINE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_BYLINE_H

#include "base/arena.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/*
 * Does this paragraph begin with a byline? True: *byline is the byline, and
 * *rest the text behind it, which may be empty. Both are borrowed from
 * paragraph.
 */
bool byline_find(const struct customs *customs, struct str paragraph,
    struct str *byline, struct str *rest);

/* Write a byline without the padding inside names, and with one space between
 * names. text is clean; *out lives in arena. ERR_NOMEM. */
enum err byline_names(const struct customs *customs, struct arena *arena,
    struct str text, struct str *out) MUST_CHECK;

#endif
