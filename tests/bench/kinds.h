/* SPDX-License-Identifier: ISC */
/* What the files that make requests share. */
#ifndef GUIJU_BENCH_KINDS_H
#define GUIJU_BENCH_KINDS_H

#include "tests/bench/pages.h"

/* A random number below limit (0 without one): the nth of a purpose. */
uint64_t kinds_pick(uint64_t n, uint64_t purpose, int64_t limit);

#endif
