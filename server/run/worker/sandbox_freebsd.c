/* SPDX-License-Identifier: ISC */
/*
 * FreeBSD. In Capsicum's capability mode (capsicum(4)) a name can only be
 * opened below a descriptor of its folder. Static files and tallies are opened
 * so, SQLite's files are not: it opens its log and its journal by whole paths
 * whenever it needs them. A worker in that mode would fail at its first such
 * name, so it is not entered, and the self-test says what a worker can still
 * do. What there is: no core files, no debugger (procctl(2)). For files and
 * connections let a jail(8) hold the server.
 */
#include "run/worker/internal.h"

#ifdef SANDBOX_FREEBSD

#include <sys/procctl.h>
#include <unistd.h>

enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	int no_trace = PROC_TRACE_CTL_DISABLE;

	(void)bounds;
	snprintf(facts->mechanism, sizeof(facts->mechanism), "no capsicum");
	return procctl(P_PID, getpid(), PROC_TRACE_CTL, &no_trace) == 0
	    ? OK
	    : ERR_IO;
}

#endif
