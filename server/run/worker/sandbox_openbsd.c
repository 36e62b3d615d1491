/* SPDX-License-Identifier: ISC */
/*
 * OpenBSD: unveil(2) for the names of files, pledge(2) for everything else. A
 * call that was not promised ends the process by SIGABRT, and the log of the
 * system names the call. Source: the manuals of OpenBSD 7.
 */
#include "run/worker/internal.h"

#ifdef SANDBOX_OPENBSD

#include <errno.h>
#include <unistd.h>

static bool
may_read(const struct sandbox_bounds *bounds)
{
	bool good = true;

	for (size_t i = 0; good && i < bounds->read_count; i++)
		good = unveil(bounds->read[i].text, "r") == 0 ||
		    errno == ENOENT || errno == ENOTDIR;
	return good;
}

enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	snprintf(facts->mechanism, sizeof(facts->mechanism), "pledge, unveil");
	switch (bounds->who) {
	case SANDBOX_PARENT:
		/* The parent binds ports, changes the user in its children and
		 * reads any file that a reload names. A promise of all that
		 * would restrict nothing. */
		return OK;
	case SANDBOX_TASK:
		return unveil(bounds->state, "rwc") == 0 && may_read(bounds) &&
			pledge("stdio rpath wpath cpath flock fattr proc",
			    NULL) == 0
		    ? OK
		    : ERR_IO;
	case SANDBOX_LOGGER:
		return pledge("stdio recvfd", NULL) == 0 ? OK : ERR_IO;
	default:
		break;
	}
	if (unveil(bounds->state, "rwc") != 0 ||
	    unveil("/dev/urandom", "r") != 0 || !may_read(bounds))
		return ERR_IO;
	/* inet: accepted connections; proc: a child that looks at an upload. */
	return pledge("stdio rpath wpath cpath flock fattr inet proc", NULL) ==
		0
	    ? OK
	    : ERR_IO;
}

#endif
