/* SPDX-License-Identifier: ISC */
/*
 * The sandbox: what our processes give up before the first client's byte, so
 * that an attacker who takes one over gains little.
 *
 *   worker     reads the static folder, reads and writes the state folder,
 *              nothing else of the disk; opens no connection; runs no program;
 *              makes only the system calls of a list
 *   rehearsal  reads what its user may, writes the state folder, opens no
 *              connection, runs no program
 *   parent     opens no connection, runs no program. The rest is not
 * restricted: it binds ports, gives up being root for its children, and a
 *              reload may name other certificates and another capsule
 *
 * All: no new privileges, no core file, no debugger. How much of it there is
 * depends on the system, so a self-test tries what must fail.
 */
#ifndef GUIJU_RUN_WORKER_SANDBOX_H
#define GUIJU_RUN_WORKER_SANDBOX_H

#include "base/buf.h"
#include "run/config/complain.h"
#include "run/config/config.h"

/* Which mechanisms restrict a process. */
struct sandbox_facts {
	char mechanism[48]; /* of files and connections, as "landlock 6" */
	unsigned calls;     /* system calls that are left; 0: no filter */
	unsigned files;     /* descriptors that may be open */
	unsigned processes; /* that its user may have; 0: not limited */
};

/*
 * Enter the sandbox for good; with `sandbox = off` nothing happens. A mechanism
 * that the system lacks is not an error. ERR_IO: `sandbox = require`, and a
 * mechanism of the system could not be enabled; the log says why.
 */
enum err sandbox_parent(const struct config *config) MUST_CHECK;
enum err sandbox_rehearsal(const struct config *config) MUST_CHECK;
/* facts: set. */
enum err sandbox_worker(
    const struct config *config, struct sandbox_facts *facts) MUST_CHECK;

/*
 * Let a child enter a worker's sandbox and try what must fail there: reading
 * a file of the system, reading the keys, writing to the capsule and outside
 * state, a connection, a program. One line in the log says what there is. With
 * `require` a failure is complained of and gives STATUS_REFUSED; with `auto`
 * it is a warning. Before sandbox_rehearsal, as the user that will serve.
 */
enum status sandbox_test(const struct config *config);

/* "landlock 6, seccomp 94 calls, limits: no core, 4352 files, 256
 * processes". */
void sandbox_describe(struct buf *out, const struct sandbox_facts *facts);

/* Log what has been refused since the last call. Now and then in a worker. */
void sandbox_report(void);

#endif
