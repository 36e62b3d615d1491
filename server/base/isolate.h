/* SPDX-License-Identifier: ISC */
/*
 * Work on bytes that may break whoever looks at them: done by a child of its
 * own that has nothing but the bytes. It has no file, no connection, some
 * seconds and some memory; what it answers is a short text.
 */
#ifndef GUIJU_BASE_ISOLATE_H
#define GUIJU_BASE_ISOLATE_H

#include "base/buf.h"

enum {
	ISOLATE_CPU_S = 2,
	ISOLATE_WALL_S = 5, /* a busy machine may let it wait for its turn */
	ISOLATE_MEMORY_BYTES =
	    64 * 1024 * 1024, /* besides what it is born with */
	ISOLATE_ANSWER_MAX = 256
};

/* What is done: append an answer. In the child; what it changes is lost. */
struct isolate_work {
	void (*look)(void *context, struct str bytes, struct buf *answer);
	void *context; /* kept */
};

/*
 * Fork, do the work on bytes (borrowed), and append the child's answer to
 * out. The caller waits. ERR_INPUT: the bytes killed it, or made it say more
 * than ISOLATE_ANSWER_MAX; ERR_LATE: it took too long; ERR_BUSY: no process
 * could be made; ERR_IO; ERR_NOMEM and ERR_LIMIT: out is full. The child is
 * ended in every case.
 *
 * Memory is the caller's own, copied: a child that is taken over can read
 * what we know. What it can do with it is answer at most so many bytes, which
 * the caller must not believe.
 */
enum err isolate_run(const struct isolate_work *work, struct str bytes,
    struct buf *out) MUST_CHECK;

#endif
