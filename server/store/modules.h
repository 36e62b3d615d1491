/* SPDX-License-Identifier: ISC */
/*
 * Which modules of C this process adds to SQL: some of those that are compiled
 * in, by name, and SQLite's run-time loadable extensions of the system, by
 * absolute path (sqlite.org/loadext.html). They are one list for the process,
 * which serves one capsule; so SQLite itself has it, too (its "automatic
 * extensions").
 */
#ifndef GUIJU_STORE_MODULES_H
#define GUIJU_STORE_MODULES_H

#include "base/buf.h"
#include "base/str.h"

enum { MODULES_MAX = 16 };

/*
 * May a capsule have these? list: names and paths, with blanks between. A path
 * must be absolute, and root alone may be able to change the file and each
 * folder above it. ERR_INPUT: why gets one line; ERR_NOMEM.
 */
enum err modules_check(struct str list, struct buf *why) MUST_CHECK;

/*
 * From now on each connection that this process opens has these and no others.
 * Call it before the sandbox is entered: later no file can be loaded. Errors
 * are those of modules_check; ERR_INPUT also: a file is not an extension, or
 * its entry point fails. why is empty before.
 */
enum err modules_use(struct str list, struct buf *why) MUST_CHECK;

/* Does a module in use say that this text may be kept? */
bool modules_keep(struct str text);

/* SQLite's own switches, before it is used for the first time. */
void modules_configure(void);

#endif
