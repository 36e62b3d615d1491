/* SPDX-License-Identifier: ISC */
/* Reading, writing and comparing IP addresses. */
#include "base/ip.h"

#include <arpa/inet.h>

#include "base/banned.h"

enum {
	MAPPED_BYTES = IP_BYTES - IP4_BYTES, /* the prefix of ::ffff:a.b.c.d */
	MAPPED_BITS = 8 * MAPPED_BYTES,
	IP4_BITS = 8 * IP4_BYTES,
	IP_BITS = 8 * IP_BYTES
};

static const unsigned char mapped[MAPPED_BYTES] = {[10] = 0xFF, [11] = 0xFF};

bool
ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->byte, mapped, MAPPED_BYTES) == 0;
}

struct ip
ip_network(const struct ip *ip, unsigned v4, unsigned v6)
{
	const unsigned bits = ip_is_v4(ip) ? 8 * MAPPED_BYTES + v4 : v6;
	struct ip network = *ip;

	for (unsigned i = 0; i < IP_BYTES; i++)
		if (8 * i >= bits)
			network.byte[i] = 0;
		else if (bits - 8 * i < 8)
			network.byte[i] &=
			    (unsigned char)(0xFF << (8 - (bits - 8 * i)));
	return network;
}

struct ip
ip_from_v4(const unsigned char *bytes)
{
	struct ip ip;

	memcpy(ip.byte, mapped, MAPPED_BYTES);
	memcpy(ip.byte + MAPPED_BYTES, bytes, IP4_BYTES);
	return ip;
}

struct ip
ip_from_v6(const unsigned char *bytes)
{
	struct ip ip;

	memcpy(ip.byte, bytes, IP_BYTES);
	return ip;
}

/* out: room for an address of the family. */
static enum err
read_literal(int family, struct str text, unsigned char *out)
{
	char literal[IP_TEXT_MAX];

	if (text.len == 0 || text.len >= sizeof(literal) ||
	    memchr(text.data, '\0', text.len) != NULL)
		return ERR_INPUT;
	memcpy(literal, text.data, text.len);
	literal[text.len] = '\0';
	return inet_pton(family, literal, out) == 1 ? OK : ERR_INPUT;
}

enum err
ip_read_v4(struct str text, struct ip *out)
{
	unsigned char bytes[IP4_BYTES];
	enum err err = read_literal(AF_INET, text, bytes);

	if (err == OK)
		*out = ip_from_v4(bytes);
	return err;
}

enum err
ip_read_v6(struct str text, struct ip *out)
{
	unsigned char bytes[IP_BYTES];
	enum err err = read_literal(AF_INET6, text, bytes);

	if (err == OK)
		*out = ip_from_v6(bytes);
	return err;
}

void
ip_write(const struct ip *ip, char out[IP_TEXT_MAX])
{
	const bool v4 = ip_is_v4(ip);

	if (inet_ntop(v4 ? AF_INET : AF_INET6,
		ip->byte + (v4 ? MAPPED_BYTES : 0), out, IP_TEXT_MAX) == NULL)
		out[0] = '\0'; /* cannot happen: there is room */
}

static enum err
read_range(struct str text, struct ip_range *out)
{
	struct str rest = text, ip;
	struct ip_range range;
	int64_t bits, most;

	(void)str_next_part(&rest, '/', &ip);
	if (ip_read_v4(ip, &range.first) == OK)
		most = IP4_BITS;
	else if (ip_read_v6(ip, &range.first) == OK)
		most = IP_BITS;
	else
		return ERR_INPUT;
	bits = most;
	if (rest.data != NULL && str_to_int(rest, 0, most, &bits) != OK)
		return ERR_INPUT;
	range.bits = (unsigned)bits + (most == IP4_BITS ? MAPPED_BITS : 0);
	*out = range;
	return OK;
}

enum err
ip_ranges_add(struct ip_ranges *list, struct str text, struct buf *why)
{
	struct ip_range range;

	if (read_range(text, &range) != OK) {
		buf_text(why, "\"");
		buf_str(why, text);
		buf_text(why,
		    "\" is not an address: write 192.0.2.1, 10.0.0.0/8, ::1 or "
		    "2001:db8::/32");
		return ERR_INPUT;
	}
	if (list->count == IP_RANGES_MAX) {
		buf_printf(why, "more than %d addresses", (int)IP_RANGES_MAX);
		return ERR_LIMIT;
	}
	list->item[list->count++] = range;
	return OK;
}

static bool
is_in(const struct ip_range *range, const struct ip *ip)
{
	const unsigned whole = range->bits / 8, left = range->bits % 8;

	if (memcmp(range->first.byte, ip->byte, whole) != 0)
		return false;
	return left == 0 ||
	    (range->first.byte[whole] ^ ip->byte[whole]) >> (8 - left) == 0;
}

bool
ip_ranges_have(const struct ip_ranges *list, const struct ip *ip)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_in(&list->item[i], ip))
			return true;
	return false;
}
