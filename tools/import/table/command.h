/* SPDX-License-Identifier: ISC */
/* `guiju import TABLE` and `guiju import undo`. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H
#define GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H

#include "tools/command.h"

/* The forms of `guiju import`; argv[0] is the table's name, or "undo". */
extern const struct command import_table;
extern const struct command import_undo;

/* The end of the help of each form. */
extern const char import_statuses[];

#endif
