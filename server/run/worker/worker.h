/* SPDX-License-Identifier: ISC */
/* A worker: one process, one event loop, one site. */
#ifndef GUIJU_RUN_WORKER_WORKER_H
#define GUIJU_RUN_WORKER_WORKER_H

#include "net/tls/tls.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/listeners.h"

enum {
	/* The parent ends within 10 s of SIGTERM, so a worker ends earlier. */
	WORKER_STOP_MS = 7000,
	/* After a reload: the longest transfer that a slow reader may have. */
	WORKER_RETIRE_MS = 300000
};

/*
 * What a worker is given; all pointers are kept. Signals: SIGTERM: drain within
 * WORKER_STOP_MS; SIGUSR2: drain within WORKER_RETIRE_MS.
 */
struct worker {
	const struct config *config;
	struct tls *tls;
	const struct seal_keys *seal_keys;
	const struct listeners *listeners;
	struct peers *peers; /* may be NULL */
	int ready;           /* pipe: a byte when we accept; closed to drain */
	int life;            /* pipe of the parent: at its end we drain */
};

/* Serve until told to stop. Returns the exit status. Call it in a child of
 * logger_fork(). */
enum status worker_run(const struct worker *worker);

#endif
