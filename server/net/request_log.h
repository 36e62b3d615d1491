/* SPDX-License-Identifier: ISC */
/*
 * A request's line in the log. It is written when the connection ends, and by
 * then the request is forgotten: so what it will tell is copied when the
 * answer is made.
 */
#ifndef GUIJU_NET_REQUEST_LOG_H
#define GUIJU_NET_REQUEST_LOG_H

#include "base/ip.h"
#include "base/log.h"
#include "base/reference.h"
#include "net/transport.h"
#include "wire/wire.h"

/* ---- not too many lines ------------------------------------------------ */

/*
 * Lines past LIMIT_LOG_LINES per second and address are counted, and the log
 * says how many. One address is an IPv4 address or the first 64 bits of an
 * IPv6 one.
 */
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

/* What the log calls an address: as much of it as flood->how tells. */
void flood_name(
    const struct flood *flood, const struct ip *ip, char out[IP_TEXT_MAX]);

/* ---- the line of a request --------------------------------------------- */

/* Who asks. Borrowed. */
struct asker {
	const struct wire *wire;
	const struct channel *channel;
	const struct ip *ip;
};

/* Zeroed: there is nothing to tell. */
struct request_log {
	struct flood *flood; /* kept */
	const char *protocol, *kind;
	struct ip ip;
	char address[IP_TEXT_MAX];
	char tls[12];
	char identity[13]; /* the first digits of a fingerprint, or "-" */
	char reference[REFERENCE_SIZE];
	struct buf path; /* masked */
};

/* Keep what there is to tell of a request that has been answered. */
void request_log_begin(struct request_log *log, struct flood *flood,
    const struct asker *asker, const struct request *request,
    const struct reply *reply);
/* Write the line, if there was a request and its address has not had too many.
 * whole: the reader has got all. */
void request_log_end(
    const struct request_log *log, uint64_t bytes, int64_t us, bool whole);
void request_log_release(struct request_log *log);

#endif
