/* SPDX-License-Identifier: ISC */
/* A worker: one process, one event loop, one site. */
#ifndef GUIJU_RUN_WORKER_WORKER_H
#define GUIJU_RUN_WORKER_WORKER_H

#include "net/tls/tls.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/listeners.h"

enum {
	/* The parent ends within 10 s of SIGTERM; a worker before it. */
	WORKER_STOP_MS = 7000,
	/* After a reload: the longest transfer that a slow reader may have. */
	WORKER_RETIRE_MS = 300000
};

/*
 * What a worker begins with; all is kept. Signals: SIGTERM, finish what was
 * begun within WORKER_STOP_MS; SIGUSR2, the same within WORKER_RETIRE_MS.
 */
struct worker {
	const struct config *config;
	struct tls *tls;
	const struct listeners *listeners;
	struct peers *peers; /* may be NULL */
	int ready;   /* one byte says that we accept, its end that we do no more
		      */
	int control; /* see crew_take_log() */
	int life;    /* the parent has the other end: at its end, we end */
};

/* Serve until told to stop. Gives the exit status; for a forked child whose
 * signals have their defaults. */
enum status worker_run(const struct worker *worker);

#endif
