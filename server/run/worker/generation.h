/* SPDX-License-Identifier: ISC */
/*
 * A generation: one configuration with its certificates and sockets, and the
 * workers that serve it. A reload makes a new generation beside the old one.
 * Then either all workers of the old generation leave, or, if the reload
 * fails, all of the new one.
 */
#ifndef GUIJU_RUN_WORKER_GENERATION_H
#define GUIJU_RUN_WORKER_GENERATION_H

#include <sys/types.h>
#include <poll.h>

#include "base/file_path.h"
#include "page/site.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/crew.h"
#include "run/worker/listeners.h"
#include "run/worker/process.h"

/* One of the workers. When it dies, another is forked in its stead. */
struct child {
	pid_t pid;    /* 0: no worker now */
	int ready;    /* read end of the worker's pipe, or -1 */
	bool serving; /* the worker has reported that it accepts */
	bool renew;   /* its socket to the key process is the dead one's */
	int64_t started_ms; /* time of the fork */
	int64_t due_ms;     /* without a worker: when to fork the next */
	unsigned restarts;  /* how often the worker was replaced */
	unsigned deaths;    /* early deaths in a row */
};

struct generation {
	struct config config;
	uint64_t capsule;  /* the capsule's fingerprint before it was read */
	unsigned number;   /* from 1 on */
	struct crew *crew; /* borrowed; its workers are added to it */
	int log;           /* its log, until it serves; -1: the present one */
	struct tls *tls;
	struct seal_keys seal_keys;
	struct listeners listeners;
	struct peers *peers; /* borrowed; its workers count addresses there */
	bool listening;
	/* The database's file when the workers began; 0: none yet. strange: it
	 * is not the one that is served, and may have to be verified. */
	struct file_id database;
	bool strange;
	pid_t rehearsal; /* 0: not begun, or it has ended */
	struct child children[CONFIG_WORKERS_MAX];
	size_t count; /* of the children; 0 until it is started */
};

/*
 * Read the configuration. Returns STATUS_OK, or complains and returns another
 * status. The caller owns *out (generation_free), and sets its capsule, number,
 * crew and peers.
 */
enum status generation_load(const char *capsule,
    const struct config_flags *flags, struct generation **out);

/* The generation serves from now on: the server logs as it is configured. */
void generation_use_log(struct generation *generation);

/*
 * Open the log, load the certificates and the seals' key and bind the sockets
 * that old (NULL at start) does not have. A missing certificate is made only at
 * start or for a new host. At a reload a lost certificate of a known host is an
 * error: readers trust the certificate that they know, so the operator should
 * restore it. The key of prompts is made at start and stays until the server
 * ends. Errors are complained of.
 */
enum status generation_equip(
    struct generation *generation, const struct generation *old);

/* Fork the rehearsal; the caller waits for its end. old: the generation that
 * serves, NULL at start. */
enum status generation_rehearse(
    struct generation *generation, const struct generation *old);

/* Listen, and fork the workers. life: read end of the parent's pipe. */
enum status generation_start(
    struct generation *generation, const struct generation *old, int life);

/* Do all workers serve? */
bool generation_is_ready(const struct generation *generation);
/* Is the file that the workers serve still the one at the database's path? */
bool generation_has_database(const struct generation *generation);

/* If pid was one of its workers, note the death and the time of the next fork.
 * false: pid was not. */
bool generation_reap(
    struct generation *generation, pid_t pid, int wait_status, int64_t now_ms);

/* Fork the workers that are due, and read which workers are ready. */
void generation_tick(struct generation *generation, int life, int64_t now_ms);

/* Write the pipes of the workers that do not serve yet into out, which has room
 * for CONFIG_WORKERS_MAX. Returns their number. */
size_t generation_poll(const struct generation *generation, struct pollfd *out);
/* When to call generation_tick() even if no pipe is readable; INT64_MAX:
 * never. */
int64_t generation_next_ms(const struct generation *generation);

/*
 * Take over the pipes of its workers: a pipe is at its end when its worker
 * accepts no more. The caller closes them (process_close). Returns their
 * number.
 */
size_t generation_take_pipes(
    struct generation *generation, int pipes[CONFIG_WORKERS_MAX]);

/* Tell all its processes to leave within time_ms: workers by the signal, a
 * rehearsal by SIGTERM. leaving takes them over. */
void generation_dismiss(struct generation *generation, struct leaving *leaving,
    int signal_number, int64_t now_ms, int64_t time_ms);

/* Free the generation, and close the sockets that heir (may be NULL) does not
 * have. It must have been dismissed. Accepts NULL. */
void generation_free(
    struct generation *generation, const struct generation *heir);

#endif
