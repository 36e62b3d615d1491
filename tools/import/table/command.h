/* SPDX-License-Identifier: ISC */
/* `guiju import TABLE` and `guiju import undo`. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H
#define GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H

#include <sqlite3.h>

#include "tools/command.h"

/* The forms of `guiju import`; argv[0] is the table's name, or "undo". */
extern const struct command import_table;
extern const struct command import_undo;

/* Does the capsule say how to import this table? */
bool tables_has(const char *capsule, const char *name);
/* Report that the capsule has no such table, and which tables it has. */
void tables_complain(const char *capsule, const char *name);
/* The word behind `guiju import` that is most like name: a table of the capsule
 * in ./capsule, "article" or "undo". NULL: none is. Valid until the next call.
 */
const char *tables_nearest(const char *name);
/* Append the tables of the capsule in ./capsule, each with the first line of
 * the comment in its script. */
void tables_add_help(struct buf *out);

/* Compile the scripts of all tables, and undo.sql if the capsule has it, on db.
 * why gets a line "file:line: message" per table whose scripts have a mistake;
 * a mistake in a script that several tables share stands there several times.
 * ERR_*: there is a line in why, or memory is out. */
enum err tables_check(
    sqlite3 *db, const char *capsule, struct buf *why) MUST_CHECK;

/* The end of the help of each form. */
extern const char import_statuses[];

#endif
