/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: the parent's loop and what it looks
 * after.
 */
#ifndef GUIJU_RUN_PARENT_INTERNAL_H
#define GUIJU_RUN_PARENT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/metrics.h"
#include "run/parent/nights.h"
#include "run/status/status.h"
#include "run/worker/generation.h"
#include "run/worker/listeners.h"

/* ---- succession.c ---------------------------------------------------- */

/*
 * The generation that serves, and the one that is to follow it: first loaded,
 * then rehearsed, then started, and when all of its workers are ready it takes
 * over. At start there is only the one to follow. Everything here is of the
 * parent, and nothing waits.
 */

/* Where it polls: pipes of two generations, and of one that has gone. */
enum { SUCCESSION_POLL_MAX = 3 * CONFIG_WORKERS_MAX };

/* All but life and lock zeroed; the pointers are kept. */
struct succession {
	struct generation *serving, *next; /* either may be NULL */
	struct crew *crew;                 /* of all generations */
	struct leaving *leaving;
	struct closings closings; /* sockets of those who leave */
	struct nights *nights;
	struct peers *peers;
	struct status_socket *socket; /* opened with the state folder */
	int life;                     /* read end; for the workers */
	int lock;                     /* of the state folder; -1: none yet */
	unsigned generations;         /* so far */
	int64_t next_deadline_ms;     /* the next generation's */
	bool stopping;                /* nobody follows any more */
	/* The last reload: when it was decided, how, and why it failed. */
	int64_t reloaded_s;
	bool reload_failed;
	char reload_reason[NOTE_SIZE];
	/* Of the generation before: who has a pipe still accepts. */
	int accepting[CONFIG_WORKERS_MAX];
	size_t accepting_count;
};

/*
 * Load the next generation and fork its rehearsal; there must be none. Takes
 * the state folder and enters the sandbox the first time. Not STATUS_OK:
 * complaints were made, there is no next, and what serves serves on; without
 * one the status is the server's. fingerprint: of the capsule as it was just
 * before (run/parent/watch.h).
 */
enum status succession_begin(struct succession *succession, const char *capsule,
    uint64_t fingerprint, const struct config_flags *flags);

/*
 * A child that is in neither leaving nor nights has ended: it may be the
 * rehearsal, whose good end starts the workers, or a worker. The status is as
 * in succession_begin; STATUS_OK for a child of nobody.
 */
enum status succession_reap(
    struct succession *succession, pid_t pid, int wait_status);

/*
 * What is due: workers forked, a next generation that is ready takes over,
 * one that is late is given up. Says "ready" on standard output at start, and
 * in the log when no worker of the old generation accepts any more. The
 * status is as in succession_begin. Not while stopping.
 */
enum status succession_tick(struct succession *succession, int64_t now_ms);
/* When succession_tick has work again without news; INT64_MAX: never. */
int64_t succession_next_ms(const struct succession *succession);
/* What to wait for: room for SUCCESSION_POLL_MAX; how many. */
size_t succession_poll(const struct succession *succession, struct pollfd *out);

/* Nobody follows any more: tell all children, also those that have been told
 * to leave and the night's, to end within seconds. Once. */
void succession_stop(struct succession *succession, int64_t now_ms);
/* Free both generations, which have ended, and let the state folder go. */
void succession_release(struct succession *succession);

/* ---- watch.c --------------------------------------------------------- */

/*
 * Watching a capsule for `guiju serve --dev`: what an author saves is served
 * a moment later. By looking, not by inotify or kqueue: a few hundred stat(2)
 * calls three times a second are nothing on an author's machine, and work the
 * same on every system and network disk.
 */

enum { WATCH_INTERVAL_MS = 300 };

struct watch {
	uint64_t known;  /* what the capsule looked like when it was loaded */
	uint64_t last;   /* ... at the last look */
	int64_t next_ms; /* the next look */
};

/* What the files look like that are served, and capsule.ini: names, sizes,
 * times; nothing is read. */
uint64_t watch_fingerprint(const char *capsule);

/* The capsule is about to be loaded as it is now. */
void watch_begin(struct watch *watch, const char *capsule, int64_t now_ms);

/*
 * Look, if it is time to. true: the files have changed since the watch began
 * or since the last true, and have not changed between the last two looks: an
 * editor that writes in several steps is waited for.
 */
bool watch_look(struct watch *watch, const char *capsule, int64_t now_ms);

#endif
