/* SPDX-License-Identifier: ISC */
/*
 * What the systems have for a sandbox, behind one function: sandbox_linux.c,
 * sandbox_openbsd.c or sandbox_freebsd.c holds its body, chosen by what the
 * system's headers offer. For sandbox.c only.
 */
#ifndef GUIJU_RUN_WORKER_FENCE_H
#define GUIJU_RUN_WORKER_FENCE_H

#include "run/worker/sandbox.h"

#if __has_include(<linux/landlock.h>)
#define FENCE_LINUX
#elif __has_include(<sys/pledge.h>)
#define FENCE_OPENBSD
#elif __has_include(<sys/capsicum.h>)
#define FENCE_FREEBSD
#endif

enum fence_who {
	/* Opens what it likes; runs no program, connects to nobody. */
	FENCE_PARENT,
	/* The same, and writes below the state folder only. */
	FENCE_REHEARSAL,
	/* Reads below static and state, writes below state, nothing else. */
	FENCE_WORKER
};

struct fence {
	enum fence_who who;
	const char *state;  /* a folder; of a parent NULL */
	const char *folder; /* of static files, which may be missing; or NULL */
};

/*
 * Put this process behind the fence for good, and say in facts what of it
 * there is: a system that has nothing of it is no error. ERR_IO: it has, but
 * it was not put in place; errno says why.
 */
enum err fence_close(
    const struct fence *fence, struct sandbox_facts *facts) MUST_CHECK;

#endif
