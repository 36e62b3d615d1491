/* SPDX-License-Identifier: ISC */
/*
 * Not too many lines in the log for one address: what is past
 * LIMIT_LOG_LINES a second is counted, and the log says how many. One address
 * is an IPv4 address or the first 64 bits of an IPv6 one.
 */
#ifndef GUIJU_NET_FLOOD_H
#define GUIJU_NET_FLOOD_H

#include "base/ip.h"
#include "base/log.h"

enum { FLOOD_ADDRESSES = 256 /* that are watched at a time */ };

struct flood_entry {
	struct ip network;
	int64_t second; /* that written is about */
	unsigned written;
	uint64_t left_out; /* and not told of */
};

/* A worker's. Zeroed: nobody has been seen, and addresses are told. */
struct flood {
	enum log_address how; /* how much of them */
	struct flood_entry entry[FLOOD_ADDRESSES];
};

/* May a line be written about this address now? false: it has been counted. */
bool flood_allows(struct flood *flood, const struct ip *ip, int64_t now_s);

/* Tell the log of all that were left out since it was last told. Every few
 * seconds, and at the end. */
void flood_summarise(struct flood *flood);

#endif
