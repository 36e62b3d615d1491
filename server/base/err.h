/* SPDX-License-Identifier: ISC */
/*
 * The one error type. A function that can fail returns an enum err. Its results
 * go to out-parameters, which stay untouched on failure.
 */
#ifndef GUIJU_BASE_ERR_H
#define GUIJU_BASE_ERR_H

enum err {
	OK = 0,
	ERR_NOMEM,   /* out of memory */
	ERR_IO,      /* a disk, a database or a socket failed */
	ERR_BUSY,    /* in use by another; the same call may work later */
	ERR_MISSING, /* there is no such thing */
	ERR_INPUT,   /* input from outside is malformed */
	ERR_LIMIT,   /* larger than the limit */
	ERR_LATE,    /* the deadline has passed */
	ERR_BUG      /* cannot happen: a mistake in the program */
};

#if defined(__GNUC__)
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#else
#define MUST_CHECK
#define PRINTF_LIKE(f, a)
#endif

#endif
