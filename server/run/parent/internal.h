/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: the succession of generations and the
 * watch on a capsule, for the parent's loop.
 */
#ifndef GUIJU_RUN_PARENT_INTERNAL_H
#define GUIJU_RUN_PARENT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/metrics.h"
#include "run/parent/parent.h"
#include "run/status/status.h"
#include "run/worker/generation.h"
#include "run/worker/listeners.h"

/* ---- checkpointer.c -------------------------------------------------- */

/* The child that copies the write-ahead log into the database, so that no
 * worker has to (store/checkpoint.h). Zeroed: none yet. */
struct checkpointer {
	pid_t pid;       /* 0: none */
	int64_t next_ms; /* no fork before */
};

/* Fork the child if there is none, and if the workers' database is in its
 * place. life: read end of the parent's pipe. A replica has no such child: its
 * database has another writer. */
void checkpointer_tick(struct checkpointer *checkpointer,
    const struct generation *generation, int life, int64_t now_ms);
/* If pid was the child, log how it ended. false: it was not. */
bool checkpointer_ended(
    struct checkpointer *checkpointer, pid_t pid, int wait_status);

/* ---- succession.c ---------------------------------------------------- */

/*
 * The generation that serves, and the next one. The next is loaded, rehearsed
 * and started; when all of its workers are ready it takes over. At start there
 * is only the next. All functions run in the parent, and none of them waits.
 */

/* The pipes to poll: those of two generations, and of one that leaves. */
enum { SUCCESSION_POLL_MAX = 3 * CONFIG_WORKERS_MAX };

/* To begin: set the pointers (borrowed) and life, lock is -1, zero the rest. */
struct succession {
	struct generation *serving, *next; /* either may be NULL */
	struct crew *crew;                 /* of all generations */
	struct leaving *leaving;
	struct closings closings; /* sockets of generations that leave */
	struct nights *nights;
	struct checkpointer *checkpointer;
	struct peers *peers;
	struct status_socket *socket; /* opened when the state is locked */
	int life;                     /* read end of the parent's pipe */
	int lock;                     /* of the state folder; -1: none yet */
	unsigned generations;         /* made since the start */
	int64_t next_deadline_ms;     /* of the next generation's step */
	bool stopping;                /* no generation follows any more */
	/* The last reload: when it ended, its result, and why it failed. */
	int64_t reloaded_s;
	bool reload_failed;
	char reload_reason[METRICS_TEXT_SIZE];
	/* Pipes of the last generation's workers that still accept. */
	int accepting[CONFIG_WORKERS_MAX];
	size_t accepting_count;
};

/*
 * Load the next generation and fork its rehearsal. There must not be a next one
 * yet. The first call also locks the state folder and enters the sandbox.
 * Returns STATUS_OK, or complains and returns another status: then there is no
 * next generation, and the serving one goes on. If none serves, the server ends
 * with that status. fingerprint: watch_fingerprint() just before.
 */
enum status succession_begin(struct succession *succession, const char *capsule,
    uint64_t fingerprint, const struct config_flags *flags);

/*
 * Call when a child has ended that is neither in leaving nor in nights: the
 * rehearsal, after whose success the workers are started, or a worker. The
 * status is as in succession_begin(); STATUS_OK for an unknown child.
 */
enum status succession_reap(
    struct succession *succession, pid_t pid, int wait_status);

/*
 * Do what is due: fork workers, let a next generation that is ready take over,
 * give up one that is late. At start prints "ready" on standard output. After a
 * reload logs "reloaded" when no worker of the old generation accepts any more.
 * The status is as in succession_begin(). Do not call it while stopping.
 */
enum status succession_tick(struct succession *succession, int64_t now_ms);
/* When to call succession_tick() even if no pipe is readable; INT64_MAX:
 * never. */
int64_t succession_next_ms(const struct succession *succession);
/* Write the pipes to poll into out, which has room for SUCCESSION_POLL_MAX.
 * Returns their number. */
size_t succession_poll(const struct succession *succession, struct pollfd *out);

/* Stop: tell all children to end within seconds, also the leaving ones and that
 * of the nightly work. No generation follows. Call it once. */
void succession_stop(struct succession *succession, int64_t now_ms);
/* Has a stop ended: are all children gone? The process of checkpoints is told
 * to end when all others are gone: the last one that closes the database
 * removes the files of its log, and a worker may not. */
bool succession_is_over(struct succession *succession, int64_t now_ms);
/* Free both generations, whose processes have ended, and unlock the state
 * folder. */
void succession_release(struct succession *succession);

/* ---- watch.c --------------------------------------------------------- */

/*
 * Watching a capsule for `guiju serve --dev`: a file that an author saves is
 * served a moment later. The capsule is polled with some hundred stat(2) calls,
 * three times per second. On an author's machine this costs little, and unlike
 * inotify or kqueue it works the same on every system and network disk.
 */

enum { WATCH_INTERVAL_MS = 300 };

struct watch {
	uint64_t known;  /* the fingerprint when the capsule was loaded */
	uint64_t last;   /* the fingerprint of the last poll */
	int64_t next_ms; /* the time of the next poll */
};

/* A hash of the names, sizes, times, inodes and modes of capsule.ini, words.ini
 * and the files that are served. No file is read. 0: capsule cannot be
 * opened. */
uint64_t watch_fingerprint(const char *capsule);

/* Begin to watch. Call it just before the capsule is loaded. */
void watch_begin(struct watch *watch, const char *capsule, int64_t now_ms);

/*
 * Poll the capsule if the time has come. true: the files have changed since the
 * watch began or since the last true, and are the same in the last two polls.
 * So an editor that writes in several steps can finish.
 */
bool watch_poll(struct watch *watch, const char *capsule, int64_t now_ms);

#endif
