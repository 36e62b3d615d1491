/* SPDX-License-Identifier: ISC */
/*
 * A request's line in the log. The line is written when the answer is over, and
 * the request's arena is emptied before that. So the facts for the line are
 * copied when the answer is made.
 */
#ifndef GUIJU_NET_REQUEST_LOG_H
#define GUIJU_NET_REQUEST_LOG_H

#include "base/ip.h"
#include "base/log.h"
#include "net/transport.h"
#include "wire/wire.h"

/* ---- not too many lines ------------------------------------------------ */

/*
 * Lines past LIMIT_LOG_LINES per second and address are not written. They are
 * counted, and the log gets their number. One address is an IPv4 address, or
 * the first 64 bits of an IPv6 address.
 */
enum { FLOOD_ADDRESSES = 256 /* watched at the same time */ };

struct flood_entry {
	struct ip network;
	int64_t second;    /* the clock's second of `written` */
	unsigned written;  /* lines in that second */
	uint64_t left_out; /* lines whose number is not yet logged */
};

/* The table of a worker. Zeroed: no address has been seen, and addresses are
 * logged in full. */
struct flood {
	enum log_address how; /* how much of an address is logged */
	struct flood_entry entry[FLOOD_ADDRESSES];
};

/* May a line be written about this address now? The line is counted as written
 * (true) or as left out (false). */
bool flood_allows(struct flood *flood, const struct ip *ip, int64_t now_s);

/* Log how many lines were left out since the last call. Call it every few
 * seconds, and at the end. */
void flood_summarise(struct flood *flood);

/* Write an address as the log shows it; flood->how decides how much of it. */
void flood_name(
    const struct flood *flood, const struct ip *ip, char out[IP_TEXT_MAX]);

/* ---- the line of a request --------------------------------------------- */

/* The client of a request. Borrowed. */
struct asker {
	const struct wire *wire;
	const struct channel *channel;
	const struct ip *ip;
	bool may_wait;  /* for a lane, if the page is costly */
	bool sent_back; /* with a whole upload that no lane has come for */
};

/* The facts for one line. Zeroed: there was no request. */
struct request_log {
	struct flood *flood; /* kept */
	const char *protocol, *kind;
	struct ip ip;
	char address[IP_TEXT_MAX];
	char tls[12];
	char identity[13]; /* the first digits of a fingerprint, or "-" */
	char reference[REFERENCE_SIZE];
	struct buf path; /* without seals and private words */
};

/* Copy the facts of a request and its reply into *log. flood: kept. */
void request_log_begin(struct request_log *log, struct flood *flood,
    const struct asker *asker, const struct request *request,
    const struct reply *reply);
/* Write the line, if there was a request and flood_allows() it. bytes: sent;
 * us: since the request. whole: the answer was sent to its end. */
void request_log_end(
    const struct request_log *log, uint64_t bytes, int64_t us, bool whole);
/* *log is zeroed. */
void request_log_release(struct request_log *log);

#endif
