/* SPDX-License-Identifier: ISC */
/*
 * What the systems have for a sandbox, behind one function: sandbox_linux.c,
 * sandbox_openbsd.c or sandbox_freebsd.c holds its body, chosen by what the
 * system's headers offer. For sandbox.c only.
 */
#ifndef GUIJU_RUN_WORKER_INTERNAL_H
#define GUIJU_RUN_WORKER_INTERNAL_H

#include "page/site.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/listeners.h"
#include "run/worker/sandbox.h"

/* ---- rehearse.c ------------------------------------------------------ */

/*
 * The rehearsal: a short-lived child migrates the database and opens the
 * site before any worker does, at start and at every reload. It keeps SQLite
 * out of the parent, and a capsule that fails here is never served.
 */

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

#if __has_include(<linux/landlock.h>)
#define SANDBOX_LINUX
#elif __has_include(<sys/pledge.h>)
#define SANDBOX_OPENBSD
#elif __has_include(<sys/capsicum.h>)
#define SANDBOX_FREEBSD
#endif

enum sandbox_who {
	/* Opens what it likes; runs no program, connects to nobody. */
	SANDBOX_PARENT,
	/* The same, and writes below the state folder only. */
	SANDBOX_REHEARSAL,
	/* Reads below static and state, writes below state, nothing else. */
	SANDBOX_WORKER
};

struct sandbox_bounds {
	enum sandbox_who who;
	const char *state;  /* a folder; of a parent NULL */
	const char *folder; /* of static files, which may be missing; or NULL */
};

/*
 * Restrict this process for good, and write into facts which mechanisms of the
 * system are in force. A system without any is not an error. ERR_IO: the system
 * has a mechanism and enabling it failed; errno says why.
 */
enum err sandbox_enter(const struct sandbox_bounds *bounds,
    struct sandbox_facts *facts) MUST_CHECK;

#endif
