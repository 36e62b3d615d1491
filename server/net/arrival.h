/* SPDX-License-Identifier: ISC */
/* The first step of a connection: whose it is, and whether it may come in. */
#ifndef GUIJU_NET_ARRIVAL_H
#define GUIJU_NET_ARRIVAL_H

#include "net/connection.h"

/* One that was just accepted. Gives HEADER or HELLO as its state. */
enum step arrival_begin(struct connection *c);
/* Its state is HEADER: read what the proxy says. */
enum step arrival_read_header(struct connection *c);

#endif
