/* SPDX-License-Identifier: ISC */
/*
 * Which tables a capsule takes: those with a script in its folder import/.
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_TABLES_H
#define GUIJU_TOOLS_IMPORT_TABLE_TABLES_H

#include <stdbool.h>

/* Does the capsule say how to import this? */
bool tables_has(const char *capsule, const char *name);

/* Complain that it does not, and say which tables there are. */
void tables_complain(const char *capsule, const char *name);

#endif
