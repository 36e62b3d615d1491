/* SPDX-License-Identifier: ISC */
/*
 * Watching a capsule for `guiju serve --dev`: what an author saves is served
 * a moment later. By looking, not by inotify or kqueue: a few hundred stat(2)
 * calls three times a second are nothing on an author's machine, and work the
 * same on every system and network disk.
 */
#ifndef GUIJU_RUN_PARENT_WATCH_H
#define GUIJU_RUN_PARENT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

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
