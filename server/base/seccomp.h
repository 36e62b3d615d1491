/* SPDX-License-Identifier: ISC */
/*
 * A seccomp filter: from here on this process may make the system calls of a
 * list and no others. It needs Linux with libseccomp; elsewhere
 * seccomp_allow_only() gives ERR_MISSING.
 */
#ifndef GUIJU_BASE_SECCOMP_H
#define GUIJU_BASE_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* One system call that is allowed, and its condition. */
struct seccomp_call {
	const char *name; /* an unknown name is ignored */
	enum seccomp_when {
		CALL_ALWAYS,
		CALL_FOR_ITSELF, /* the first argument, a process, is 0 */
		CALL_BY_ITSELF,  /* the first argument is this process's id */
		CALL_DATA_ONLY,  /* the mapped memory is not executable */
		CALL_FORKING     /* it forks: no threads, no namespaces */
	} when;
};

/* Rows of a list that a process needs whatever it does: to write to what it
 * has open, to use memory, to handle a signal and to end. */
/* clang-format off */
#define SECCOMP_CALLS_OF_ALL \
    {"write", CALL_ALWAYS}, \
    {"brk", CALL_ALWAYS}, \
    {"mmap", CALL_DATA_ONLY}, \
    {"mmap2", CALL_DATA_ONLY}, \
    {"mprotect", CALL_DATA_ONLY}, \
    {"mremap", CALL_ALWAYS}, \
    {"munmap", CALL_ALWAYS}, \
    {"madvise", CALL_ALWAYS}, \
    {"futex", CALL_ALWAYS}, \
    {"sigaltstack", CALL_ALWAYS}, /* AddressSanitizer, at each exit */ \
    {"exit", CALL_ALWAYS}, \
    {"exit_group", CALL_ALWAYS}, \
    {"rt_sigreturn", CALL_ALWAYS}, \
    {"sigreturn", CALL_ALWAYS}
/* clang-format on */

enum seccomp_denied {
	SECCOMP_REFUSE, /* EPERM; seccomp_report() logs the call */
	SECCOMP_KILL    /* SIGSYS ends the process */
};

/*
 * Allow only these n calls, for the rest of this process's life and in all of
 * its children. *count (may be NULL): how many of the calls this system has.
 * ERR_MISSING: this system has no seccomp filters. ERR_NOMEM, ERR_IO: the
 * filter was not installed.
 */
enum err seccomp_allow_only(const struct seccomp_call *list, size_t n,
    enum seccomp_denied denied, unsigned *count) MUST_CHECK;

/* Log each call that the filter has refused in this process. A call is logged
 * once, however often it was refused. */
void seccomp_report(void);

#endif
