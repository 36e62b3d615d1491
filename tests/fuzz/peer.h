/* SPDX-License-Identifier: ISC */
/*
 * One connection of the real server, in this process, and its other end. The
 * clock for deadlines moves only when it is told to (the linker puts ours in
 * its place), so a run says the same however fast the machine is.
 */
#ifndef GUIJU_TESTS_FUZZ_PEER_H
#define GUIJU_TESTS_FUZZ_PEER_H

#include "base/buf.h"
#include "net/net.h"

enum peer_end { PEER_SHUT, PEER_RESET };

struct peer {
	int socket; /* the client's end; -1 when it has gone */
	bool deaf;  /* does not read */
	bool ended; /* the server has shut its side in order */
	bool spoke; /* has sent a byte: */
	bool tls;   /* the first of a TLS record (RFC 8446, 5.1) */
	struct buf received;
};

/* The server's certificate for PORTAL_HOST; made at the first call. */
struct tls *peer_tls(void);
/* Connect. small: the server can send little at a time. */
void peer_open(struct peer *peer, const struct wire *wire, bool small);
/* Let the server do all it can. */
void peer_turn(struct peer *peer);
/* As much as the server takes without waiting; false: not all of it. */
bool peer_send(struct peer *peer, struct str bytes);
void peer_wait(struct peer *peer, unsigned ms);
/* Send nothing more, or go away and leave what has come unread. */
void peer_end(struct peer *peer, enum peer_end how);
/* The server is told to stop. */
void peer_drain(struct peer *peer, unsigned ms);
/* Whatever has happened: in the end the server has let go of it. */
void peer_close(struct peer *peer);

#endif
