/* SPDX-License-Identifier: ISC */
/*
 * References: six letters and digits that name a failure. A reader can say one
 * on the telephone, and an operator finds it in the log.
 */
#ifndef GUIJU_BASE_REFERENCE_H
#define GUIJU_BASE_REFERENCE_H

enum { REFERENCE_SIZE = 7 }; /* with its NUL */

/* Make a new reference. There are a billion, so two equal ones within a day are
 * unlikely; within one process they are impossible. A reference is not a
 * secret. */
void reference_make(char out[REFERENCE_SIZE]);

#endif
