/* SPDX-License-Identifier: ISC */
/* Reads which point is to fail, and counts how often that point is passed. */
#include "base/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef GUIJU_FAULTS

static const char variable[] = "GUIJU_FAULT";

bool
fault_passed(const char *name)
{
	static unsigned long passed;
	const char *wanted = getenv(variable);
	size_t len = strlen(name);
	char *end;

	if (wanted == NULL || strncmp(wanted, name, len) != 0 ||
	    wanted[len] != ':')
		return false;
	if (++passed != strtoul(wanted + len + 1, &end, 10))
		return false;
	if (*end == '?') {
		raise(SIGSTOP);
		return false;
	}
	if (*end != '!')
		kill(getpid(), SIGKILL);
	errno = EIO; /* for a caller that says why */
	return true;
}

#endif
