/* SPDX-License-Identifier: ISC */
/*
 * Listening sockets that are given up: each stays open until all who have come
 * to it are accepted, or for a few seconds (net/closing.h).
 */
#ifndef GUIJU_RUN_PARENT_CLOSINGS_H
#define GUIJU_RUN_PARENT_CLOSINGS_H

#include <stddef.h>
#include <stdint.h>

#include "run/worker/listeners.h"

/* Of two generations. Zeroed: none. */
enum { CLOSINGS_MAX = 2 * LISTENERS_MAX };

struct closings {
	struct {
		int socket;
		int64_t latest_ms;
	} item[CLOSINGS_MAX];
	size_t count;
};

/*
 * Take the sockets of listeners that are not also in other (NULL: all), and
 * empty the list. Nobody new is let in from now on; the workers that are told
 * to leave after this accept who has come before.
 */
void closings_take(struct closings *closings, struct listeners *listeners,
    const struct listeners *other, int64_t now_ms);
/* Close those to which nobody comes any more, and those whose time is over. */
void closings_tend(struct closings *closings, int64_t now_ms);
/* When to call that again; INT64_MAX: never. */
int64_t closings_next_ms(const struct closings *closings, int64_t now_ms);
/* Close all. */
void closings_release(struct closings *closings);

#endif
