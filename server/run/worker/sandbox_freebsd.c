/* SPDX-License-Identifier: ISC */
/*
 * FreeBSD. In Capsicum's capability mode (capsicum(4)) a file can only be
 * opened below a descriptor of its folder. SQLite does not open files so: it
 * opens its write-ahead log and its journal by whole paths whenever it needs
 * them. A worker in that mode would fail at the first such path, so the mode is
 * not used, and the self-test says what a worker can still do. Used are: no
 * core files, no debugger (procctl(2)). To restrict files and connections, run
 * the server in a jail(8).
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
