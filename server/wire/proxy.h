/* SPDX-License-Identifier: ISC */
/*
 * The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt). A proxy
 * sends a header before the client's first byte; the header has the client's
 * address. This file only reads the bytes. net/ decides which proxies it
 * trusts.
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
	size_t len;     /* bytes of the header; the client's bytes follow */
	bool known;     /* the header has the client's address */
	struct ip from; /* that address, if known */
};

enum proxy_progress {
	PROXY_PARTIAL, /* all bytes are the header's, and more must come */
	PROXY_WHOLE,   /* *out is set */
	PROXY_BAD      /* not a header, or a malformed one */
};

/*
 * Read a header at the beginning of the received bytes. PROXY_MAX bytes are
 * never PROXY_PARTIAL. out->known is false for version 1's UNKNOWN, for version
 * 2's LOCAL, and for families that are not TCP over IP: the connection is then
 * the proxy's own. TLVs are ignored.
 */
enum proxy_progress proxy_read(struct str received, struct proxy_header *out);

#endif
