/* SPDX-License-Identifier: ISC */
/* The difference of two texts, line by line, for a person. */
#ifndef GUIJU_TOOLS_DIFFERENCE_H
#define GUIJU_TOOLS_DIFFERENCE_H

#include "base/buf.h"

/*
 * Append the removed lines behind "  - " and the added lines behind "  + ", in
 * their order; each is one clean line. Of more than 200 lines, the first are
 * shown, and the number of the others. Equal texts append nothing. When out of
 * memory, less is shown, or nothing.
 */
void difference_add(struct buf *out, struct str before, struct str after);

#endif
