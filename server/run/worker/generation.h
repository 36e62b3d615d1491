/* SPDX-License-Identifier: ISC */
/*
 * A generation: one configuration with its certificates and sockets, and the
 * workers that serve it. A reload makes a new generation beside the old one;
 * whichever is not wanted leaves whole.
 */
#ifndef GUIJU_RUN_WORKER_GENERATION_H
#define GUIJU_RUN_WORKER_GENERATION_H

#include <sys/types.h>
#include <poll.h>

#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/crew.h"
#include "run/worker/leaving.h"
#include "run/worker/listeners.h"

/* A worker's place. Whoever dies is followed by another in the same place. */
struct slot {
	pid_t pid;          /* 0: nobody */
	int ready;          /* its pipe to us, or -1 */
	bool serving;       /* it has said that it accepts */
	int64_t started_ms; /* when it was forked */
	int64_t due_ms;     /* nobody: when to fork the next */
	unsigned restarts;  /* how often another has followed */
	unsigned deaths;    /* early deaths in a row */
};

struct generation {
	struct config config;
	uint64_t capsule;  /* its fingerprint before it was read */
	unsigned number;   /* from 1 on */
	struct crew *crew; /* kept; where its workers are entered */
	int log; /* what its processes log to; -1: what the parent does */
	struct tls *tls;
	struct listeners listeners;
	struct peers *peers; /* kept; whom its workers count */
	bool listening;
	pid_t rehearsal; /* 0: not begun or over */
	struct slot slots[CONFIG_WORKERS_MAX];
	size_t count; /* slots in use; 0 until it is started */
};

/*
 * Read the configuration. STATUS_OK, or complaints and another status; *out
 * is the caller's (generation_free), who sets its capsule, number and crew.
 */
enum status generation_load(const char *capsule,
    const struct config_flags *flags, struct generation **out);

/* This process logs as the generation says, from now on. */
void generation_use_log(struct generation *generation);

/*
 * Open the log, load the certificate and bind the sockets that old (NULL at
 * start) does not have. A certificate that is missing is made only at start or
 * for a new host: readers trust the one they know, and a lost one is better
 * found by its owner than replaced.
 */
enum status generation_equip(
    struct generation *generation, const struct generation *old);

/* Fork the rehearsal; its end is the caller's to wait for. old: what is being
 * served, NULL at start. */
enum status generation_rehearse(
    struct generation *generation, const struct generation *old);

/* Listen, and fork the workers. life: read end of the parent's pipe. */
enum status generation_start(
    struct generation *generation, const struct generation *old, int life);

/* All workers serve. */
bool generation_is_ready(const struct generation *generation);

/* If pid was one of its workers, note its death and when the next is due. */
bool generation_reap(
    struct generation *generation, pid_t pid, int wait_status, int64_t now_ms);

/* Fork the workers that are due; read who is ready. */
void generation_tick(struct generation *generation, int life, int64_t now_ms);

/* Add the pipes of those that do not serve yet (room for
 * CONFIG_WORKERS_MAX); how many. */
size_t generation_poll(const struct generation *generation, struct pollfd *out);
/* When generation_tick has work again; INT64_MAX: not by itself. */
int64_t generation_next_ms(const struct generation *generation);

/*
 * Take the pipes of its workers: each comes to its end when its worker
 * accepts no more. The caller closes them (process_close). How many.
 */
size_t generation_take_pipes(
    struct generation *generation, int pipes[CONFIG_WORKERS_MAX]);

/* Tell all its processes to leave. */
void generation_dismiss(struct generation *generation, struct leaving *leaving,
    int signal_number, int64_t now_ms, int64_t time_ms);

/* Close what heir (may be NULL) does not have, free the rest. It must have
 * been dismissed. Accepts NULL. */
void generation_free(
    struct generation *generation, const struct generation *heir);

#endif
