/* SPDX-License-Identifier: ISC */
/*
 * The limits per address and per network: how many connections they have open
 * in all workers together, how many new ones they made lately, and how much
 * processor time these took. One address is an IPv4 address, or the first 64
 * bits of an IPv6 address, because a household gets at least one network of
 * that size (RFC 6177). A network is the first 24 bits of an IPv4 address, or
 * 48 of an IPv6 one. peers.c explains the limits.
 *
 * The parent makes the table before it forks. The workers share it without a
 * lock. So a worker that is stopped or dies in the middle of a change never
 * makes another wait. Times are clock_us(), processor times clock_cpu_us().
 */
#ifndef GUIJU_NET_PEERS_H
#define GUIJU_NET_PEERS_H

#include <sys/types.h>
#include <stdbool.h>

#include "base/ip.h"

struct peers;

/* In the parent. ERR_NOMEM. */
enum err peers_new(struct peers **out) MUST_CHECK;
void peers_free(struct peers *peers);
/* In the parent: the process pid has ended, and its connections with it. Does
 * nothing for a process that was not a worker. */
void peers_ended(struct peers *peers, pid_t pid);

/* The limits of one address; a network has LIMIT_NETWORK_TIMES as much. Past a
 * limit its readers are told to wait; past twice the limit its connections are
 * reset. */
struct peers_limits {
	unsigned connections; /* open at once */
	unsigned rate;        /* new ones per second */
	unsigned work;        /* processor time, in percent of one processor */
	/* For all addresses together: processor time of costly pages, in
	 * percent of one processor. */
	unsigned costly;
	/* Lanes: so many workers run a costly page at once. 0: all. */
	unsigned lanes;
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

enum { PEERS_WIDTHS = 2 /* the address and the network */ };

/* One connection of an address. Zeroed: it is not counted. */
struct visit {
	uint32_t entry[PEERS_WIDTHS]; /* numbers of the entries, from 1 on */
	bool told;                    /* to wait, because it came too soon */
};

enum peers_word {
	PEERS_WELCOME,
	PEERS_WAIT, /* tell the reader to wait *wait_s seconds, 1 to 60 */
	PEERS_AWAY  /* reset the connection; *visit is zeroed */
};

/*
 * A connection of ip begins. room: how many connections more the worker takes.
 * An address for which the table has no room is not counted and is welcome.
 */
enum peers_word peers_enter(const struct peers_seat *seat, const struct ip *ip,
    size_t room, int64_t now_us, struct visit *visit, unsigned *wait_s);
/* The connection has taken cpu_us of the processor, and ends. *visit is zeroed.
 */
void peers_leave(const struct peers_seat *seat, struct visit *visit,
    int64_t cpu_us, int64_t now_us);

/* How many seconds a reader must wait for a costly page; 0: none. known: the
 * reader has a certificate. */
unsigned peers_costly_wait(
    const struct peers_seat *seat, bool known, int64_t now_us);
/* An answer took cpu_us of the processor. */
void peers_answered(
    const struct peers_seat *seat, int64_t cpu_us, int64_t now_us);

/* A worker's right to run a costly page. Zeroed: none. */
struct lane {
	unsigned number; /* from 1 on; 0: none */
	int64_t until_us;
};

/* Take a lane, for LIMIT_LANE_MS. false: all are taken. Do not call it without
 * a table, or with limits.lanes 0. */
bool peers_take_lane(
    const struct peers_seat *seat, int64_t now_us, struct lane *out);
/* Give it back; *lane is zeroed. Does nothing if the lane has become another's
 * meanwhile, and for a zeroed one. */
void peers_leave_lane(const struct peers_seat *seat, struct lane *lane);

/* The connections that an address has open in all workers; for tests. */
unsigned peers_count(const struct peers *peers, const struct ip *ip);

#endif
