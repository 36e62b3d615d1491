/* SPDX-License-Identifier: ISC */
/*
 * Bylines, 本报讯 (宋方义 黄 萍 记者 王 越): finding one at the beginning of
 * an article, and the names in it. Papers pad a name of two characters with a
 * space, so that it is as long as one of three in print; whoever searches
 * types it without.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_BYLINE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_BYLINE_H

#include "base/arena.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/*
 * Does this paragraph begin with a byline, or is it one? true: *byline is that
 * part, *rest what follows (empty: nothing). Both borrowed from paragraph.
 */
bool byline_find(const struct customs *customs, struct str paragraph,
    struct str *byline, struct str *rest);

/* A byline with its padded names closed up and its names apart; text is
 * clean. ERR_NOMEM. */
enum err byline_names(const struct customs *customs, struct arena *arena,
    struct str text, struct str *out) MUST_CHECK;

#endif
