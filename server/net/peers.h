/* SPDX-License-Identifier: ISC */
/*
 * The limits per address: how many connections an address has open in all
 * workers together, and how many new ones it made lately. One address is an
 * IPv4 address, or the first 64 bits of an IPv6 address, because a household
 * gets at least one network of that size (RFC 6177).
 *
 * The parent makes the table before it forks. The workers share it without a
 * lock. So a worker that is stopped or dies in the middle of a change never
 * makes another wait. Times are clock_us().
 */
#ifndef GUIJU_NET_PEERS_H
#define GUIJU_NET_PEERS_H

#include <sys/types.h>

#include "base/ip.h"

struct peers;

/* In the parent. ERR_NOMEM. */
enum err peers_new(struct peers **out) MUST_CHECK;
void peers_free(struct peers *peers);
/* In the parent: the process pid has ended, and its connections with it. Does
 * nothing for a process that was not a worker. */
void peers_ended(struct peers *peers, pid_t pid);

/* The limits of one address. Past a limit its readers are told to wait; past
 * twice the limit its connections are reset. */
struct peers_limits {
	unsigned connections; /* open at once; an eighth may be in handshakes */
	unsigned rate; /* new ones per second; a burst has those of three */
};

/* A worker's row of counts in the table. Zeroed: no connection is counted, and
 * all are welcome. */
struct peers_seat {
	struct peers *peers; /* kept */
	struct peers_limits limits;
	unsigned number;
};

/* In a worker: take a row of counts. If none is free, nothing is counted, and
 * out->peers is NULL. peers: kept; NULL is as if none were free. */
void peers_sit(
    struct peers *peers, struct peers_limits limits, struct peers_seat *out);

/* One connection of an address. Zeroed: it is not counted. */
struct visit {
	uint32_t place; /* number of the address's entry, from 1 on */
	bool shaking;   /* counted as a handshake */
};

enum peers_word {
	PEERS_WELCOME,
	PEERS_WAIT, /* tell the reader to wait *wait_s seconds, 1 to 60 */
	PEERS_AWAY  /* reset the connection; *visit is zeroed */
};

/*
 * A connection of ip begins. crowded: the worker is nearly full, and accepts
 * only addresses without an open connection. An address for which the table has
 * no room is not counted and is welcome.
 */
enum peers_word peers_enter(const struct peers_seat *seat, const struct ip *ip,
    bool crowded, int64_t now_us, struct visit *visit, unsigned *wait_s);
/* The TLS handshake of a connection begins; peers_shaken(): it is over. After
 * PEERS_WAIT a *wait_s above zero keeps its value. */
enum peers_word peers_shake(
    const struct peers_seat *seat, struct visit *visit, unsigned *wait_s);
void peers_shaken(const struct peers_seat *seat, struct visit *visit);
/* The request of a connection has occupied a worker for busy_us. The time above
 * one new connection's share counts as more new connections, twice in
 * proportion. */
void peers_charge(const struct peers_seat *seat, const struct visit *visit,
    int64_t busy_us, int64_t now_us);
/* The connection has ended. *visit is zeroed. */
void peers_leave(const struct peers_seat *seat, struct visit *visit);

/* The connections that an address has open, and those in handshakes, in all
 * workers; for tests. */
void peers_count(const struct peers *peers, const struct ip *ip, unsigned *open,
    unsigned *shaking);

#endif
