/* SPDX-License-Identifier: ISC */
/*
 * Fault points: places at which a test ends a process, as a power failure or
 * the kernel would. Only the check variant has fault points. In all other
 * variants FAULT() and FAULT_POINTS are false.
 *
 * GUIJU_FAULT=NAME:N in the environment kills the process that passes the
 * point NAME for the N-th time. The count begins with the first process; a fork
 * inherits the count. NAME:N! makes the point fail instead. NAME:N? stops the
 * process there by SIGSTOP; after SIGCONT the process goes on as if there were
 * no point, so that a test can do what another process might do in between.
 */
#ifndef GUIJU_BASE_FAULT_H
#define GUIJU_BASE_FAULT_H

#include <stdbool.h>

#ifdef GUIJU_FAULTS
/* true: the caller fails here. Does not return if the point kills. */
bool fault_passed(const char *name);
#define FAULT(name) fault_passed(name)
enum { FAULT_POINTS = true };
#else
#define FAULT(name) false
enum { FAULT_POINTS = false };
#endif

#endif
