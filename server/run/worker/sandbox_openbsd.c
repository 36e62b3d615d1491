/* SPDX-License-Identifier: ISC */
/*
 * OpenBSD: unveil(2) for the names of files, pledge(2) for everything else. A
 * call that was not promised ends the process by SIGABRT, and the log of the
 * system names the call. Source: the manuals of OpenBSD 7.
 */
#include "run/worker/internal.h"

#ifdef SANDBOX_OPENBSD

#include <sys/stat.h>
#include <errno.h>
#include <unistd.h>

/* What does not exist needs no right. A file that a worker writes is below a
 * folder that it reads, and so stat(2) still finds it: it can be written, but
 * not removed. */
static bool
allow(const struct file_path *paths, size_t count, bool writing)
{
	const char *rights;
	struct stat st;
	bool good = true;

	for (size_t i = 0; good && i < count; i++) {
		rights = writing ? "rwc" : "r";
		if (writing && stat(paths[i].text, &st) == 0 &&
		    S_ISREG(st.st_mode))
			rights = "rw";
		good = unveil(paths[i].text, rights) == 0 || errno == ENOENT ||
		    errno == ENOTDIR;
	}
	return good;
}

enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	bool good;

	snprintf(facts->mechanism, sizeof(facts->mechanism), "pledge, unveil");
	switch (bounds->who) {
	case SANDBOX_PARENT:
		/* The parent binds ports, changes the user in its children and
		 * reads any file that a reload names. A promise of all that
		 * would restrict nothing. */
		return OK;
	case SANDBOX_LOGGER:
		return pledge("stdio recvfd", NULL) == 0 ? OK : ERR_IO;
	default:
		break;
	}
	/* Of two paths that hold a file the longer one counts. */
	good = allow(bounds->read, bounds->read_count, false) &&
	    allow(bounds->write, bounds->write_count, true) &&
	    unveil("/dev/urandom", "r") == 0;
	/* inet: accepted connections; proc: a child that looks at an upload. */
	if (good && bounds->who == SANDBOX_WORKER)
		good = pledge("stdio rpath wpath cpath flock fattr inet proc",
			   NULL) == 0;
	else if (good)
		good = pledge("stdio rpath wpath cpath flock fattr proc",
			   NULL) == 0;
	return good ? OK : ERR_IO;
}

#endif
