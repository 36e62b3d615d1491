/* SPDX-License-Identifier: ISC */
/*
 * The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): what a
 * balancer says, before the first byte of a connection, about whose it is.
 * Only bytes are read here; whom to believe is net/'s affair.
 */
#ifndef GUIJU_WIRE_PROXY_H
#define GUIJU_WIRE_PROXY_H

#include "base/ip.h"
#include "base/str.h"

enum {
	PROXY_V1_MAX = 107,       /* with CR LF; proxy-protocol.txt, 2.1 */
	PROXY_V2_BEGIN = 16,      /* signature, command, family, length */
	PROXY_V2_REST_MAX = 2048, /* addresses and TLVs (own) */
	PROXY_MAX = PROXY_V2_BEGIN + PROXY_V2_REST_MAX
};

struct proxy_header {
	size_t len;     /* bytes of the header; what follows is the client's */
	bool known;     /* the source is known; else it is the proxy itself */
	struct ip from; /* the source, if it is known */
};

enum proxy_progress {
	PROXY_PARTIAL, /* all of these bytes are the header's, and more */
	PROXY_WHOLE,   /* *out is set */
	PROXY_BAD      /* no header, or a malformed one */
};

/*
 * Look for a header at the beginning of what was received. Never says
 * PROXY_PARTIAL of PROXY_MAX bytes. known is false for version 1's UNKNOWN,
 * for version 2's LOCAL, and for families that are not TCP over IP. TLVs are
 * passed over.
 */
enum proxy_progress proxy_read(struct str received, struct proxy_header *out);

#endif
