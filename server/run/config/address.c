/* SPDX-License-Identifier: ISC */
/*
 * Reading and writing addresses. An IPv6 literal stands in brackets, as in a
 * URL (RFC 3986, 3.2.2): the brackets tell its colons from that of the port.
 */
#include "run/config/config.h"

#include <sys/socket.h>
#include <arpa/inet.h>

static const struct str wildcard4 = {"0.0.0.0", 7};
static const struct str wildcard6 = {"::", 2};

static enum err
bad(struct buf *why, struct str text)
{
	buf_text(why, "\"");
	buf_str(why, text);
	buf_text(why,
	    "\" is not an address to listen on: write 127.0.0.1:1965, "
	    "[::1]:1965, or a port alone for all addresses");
	return ERR_INPUT;
}

/* Add one address in its canonical form. ip: a literal without brackets. */
static enum err
add_one(struct addresses *list, bool ipv6, struct str ip, unsigned port)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char raw[sizeof(struct in6_addr)];
	struct address *address;
	int family = ipv6 ? AF_INET6 : AF_INET;

	if (list->count == ADDRESSES_MAX)
		return ERR_LIMIT;
	if (ip.len >= sizeof(text))
		return ERR_INPUT;
	memcpy(text, ip.data, ip.len);
	text[ip.len] = '\0';
	if (memchr(text, '\0', ip.len) != NULL ||
	    inet_pton(family, text, raw) != 1)
		return ERR_INPUT;
	address = &list->item[list->count];
	address->ipv6 = ipv6;
	address->port = port;
	if (inet_ntop(family, raw, address->ip, sizeof(address->ip)) == NULL)
		return ERR_BUG;
	for (size_t i = 0; i < list->count; i++)
		if (address_equal(&list->item[i], address))
			return ERR_BUSY;
	list->count++;
	return OK;
}

/* Split at the last colon, because an IPv6 literal has colons too. */
static bool
split_port(struct str text, struct str *ip, struct str *port)
{
	size_t at = text.len;

	while (at > 0 && text.data[at - 1] != ':')
		at--;
	if (at == 0)
		return false;
	*ip = str_slice(text, 0, at - 1);
	*port = str_slice(text, at, text.len);
	return true;
}

enum err
addresses_add(struct addresses *list, struct str text, struct buf *why)
{
	struct addresses longer = *list;
	struct str ip, port_text = text;
	int64_t port;
	bool one, ipv6 = false;
	enum err err;

	one = split_port(text, &ip, &port_text);
	if (str_to_int(port_text, 0, 65535, &port) != OK)
		return bad(why, text);
	if (!one) {
		err = add_one(&longer, false, wildcard4, (unsigned)port);
		if (err == OK)
			err = add_one(&longer, true, wildcard6, (unsigned)port);
	} else {
		if (str_starts(ip, STR("[")) && str_ends(ip, STR("]"))) {
			ipv6 = true;
			ip = str_slice(ip, 1, ip.len - 1);
		}
		err = add_one(&longer, ipv6, ip, (unsigned)port);
	}
	if (err == ERR_LIMIT) {
		buf_printf(why, "more than %d addresses", (int)ADDRESSES_MAX);
		return err;
	}
	if (err == ERR_BUSY) {
		buf_printf(why, "%.*s stands twice", STR_ARG(text));
		return ERR_INPUT;
	}
	if (err != OK)
		return bad(why, text);
	*list = longer;
	return OK;
}

bool
address_equal(const struct address *a, const struct address *b)
{
	return a->ipv6 == b->ipv6 && a->port == b->port &&
	    strcmp(a->ip, b->ip) == 0;
}

void
address_add_text(struct buf *out, const struct address *address)
{
	buf_printf(out, address->ipv6 ? "[%s]:%u" : "%s:%u", address->ip,
	    address->port);
}
