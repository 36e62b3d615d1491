/* SPDX-License-Identifier: ISC */
/*
 * The one error type. A function that can fail returns it and gives its
 * results through out-parameters, which stay untouched on failure.
 */
#ifndef GUIJU_BASE_ERR_H
#define GUIJU_BASE_ERR_H

enum err {
	OK = 0,
	ERR_NOMEM,   /* memory is out */
	ERR_IO,      /* a disk, a database, a socket failed */
	ERR_BUSY,    /* somebody else holds it; the same call may work later */
	ERR_MISSING, /* there is no such thing */
	ERR_INPUT,   /* what came from outside is malformed */
	ERR_LIMIT,   /* larger than the limit given */
	ERR_LATE,    /* the deadline passed */
	ERR_BUG      /* cannot happen */
};

#if defined(__GNUC__)
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#else
#define MUST_CHECK
#define PRINTF_LIKE(f, a)
#endif

#endif
