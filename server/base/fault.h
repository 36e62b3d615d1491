/* SPDX-License-Identifier: ISC */
/*
 * Places where the tests end a process, as a power failure or the kernel
 * would. Only the check variant has them: in all others FAULT() is nothing.
 *
 * GUIJU_FAULT=NAME:N in the environment kills the process that passes the
 * point NAME for the N-th time (counted from the start of the first process;
 * a fork inherits the count). NAME:N! makes that point fail instead.
 */
#ifndef GUIJU_BASE_FAULT_H
#define GUIJU_BASE_FAULT_H

#include <stdbool.h>

#ifdef GUIJU_FAULTS
/* true: fail here. It may not come back at all. */
bool fault_passed(const char *name);
#define FAULT(name) fault_passed(name)
#else
#define FAULT(name) false
#endif

#endif
