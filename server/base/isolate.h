/* SPDX-License-Identifier: ISC */
/*
 * Work on bytes that may exploit a bug in the code that reads them. A child
 * process does the work. The child has the bytes, some seconds and some memory,
 * but no file and no connection. Its answer is a short text.
 */
#ifndef GUIJU_BASE_ISOLATE_H
#define GUIJU_BASE_ISOLATE_H

#include "base/buf.h"

enum {
	ISOLATE_CPU_S = 2,
	ISOLATE_WALL_S = 5, /* on a busy machine the child waits for a CPU */
	ISOLATE_MEMORY_BYTES = 64 * 1024 * 1024, /* besides what it inherits */
	ISOLATE_ANSWER_MAX = 256
};

/* run() runs in the child and appends its answer. All else that it changes is
 * lost. */
struct isolate_work {
	void (*run)(void *context, struct str bytes, struct buf *answer);
	void *context; /* kept */
};

/*
 * Fork, do the work on bytes (borrowed), and append the child's answer to out.
 * The caller waits. ERR_INPUT: the child died, or its answer was longer than
 * ISOLATE_ANSWER_MAX. ERR_LATE: the child took too long. ERR_BUSY: pipe(2) or
 * fork(2) failed. ERR_IO. ERR_NOMEM and ERR_LIMIT: out is full. The child has
 * ended in every case.
 *
 * The child has a copy of the caller's memory: an attacker who takes the child
 * over can read all of it. The attacker's only output is the answer, so the
 * caller must not trust the answer.
 */
enum err isolate_run(const struct isolate_work *work, struct str bytes,
    struct buf *out) MUST_CHECK;

#endif
