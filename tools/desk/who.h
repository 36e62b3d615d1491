/* SPDX-License-Identifier: ISC */
#ifndef GUIJU_TOOLS_DESK_WHO_H
#define GUIJU_TOOLS_DESK_WHO_H

#include "base/buf.h"

enum { WHO_MAX = 400 }; /* bytes */

/* Append who uses this program, for a log: the process's user and, where the
 * system keeps it, the user who has logged in. One clean line. */
void who_add(struct buf *out);

#endif
