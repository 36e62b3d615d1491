/* SPDX-License-Identifier: ISC */
/* The database of a portal, opened for an import. */
#ifndef GUIJU_TOOLS_IMPORT_DATABASE_H
#define GUIJU_TOOLS_IMPORT_DATABASE_H

#include <stdbool.h>

#include "run/config/config.h"
#include "store/store.h"

struct database {
	const char *capsule;              /* the folder; kept */
	const struct config_flags *flags; /* --state and its like; kept */
	bool dry_run; /* leave no trace, not even a new database */
};

/*
 * Migrate and open the database, give it to use(), close it. Gives what use()
 * gave, or an enum status after a complaint.
 */
int database_use(const struct database *database,
    int (*use)(struct store *store, void *context), void *context);

#endif
