/* SPDX-License-Identifier: ISC */
/*
 * The listening sockets of a configuration. The parent binds them, and every
 * worker inherits them. The next generation takes over the socket of an address
 * that stays, so no connection in its backlog is lost.
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
 * The sockets are private (process.h): a worker gets only those of its own
 * generation. So when an address is given up, no process keeps it open.
 */

/*
 * Bind every address of config that old (may be NULL) has not bound. If the
 * machine has no such IPv6 address, a line in the log says so and the address
 * is left out, as long as the service has another one. ERR_BUSY: an address is
 * in use; ERR_IO. why gets one line. On failure all new sockets are closed.
 */
enum err listeners_open(const struct config *config,
    const struct listeners *old, struct listeners *out,
    struct buf *why) MUST_CHECK;

/* Listen on the sockets that are not also in old (may be NULL). From now on the
 * kernel accepts connections, so call this only after the rehearsal. Errors: as
 * above. */
enum err listeners_listen(const struct listeners *listeners,
    const struct listeners *old, struct buf *why) MUST_CHECK;

/* Is the socket of list->item[at] also in other (may be NULL)? */
bool listeners_have(
    const struct listeners *other, const struct listeners *list, size_t at);

/* Close the sockets of list that are not also in other (NULL: all). */
void listeners_close(struct listeners *list, const struct listeners *other);

/* Append one line without LF: "ready gemini://host/ gopher://host/". */
void listeners_add_ready(
    struct buf *out, const struct listeners *listeners, const char *host);

/* ---- listening sockets that are given up ------------------------------- */

/*
 * Such a socket lets in no new connection. It stays open until workers have
 * accepted all connections of its backlog, or for a few seconds at most
 * (net/net.h).
 */

/* The sockets of at most two generations. Zeroed: none. */
enum { CLOSINGS_MAX = 2 * LISTENERS_MAX };

struct closings {
	struct {
		int socket;
		int64_t latest_ms;
	} item[CLOSINGS_MAX];
	size_t count;
};

/*
 * Take over the sockets of listeners that are not also in other (NULL: all),
 * and empty the list. They let in no new connection from now on. Call this
 * before the workers are told to leave: these accept what is in the backlog.
 */
void closings_take(struct closings *closings, struct listeners *listeners,
    const struct listeners *other, int64_t now_ms);
/* Close the sockets whose backlog is empty, and those whose time is over. */
void closings_tend(struct closings *closings, int64_t now_ms);
/* When to call closings_tend() again; INT64_MAX: never. */
int64_t closings_next_ms(const struct closings *closings, int64_t now_ms);
/* Close all. */
void closings_release(struct closings *closings);

#endif
