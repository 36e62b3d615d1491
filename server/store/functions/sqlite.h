/* SPDX-License-Identifier: ISC */
/*
 * SQLite as a function of ours sees it: linked into the server, or reached
 * through the table of routines that the stock shell hands to an extension.
 */
#ifndef GUIJU_STORE_FUNCTIONS_SQLITE_H
#define GUIJU_STORE_FUNCTIONS_SQLITE_H

#ifdef GUIJU_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

#endif
