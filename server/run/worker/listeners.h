/* SPDX-License-Identifier: ISC */
/*
 * The sockets that a configuration asks for. The parent binds them; every
 * worker inherits them, and so does the next generation where an address has
 * stayed: its backlog is never closed.
 */
#ifndef GUIJU_RUN_WORKER_LISTENERS_H
#define GUIJU_RUN_WORKER_LISTENERS_H

#include "net/net.h"
#include "run/config/config.h"

enum { LISTENERS_MAX = PROTOCOLS_MAX * ADDRESSES_MAX };

struct listeners {
	struct address wanted[LISTENERS_MAX]; /* as configured */
	struct net_listener item[LISTENERS_MAX];
	size_t count;
	struct services services; /* in the order of wires[] */
};

/*
 * The sockets are private (process.h): a worker is given those of its own
 * generation, so that an address that is given up is closed everywhere.
 */

/*
 * Bind every address of config that old (may be NULL) has not bound already.
 * An IPv6 address that this machine cannot have is passed over with a line
 * in the log, as long as its service has another one. why gets one line:
 * ERR_BUSY (in use), ERR_IO. On failure nothing of ours stays open.
 */
enum err listeners_open(const struct config *config,
    const struct listeners *old, struct listeners *out,
    struct buf *why) MUST_CHECK;

/* Begin to accept on what is not also in old (may be NULL): the kernel answers
 * from now on, so call it only when the site is known to be good. Failures as
 * above. */
enum err listeners_listen(const struct listeners *listeners,
    const struct listeners *old, struct buf *why) MUST_CHECK;

/* Is the socket of an item of list also in other (may be NULL)? */
bool listeners_have(
    const struct listeners *other, const struct listeners *list, size_t at);

/* Close the sockets of list that are not also in other (NULL: all). */
void listeners_close(struct listeners *list, const struct listeners *other);

/* Append "ready gemini://host/ gopher://host/". */
void listeners_add_ready(
    struct buf *out, const struct listeners *listeners, const char *host);

/* ---- listening sockets that are given up ------------------------------- */

/*
 * Each stays open until all who have come to it are accepted, or for a few
 * seconds (net/closing.h).
 */

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
