/* SPDX-License-Identifier: ISC */
/*
 * Accounts: readers who are known by their client certificates. The schema of
 * accounts is the engine's, so that all capsules keep the same rules; each
 * capsule has its own pages. guiju-pages(7) describes the tables and the rules.
 *
 *   tables.sql  the tables, which are kept
 *   rules.sql   views and triggers; dropped and made anew when their text has
 *               changed (store/schema.h)
 */
#ifndef GUIJU_STORE_ACCOUNTS_ACCOUNTS_H
#define GUIJU_STORE_ACCOUNTS_ACCOUNTS_H

#include <stdbool.h>

#include "base/str.h"

/* Have databases of this process accounts? Called before the process opens a
 * database; initially false. */
void accounts_use(bool on);
bool accounts_are_on(void);

/* The statements that make the tables. A NUL follows the last byte. */
struct str accounts_tables(void);
/* The statements that make the views and triggers. A NUL follows. */
struct str accounts_rules(void);

#endif
