/* SPDX-License-Identifier: ISC */
/*
 * IP addresses of both families as one type, and address ranges. An IPv4
 * address is kept as an IPv4-mapped IPv6 address, ::ffff:a.b.c.d (RFC 4291,
 * 2.5.5.2). So the same reader has the same address, however it is written.
 */
#ifndef GUIJU_BASE_IP_H
#define GUIJU_BASE_IP_H

#include "base/buf.h"
#include "base/str.h"

enum { IP_BYTES = 16, IP4_BYTES = 4, IP_TEXT_MAX = 46, IP_RANGES_MAX = 32 };

struct ip {
	unsigned char byte[IP_BYTES];
};

struct ip_range {
	struct ip first;
	unsigned bits; /* length of the common prefix; 0 to 128 */
};

struct ip_ranges {
	struct ip_range item[IP_RANGES_MAX];
	size_t count;
};

bool ip_is_v4(const struct ip *ip);

/* Zero all but the first bits of an address: keep v4 bits of an IPv4 address's
 * 32, or v6 bits of an IPv6 address's 128. */
struct ip ip_network(const struct ip *ip, unsigned v4, unsigned v6);

/* Make an address of 4 bytes of IPv4 or 16 of IPv6, in network order. */
struct ip ip_from_v4(const unsigned char *bytes);
struct ip ip_from_v6(const unsigned char *bytes);

/* Read an address of that family as inet_pton(3) does: no brackets, no zone.
 * ERR_INPUT: it is not such an address. */
enum err ip_read_v4(struct str text, struct ip *out) MUST_CHECK;
enum err ip_read_v6(struct str text, struct ip *out) MUST_CHECK;

/* Write an address as inet_ntop(3) does. */
void ip_write(const struct ip *ip, char out[IP_TEXT_MAX]);

/*
 * Append a range to the list: "10.0.0.0/8", "2001:db8::/32", or one address.
 * ERR_INPUT: text is not a range. ERR_LIMIT: the list is full. On failure why
 * gets one line.
 */
enum err ip_ranges_add(
    struct ip_ranges *list, struct str text, struct buf *why) MUST_CHECK;

/* Is ip in one of the ranges? */
bool ip_ranges_have(const struct ip_ranges *list, const struct ip *ip);

#endif
