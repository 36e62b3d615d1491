/* SPDX-License-Identifier: ISC */
/*
 * The limits: every number that bounds what one client may take of a server,
 * in one table, each with where it comes from and what happens past it. What
 * an operator may set has its default here. guiju(5) has the table in words,
 * and tests/unit/run_limits.c holds the two together.
 *
 * Times are on the monotonic clock. "own" is a number of our own choice.
 */
#ifndef GUIJU_BASE_LIMITS_H
#define GUIJU_BASE_LIMITS_H

enum limits {
	/* ---- a request ---------------------------------------------- */

	/* How long its line and what a reader typed may be stands in the row
	 * of each protocol (wire/). */

	/* ---- the states of a connection ----------------------------- */

	/* From accept(2) to the end of TLS's handshake, and for a PROXY
	 * header before it. Past it: closed. (own) */
	LIMIT_HANDSHAKE_MS = 10 * 1000,
	/* What a client may send for it, and how many certificates in a chain.
	 * Past either: closed. (own: with a long chain it is some 12 kB) */
	LIMIT_HANDSHAKE_BYTES = 32 * 1024,
	LIMIT_CERTIFICATES = 10,
	/* From there to the end of the request line, however it trickles
	 * in. Past it: 59, once. (own) */
	LIMIT_REQUEST_MS = 10 * 1000,
	/* At a stop, for whoever has not begun a request. Past it: closed.
	 * (own) */
	LIMIT_IDLE_MS = 1000,
	/* An answer has this time and what its size allows for, */
	LIMIT_ANSWER_MS = 60 * 1000,
	LIMIT_ANSWER_BYTES_PER_MS = 8, /* 8 kB/s over all; */
	/* and in each such window */
	LIMIT_WINDOW_MS = 20 * 1000,
	LIMIT_WINDOW_BYTES = 20 * 1024, /* so much arrives: 1 KiB/s. */
	/* Past any of these: a reset, so that the kernel forgets what it has
	 * not sent. (own) */
	/* Of it in the kernel and not yet on its way; the next bytes wait.
	 * Without it the kernel takes megabytes, and what a reader leaves
	 * unread stays there for minutes.
	 * (own: two pieces of a file) */
	LIMIT_UNSENT_BYTES = 128 * 1024,
	/* From our last byte to the peer's end, what it still sends being
	 * dropped: closing on unread bytes would take the answer back (RFC
	 * 1122, 4.2.2.13). Past either: closed. (own; as long as a client
	 * that sends before it reads may need for a file) */
	LIMIT_DRAIN_MS = 2 * 1000,
	LIMIT_DRAIN_BYTES = 1024 * 1024,
	/* Sent to one client before the others have their turn. (own: four
	 * TLS records) */
	LIMIT_TURN_BYTES = 64 * 1024,
	/* Of a file in memory at a time. (own) */
	LIMIT_FILE_PIECE_BYTES = 64 * 1024,

	/* ---- a server ----------------------------------------------- */

	/* Connections of all workers together: `connections`. Past it,
	 * clients wait to be accepted. (own) */
	LIMIT_CONNECTIONS = 4096,
	/* Waiting to be accepted on each address; the kernel cuts it to
	 * net.core.somaxconn. Past it, clients try again by themselves. (own:
	 * with a short one they lose a second or three) */
	LIMIT_BACKLOG = 4096,
	/* Descriptors that a worker asks of the system. Past it: the oldest
	 * that waits is accepted and closed, and accepting rests for */
	LIMIT_FILES = 16384,
	LIMIT_REST_MS = 100,

	/* ---- one address: IPv4, or 64 bits of IPv6 ------------------- */

	/* Open at once: `per-address-connections`. (own) */
	LIMIT_PEER_CONNECTIONS = 32,
	/* New ones a second, `per-address-rate`, and so many seconds' worth
	 * at once. (own) */
	LIMIT_PEER_RATE = 20,
	LIMIT_PEER_BURST_S = 3,
	/* One in so many of its connections may be in a handshake. (own) */
	LIMIT_PEER_SHAKING = 8,
	/* A request that keeps a worker busy for longer than a new
	 * connection's share of a second counts as so many times that many
	 * more: who asks for slow pages has half a worker. (own) */
	LIMIT_PEER_WORK = 2,
	/* Past any of these: 44 or an error item, with the seconds after
	 * which there is room again (where that cannot be known, 5), at most
	 * a minute. Past twice as much: a reset at once. */
	LIMIT_PEER_WAIT_S = 5,
	LIMIT_WAIT_MAX_S = 60,
	/* So full, in percent, a worker takes only addresses that have
	 * nothing open. (own) */
	LIMIT_CROWDED = 90,

	/* Lines about the requests of one address in the log, a worker and a
	 * second. Past it: counted, and told as one line. (own) */
	LIMIT_LOG_LINES = 50,

	/* ---- a page ------------------------------------------------- */

	/* All statements of a request together. Past it: busy. (own) */
	LIMIT_PAGE_MS = 1000,
	/* How long a page that writes waits for another writer; its worker
	 * serves nobody else meanwhile. Past it: busy. (own) */
	LIMIT_WRITE_WAIT_MS = 500,
	/* Of what a reader searches for: runs of letters or of Chinese without
	 * a separator, characters of one, and the tokens of them all that an
	 * index is asked for, each of which opens the whole of it. What is past
	 * these is not looked for; the last is made good by text_has(). (own)
	 */
	LIMIT_SEARCH_RUNS = 16,
	LIMIT_SEARCH_RUN_CHARACTERS = 64,
	LIMIT_SEARCH_TOKENS = 48,
	/* Pages that write, with one certificate or, without any, from one
	 * address, a minute and a day (UTC). Past either: busy, with the
	 * seconds to its end. (own) */
	LIMIT_WRITES_MINUTE = 60,
	LIMIT_WRITES_DAY = 1000,
	/* The text of a page. Past it: broken; long lists are paged. (own) */
	LIMIT_PAGE_BYTES = 256 * 1024,
	/* The same of a page that is data (CSV, XML, JSON, text) and is read by
	 * programs, which would have to put pages together. (own) */
	LIMIT_DATA_BYTES = 1024 * 1024
};

#endif
