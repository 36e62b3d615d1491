/* SPDX-License-Identifier: ISC */
/*
 * A request's line in the log. It is written when the connection ends, and by
 * then the request is forgotten: so what it will tell is copied when the
 * answer is made.
 */
#ifndef GUIJU_NET_REQUEST_LOG_H
#define GUIJU_NET_REQUEST_LOG_H

#include "base/reference.h"
#include "net/parts.h"
#include "net/transport.h"

/* Who asks. Borrowed. */
struct asker {
	const struct wire *wire;
	const struct channel *channel;
	const struct ip *ip;
};

/* Zeroed: there is nothing to tell. */
struct request_log {
	struct net *net; /* kept */
	const char *protocol, *kind;
	struct ip ip;
	char address[IP_TEXT_MAX];
	char tls[12];
	char identity[13]; /* the first digits of a fingerprint, or "-" */
	char reference[REFERENCE_SIZE];
	struct buf path; /* masked */
};

/* What the log calls an address: as much of it as it is to tell. */
void request_log_name(
    enum log_address how, const struct ip *ip, char out[IP_TEXT_MAX]);

/* Keep what there is to tell of a request that has been answered. */
void request_log_begin(struct request_log *log, struct net *net,
    const struct asker *asker, const struct request *request,
    const struct reply *reply);
/* Write the line, if there was a request and its address has not had too many.
 * whole: the reader has got all. */
void request_log_end(
    const struct request_log *log, uint64_t bytes, int64_t us, bool whole);
void request_log_release(struct request_log *log);

#endif
