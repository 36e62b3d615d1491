/* SPDX-License-Identifier: ISC */
/*
 * What a page may know about the protocol of a request: facts, never which
 * protocol it is. A row of them is part of each struct wire (wire/wire.h).
 */
#ifndef GUIJU_PAGE_PROTOCOL_H
#define GUIJU_PAGE_PROTOCOL_H

#include "base/metrics.h"
#include "text/write.h"

enum { PROTOCOLS_MAX = METRIC_PROTOCOLS };

struct protocol {
	/* Its scheme, its setting, its name in the log, in the metrics and
	 * for pages. */
	const char *name;
	const char *title; /* as people write it: "Gemini" */
	unsigned port;     /* the port that an address need not name */
	size_t line_max;   /* bytes of a request line without its end */
	/* Pages that write, want a certificate or take an upload are served.
	 * Without it their links lead to the protocol that serves them. */
	bool acts;
	/* A reply may lead to another address. Without it a redirect to a menu
	 * is followed here. */
	bool redirects;
	/* A page is a menu of typed items or wrapped text, and no reply has a
	 * media type (RFC 1436). */
	bool menus;
	/* The reader's words are not part of an address, so a redirect would
	 * lose them. */
	bool input_apart;
	/* What begins a line of gemtext that leads to a page which asks. NULL:
	 * what begins any other link. */
	const char *ask_mark;
	struct plain_style plain; /* of plain text */
};

/* What is served, and where. The first one serves every page. */
struct services {
	struct service {
		const struct protocol *protocol;
		unsigned port; /* the public one; 0: not served */
	} item[PROTOCOLS_MAX];
	size_t count;
};

/* The public port of a protocol; 0: it is not served. */
static inline unsigned
services_port(const struct services *services, const struct protocol *protocol)
{
	for (size_t i = 0; i < services->count; i++)
		if (services->item[i].protocol == protocol)
			return services->item[i].port;
	return 0;
}

#endif
