/* SPDX-License-Identifier: ISC */
/* The version of guiju. */
#ifndef GUIJU_BASE_VERSION_H
#define GUIJU_BASE_VERSION_H

#define GUIJU_VERSION "1.0"

/* 2025-01-01 UTC, a day before this version was released: a clock that shows an
 * earlier time is wrong. A release may raise it. It is not the day of the
 * build, because two builds of the same source must not differ. */
#define GUIJU_MADE_S INT64_C(1735689600)

#endif
