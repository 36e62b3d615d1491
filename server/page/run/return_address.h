/* SPDX-License-Identifier: ISC */
/*
 * The return address of a reader who is sent away: an address of this capsule
 * as one segment of a path. It is not secret and does not expire. Nobody
 * else can make one, so a link of another capsule cannot choose where our page
 * leads. Its form uses RFC 2104 (HMAC) and RFC 4648 (base64url).
 *
 *	segment = base64url( HMAC-SHA-256(...)[12] address )
 */
#ifndef GUIJU_PAGE_RUN_RETURN_ADDRESS_H
#define GUIJU_PAGE_RUN_RETURN_ADDRESS_H

#include "base/arena.h"
#include "base/buf.h"

/* Bytes of an address. Its segment must leave room for what a reader types: a
 * request line of Gemini has 1024 bytes. */
enum { RETURN_ADDRESS_MAX = 276 };

/* The segment that leads nowhere. */
#define RETURN_NOWHERE "-"

/* Append the segment of an address: a path, perhaps with a query. secret:
 * SEAL_SECRET_BYTES. ERR_LIMIT: the address is too long, and nothing is
 * appended. ERR_NOMEM. */
enum err return_address_add(struct buf *out, const unsigned char *secret,
    struct str address) MUST_CHECK;

/* The address of a segment, in the arena. ERR_INPUT: return_address_add() has
 * not made this segment with this secret. ERR_NOMEM. */
enum err return_address_read(struct arena *arena, const unsigned char *secret,
    struct str segment, struct str *out) MUST_CHECK;

#endif
