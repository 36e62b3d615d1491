/* SPDX-License-Identifier: ISC */
/*
 * A filter of system calls: from here on this process may make those of a
 * list and no others. Linux with libseccomp; elsewhere there is none, and
 * whoever asks is told so.
 */
#ifndef GUIJU_BASE_SECCOMP_H
#define GUIJU_BASE_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* One call that is allowed, and under which condition. */
struct seccomp_call {
	const char *name; /* one that this system does not have is no error */
	enum seccomp_when {
		CALL_ALWAYS,
		CALL_FOR_ITSELF, /* the process in the first argument is 0 */
		CALL_DATA_ONLY,  /* memory that is mapped cannot be executed */
		CALL_FORKING     /* no threads, no name spaces */
	} when;
};

enum seccomp_denied {
	SECCOMP_REFUSE, /* the call fails with EPERM; seccomp_report tells it */
	SECCOMP_KILL    /* the process ends by SIGSYS */
};

/*
 * Keep to these n calls, for good and for all children. *count (may be NULL):
 * how many of them this system has. ERR_MISSING: there is no such filter
 * here; ERR_NOMEM, ERR_IO: it was not put in place.
 */
enum err seccomp_allow_only(const struct seccomp_call *list, size_t n,
    enum seccomp_denied denied, unsigned *count) MUST_CHECK;

/* Log each call that has been refused in this process, once. */
void seccomp_report(void);

#endif
