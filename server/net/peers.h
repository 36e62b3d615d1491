/* SPDX-License-Identifier: ISC */
/*
 * Who is here: what one address has open in all workers together, and how
 * much it has asked for lately. One address is an IPv4 address or the first
 * 64 bits of an IPv6 one, which is what one household is given (RFC 6177).
 *
 * The parent makes the table before it forks; the workers share it without a
 * lock, so none of them can make another wait, even if it is stopped or dies
 * in the middle. Times are clock_us().
 */
#ifndef GUIJU_NET_PEERS_H
#define GUIJU_NET_PEERS_H

#include <sys/types.h>

#include "base/ip.h"

struct peers;

/* In the parent. ERR_NOMEM. */
enum err peers_new(struct peers **out) MUST_CHECK;
void peers_free(struct peers *peers);
/* In the parent: the process with this number has ended, with all that was
 * open in it. It need not have been one of ours. */
void peers_ended(struct peers *peers, pid_t pid);

/* What one address may do; past it, it is told to wait; past twice as much,
 * it is sent away. */
struct peers_limits {
	unsigned connections; /* open at once; an eighth in handshakes */
	unsigned rate;        /* new ones a second; three seconds' at once */
};

/* A worker's seat at the table. Zeroed: nobody is counted, all are welcome. */
struct peers_seat {
	struct peers *peers; /* kept */
	struct peers_limits limits;
	unsigned number;
};

/* In a worker: take a seat. Where none is free *out is zeroed. */
void peers_sit(
    struct peers *peers, struct peers_limits limits, struct peers_seat *out);

/* One connection of an address. Zeroed: it is not counted. */
struct visit {
	uint32_t place; /* of its address in the table, from 1 on */
	bool shaking;
};

enum peers_word {
	PEERS_WELCOME,
	PEERS_WAIT, /* *wait_s has been set: 1 to 60 */
	PEERS_AWAY  /* the visit has been left zeroed */
};

/*
 * A connection of ip begins. crowded: the house is nearly full, and only those
 * come in who have nothing open yet. Where the table has no room for another
 * address, that address is welcome.
 */
enum peers_word peers_enter(const struct peers_seat *seat, const struct ip *ip,
    bool crowded, int64_t now_us, struct visit *visit, unsigned *wait_s);
/* Its TLS handshake begins, and is over. *wait_s stays if it is set. */
enum peers_word peers_shake(
    const struct peers_seat *seat, struct visit *visit, unsigned *wait_s);
void peers_shaken(const struct peers_seat *seat, struct visit *visit);
/* Its request has kept a worker busy for so long: what is more than a new
 * connection's share counts as that many new connections, twice. */
void peers_charge(const struct peers_seat *seat, const struct visit *visit,
    int64_t busy_us, int64_t now_us);
/* It has ended. The visit is zeroed. */
void peers_leave(const struct peers_seat *seat, struct visit *visit);

/* What an address has open and in handshakes, in all workers; for tests. */
void peers_count(const struct peers *peers, const struct ip *ip, unsigned *open,
    unsigned *shaking);

#endif
