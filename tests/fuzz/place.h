/* SPDX-License-Identifier: ISC */
/*
 * A folder of its own below /tmp for targets that need files. It is made once
 * and removed when the program ends.
 */
#ifndef GUIJU_TESTS_FUZZ_PLACE_H
#define GUIJU_TESTS_FUZZ_PLACE_H

/* The folder; makes it at the first call. */
const char *place(void);
/* Write a file in it, making its folders. */
void place_write(const char *name, const void *data, unsigned long size);

#endif
