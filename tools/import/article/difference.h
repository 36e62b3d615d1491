/* SPDX-License-Identifier: ISC */
/* What has changed between two texts, line by line. */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_DIFFERENCE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_DIFFERENCE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Append the lines that were taken away, behind "  - ", and those that came,
 * behind "  + ", in their order; each is one clean line. Of very many only the
 * first are shown, and how many follow. Nothing, if the texts are the same.
 * Where memory is out, nothing or less is shown.
 */
void difference_add(struct buf *out, struct str before, struct str after);

#endif
