/* SPDX-License-Identifier: ISC */
/*
 * An address to listen on, as a person writes it: 0.0.0.0:1965, [::1]:70, or
 * a port alone for every address of both families. Only literals: a server
 * that asks the DNS where to listen starts differently from day to day.
 */
#ifndef GUIJU_RUN_CONFIG_ADDRESS_H
#define GUIJU_RUN_CONFIG_ADDRESS_H

#include <netinet/in.h>

#include "base/buf.h"
#include "base/str.h"

struct address {
	bool ipv6;
	char ip[INET6_ADDRSTRLEN]; /* as inet_ntop(3) writes it */
	unsigned port;             /* 0: the kernel chooses */
};

enum { ADDRESSES_MAX = 16 };

struct addresses {
	struct address item[ADDRESSES_MAX];
	size_t count;
	bool off; /* a word for no address was given */
};

/*
 * Append what text says to list: "ADDR:PORT" (one address) or "PORT" (0.0.0.0
 * and [::]). ERR_INPUT: not such a text. ERR_LIMIT: the list is full. why
 * gets one line.
 */
enum err addresses_add(
    struct addresses *list, struct str text, struct buf *why) MUST_CHECK;

bool address_equal(const struct address *a, const struct address *b);

/* Append "127.0.0.1:1965" or "[::1]:1965". */
void address_add_text(struct buf *out, const struct address *address);

#endif
