/* SPDX-License-Identifier: ISC */
/*
 * References: six letters and digits that a reader can say on the telephone
 * and an operator finds in the log.
 */
#ifndef GUIJU_BASE_REFERENCE_H
#define GUIJU_BASE_REFERENCE_H

enum { REFERENCE_SIZE = 7 }; /* with its NUL */

/* Make a new one. Of a billion that there are, two alike within a day are
 * unlikely, in one process impossible. No secret. */
void reference_make(char out[REFERENCE_SIZE]);

#endif
