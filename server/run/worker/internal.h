/* SPDX-License-Identifier: ISC */
/*
 * What the systems have for a sandbox, behind one function: sandbox_linux.c,
 * sandbox_openbsd.c or sandbox_freebsd.c holds its body, chosen by what the
 * system's headers offer. For sandbox.c only.
 */
#ifndef GUIJU_RUN_WORKER_INTERNAL_H
#define GUIJU_RUN_WORKER_INTERNAL_H

#include "run/worker/sandbox.h"

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
