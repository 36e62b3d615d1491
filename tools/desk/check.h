/* SPDX-License-Identifier: ISC */
/* The check of a capsule's desk/ for `guiju check`. */
#ifndef GUIJU_TOOLS_DESK_CHECK_H
#define GUIJU_TOOLS_DESK_CHECK_H

#include <sqlite3.h>

#include "base/buf.h"

/* Compile every verb of desk/. ERR_INPUT: there are mistakes, and why gets a
 * line for each. A capsule need not have the folder. */
enum err desk_check(
    sqlite3 *db, const char *capsule, struct buf *why) MUST_CHECK;

#endif
