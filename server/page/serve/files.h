/* SPDX-License-Identifier: ISC */
/* What is wrong with static files, for `guiju check`. */
#ifndef GUIJU_PAGE_SERVE_FILES_H
#define GUIJU_PAGE_SERVE_FILES_H

#include "page/compile/findings.h"
#include "page/run/site_parts.h"

/*
 * Look into every file below static/ that goes out as text: tell of one that
 * is not UTF-8, which its type says it is, and of a byte order mark, which
 * hides the type of a gemtext's first line. ERR_NOMEM.
 */
enum err files_check(
    const struct site *site, struct findings *findings) MUST_CHECK;

#endif
