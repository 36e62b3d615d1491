/* SPDX-License-Identifier: ISC */
/* Which guiju this is. */
#ifndef GUIJU_BASE_VERSION_H
#define GUIJU_BASE_VERSION_H

#define GUIJU_VERSION "1.0"

/* A day, 2025-01-01 UTC, on which it was in the making: a clock that is before
 * it is wrong. Raised with a release; no build's own date, or two builds of one
 * source would differ. */
#define GUIJU_MADE_S INT64_C(1735689600)

#endif
