/* SPDX-License-Identifier: ISC */
/*
 * The modules of C that this process adds to SQL. A module that is compiled in
 * is named by its name. SQLite's run-time loadable extensions
 * (sqlite.org/loadext.html) are named by absolute path. A process serves one
 * capsule, so it has one list of modules, which SQLite knows as its "automatic
 * extensions".
 */
#ifndef GUIJU_STORE_MODULES_H
#define GUIJU_STORE_MODULES_H

#include "base/buf.h"
#include "base/str.h"

enum { MODULES_MAX = 16 };

/*
 * May a capsule use these modules? list: names and paths, with blanks between.
 * A path must be absolute, and nobody but root may be able to change the file
 * or a folder above it. On failure why gets one line: ERR_INPUT, ERR_NOMEM.
 */
enum err modules_check(struct str list, struct buf *why) MUST_CHECK;

/*
 * From now on each connection that this process opens has these modules and no
 * others. Call this before the sandbox is entered: afterwards no file can be
 * loaded. why must be empty. Errors: those of modules_check(); ERR_INPUT also
 * when a file is not an extension or its entry point fails.
 */
enum err modules_use(struct str list, struct buf *why) MUST_CHECK;

/* Does a module in use allow this text to be stored? See keeps in struct
 * function_module. */
bool modules_keep(struct str text);

/* Configure SQLite for the process, before its first use. */
void modules_configure(void);

#endif
