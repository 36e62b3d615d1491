/* SPDX-License-Identifier: ISC */
/*
 * The rehearsal: a short-lived child migrates the database and opens the
 * site before any worker does, at start and at every reload. It keeps SQLite
 * out of the parent, and a capsule that fails here is never served.
 */
#ifndef GUIJU_RUN_WORKER_REHEARSE_H
#define GUIJU_RUN_WORKER_REHEARSE_H

#include "page/site.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/listeners.h"

/* How the site of this configuration is opened. The options borrow from
 * config. */
struct site_options rehearse_site_options(
    const struct config *config, const struct listeners *listeners);

/*
 * Become the user, bring the database up to the schema, open the site and
 * close it again; say what is wrong through complain(). When an existing
 * database has scripts before it, all is tried on a copy first, so that a bad
 * capsule leaves no half-way schema to the good one still being served.
 * serving: the state folder that is being served from, NULL at start: a
 * database that is gone from there is not made anew. capsule: its fingerprint;
 * at a start, what the last server left checked (run/worker/start_cache.h) is
 * believed to be as it was. Gives the exit status for the child. For a forked
 * child only.
 */
enum status rehearse(const struct config *config,
    const struct listeners *listeners, uint64_t capsule, const char *serving);

/* Open the site; what keeps it from opening is said through complain(). NULL:
 * it does not open, *status says why. loud: say also what does not keep it
 * (in dev mode a page that does not compile is shown to the reader). */
struct site *rehearse_open_site(
    const struct site_options *options, bool loud, enum status *status);

#endif
