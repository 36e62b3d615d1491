/* SPDX-License-Identifier: ISC */
/*
 * The sandbox: the rights that our processes give up before they read the first
 * byte of a client, so that an attacker who takes over a process gains little.
 *
 *   worker     reads the static folder and the state folder, writes the
 *              database's three files and below the folder of tallies, and
 *              nothing else of the disk; opens no connection; runs no program;
 *              makes only the system calls of a list
 *   task       a rehearsal, a night, the checkpoints: reads the capsule, reads
 * and writes the state folder, reads libmagic's tables, and nothing else of the
 *              disk; opens no connection; runs no program; makes only the
 *              system calls of a list
 *   logger     writes to the descriptors that it has, and opens nothing
 *   parent     opens no connection; runs no program. Nothing else is
 *              restricted: it binds ports, its children change their user, and
 *              a reload may name other certificates and another capsule
 *
 * All of them: no new privileges, no core file, no debugger; of root's
 * capabilities the parent keeps a few, and the others none. Systems differ in
 * what they can restrict, so a self-test tries what must fail.
 */
#ifndef GUIJU_RUN_WORKER_SANDBOX_H
#define GUIJU_RUN_WORKER_SANDBOX_H

#include "base/buf.h"
#include "run/config/complain.h"
#include "run/config/config.h"

/* Which mechanisms restrict a process. */
struct sandbox_facts {
	char mechanism[48]; /* for files and connections: "landlock 6" */
	unsigned calls;     /* allowed system calls; 0: no seccomp filter */
	unsigned files;     /* limit of open descriptors */
	unsigned processes; /* limit of the user's processes; 0: none */
};

/*
 * Enter the sandbox for good; with `sandbox = off` nothing happens. A mechanism
 * that the system lacks is not an error. ERR_IO: `sandbox = require`, and a
 * mechanism of the system could not be enabled; the log says why.
 */
enum err sandbox_parent(const struct config *config) MUST_CHECK;
enum err sandbox_task(const struct config *config) MUST_CHECK;
enum err sandbox_logger(enum sandbox_mode mode) MUST_CHECK;
/* Fills in *facts. */
enum err sandbox_worker(
    const struct config *config, struct sandbox_facts *facts) MUST_CHECK;

/*
 * The self-test: a child enters a worker's sandbox, another one that of a task,
 * and tries what must fail there: reading a file of the system, reading the
 * keys, writing to the capsule and outside the state folder, as a worker beside
 * the downloads, a connection, a program. One line in the log lists the
 * mechanisms and the result. If the test fails: with `require` complain and
 * return STATUS_REFUSED; with `auto` log an error and return STATUS_OK. Call it
 * before sandbox_task(), as the user that will serve.
 */
enum status sandbox_test(const struct config *config);

/* "landlock 6, seccomp 94 calls, limits: no core, 4352 files, 256
 * processes". */
void sandbox_describe(struct buf *out, const struct sandbox_facts *facts);

/* Log the system calls that were refused since the last call. A worker calls
 * this every few seconds. */
void sandbox_report(void);

#endif
