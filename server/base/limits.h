/* SPDX-License-Identifier: ISC */
/*
 * The limits: every number that bounds what one client may take of a server,
 * in one table, each with where it comes from and what happens past it. What
 * an operator may set has its default here. guiju.ini(5) has the table in
 * words, and tests/unit/run_limits.c holds the two together.
 *
 * Times are on the monotonic clock. "own" is a number of our own choice.
 */
#ifndef GUIJU_BASE_LIMITS_H
#define GUIJU_BASE_LIMITS_H

enum limits {
	/* ---- a request ---------------------------------------------- */

	/* The longest request line and the longest answer of a reader stand in
	 * each protocol's row (wire/). */

	/* ---- the states of a connection ----------------------------- */

	/* From accept(2) to the end of the TLS handshake, including a PROXY
	 * header before it. Past it: closed. (own) */
	LIMIT_HANDSHAKE_MS = 10 * 1000,
	/* Bytes that a client may send in the handshake, and certificates in
	 * its chain. Past either: closed. (own: a long chain needs 12 kB) */
	LIMIT_HANDSHAKE_BYTES = 32 * 1024,
	LIMIT_CERTIFICATES = 10,
	/* Bits of an RSA key in a client's certificate, and of its public
	 * exponent. Past either: an alert. (own: a signature of the longest
	 * key costs a tenth of a handshake, a long exponent 17 handshakes) */
	LIMIT_RSA_BITS = 4096,
	LIMIT_RSA_EXPONENT_BITS = 32,
	/* From the handshake to the end of the request line, however slowly
	 * the line arrives. Past it: 59, once. (own) */
	LIMIT_REQUEST_MS = 10 * 1000,
	/* While draining: how long a connection without a request may stay.
	 * Past it: closed. (own) */
	LIMIT_IDLE_MS = 1000,
	/* An answer may take this time, and longer where its size needs more
	 * at 8 kB per second. Past it: a reset, so that the kernel drops what
	 * is unsent. (own) */
	LIMIT_ANSWER_MS = 60 * 1000,
	LIMIT_ANSWER_BYTES_PER_MS = 8,
	/* In each window of an answer the reader takes at least these bytes,
	 * 1 KiB per second. Past it: a reset. (own) */
	LIMIT_WINDOW_MS = 20 * 1000,
	LIMIT_WINDOW_BYTES = 20 * 1024,
	/* Bytes of an answer that the kernel may hold unsent; writing stops
	 * above it. Without this limit the kernel holds megabytes for minutes.
	 * (own: two pieces of a file) */
	LIMIT_UNSENT_BYTES = 128 * 1024,
	/* From our last byte to the peer's end of file. What the peer still
	 * sends is read and dropped: a close on unread bytes is a reset, which
	 * destroys the answer (RFC 1122, 4.2.2.13). Past either: closed. (own;
	 * a client that sends before it reads may need so long for a file) */
	LIMIT_DRAIN_MS = 2 * 1000,
	LIMIT_DRAIN_BYTES = 1024 * 1024,
	/* The body of an upload. A client sends at least so many bytes in each
	 * of its minutes, 1 KiB per second. Past it: 59. (own) */
	LIMIT_UPLOAD_MS = 60 * 1000,
	LIMIT_UPLOAD_BYTES_LEAST = 60 * 1024,
	/* The whole body: LIMIT_UPLOAD_MS and its length at 4 kB per second, so
	 * that nobody holds a place for hours. Past it: 59. (own: a line of
	 * 32 kbit/s) */
	LIMIT_UPLOAD_BYTES_PER_MS = 4,
	/* As LIMIT_DRAIN_*, behind a refused upload: more than any page takes,
	 * so that the client has sent all and reads why. (own) */
	LIMIT_UPLOAD_DRAIN_MS = 20 * 1000,
	LIMIT_UPLOAD_DRAIN_BYTES = 16 * 1024 * 1024,
	/* Bytes sent to one client before the next client's turn. (own: four
	 * TLS records) */
	LIMIT_TURN_BYTES = 64 * 1024,
	/* Bytes of a file in memory at a time. (own) */
	LIMIT_FILE_PIECE_BYTES = 64 * 1024,

	/* ---- a worker ----------------------------------------------- */

	/* Uploads that are being received, and their bytes together. Past
	 * either: 44. (own: the bytes are on the disk of the database) */
	LIMIT_UPLOADS = 64,
	LIMIT_UPLOADS_BYTES = 256 * 1024 * 1024,
	/* Of one address (IPv4, or 64 bits of IPv6). Past it: 44. (own) */
	LIMIT_PEER_UPLOADS = 8,

	/* ---- a server ----------------------------------------------- */

	/* Connections of all workers together, the setting `connections`.
	 * Past it: clients wait to be accepted. (own) */
	LIMIT_CONNECTIONS = 4096,
	/* Connections that wait to be accepted on each address; the kernel cuts
	 * the number to net.core.somaxconn. Past it: clients try again by
	 * themselves. (own: a short queue costs them one to three seconds) */
	LIMIT_BACKLOG = 4096,
	/* Descriptors that a worker asks of the system. Past it: the oldest
	 * connection that waits is accepted and closed, and accepting pauses
	 * for LIMIT_REST_MS. */
	LIMIT_FILES = 16384,
	LIMIT_REST_MS = 100,

	/* ---- one address: IPv4, or 64 bits of IPv6 ------------------- */

	/* Connections open at once, the setting `per-address-connections`.
	 * (own: twenty readers behind one address, each with a client that
	 * fetches ten feeds at once) */
	LIMIT_PEER_CONNECTIONS = 256,
	/* New connections per second, the setting `per-address-rate`; a burst
	 * may have those of ten seconds. (own) */
	LIMIT_PEER_RATE = 100,
	LIMIT_PEER_BURST_S = 10,
	/* Processor time, the setting `per-address-work`, in percent of one
	 * processor. With the rate above, a connection's share is 1 ms: a
	 * handshake and a page. One that takes more counts as several. (own) */
	LIMIT_PEER_WORK = 10,
	/* A network, the first 24 bits of IPv4 or 48 of IPv6, has so many times
	 * what one address has. (own) */
	LIMIT_NETWORK_TIMES = 4,
	/* Past any of these: 44 or an error item, with the seconds until there
	 * is room again; 5 seconds where that is unknown, at most a minute.
	 * Past twice as much: a reset at once. */
	LIMIT_PEER_WAIT_S = 5,
	LIMIT_WAIT_MAX_S = 60,
	/* After so long an address is welcome again, whatever it has taken.
	 * (own: what all its connections can take at once, with the rates
	 * above) */
	LIMIT_PEER_AHEAD_S = 1200,

	/* ---- costly pages, all addresses together -------------------- */

	/* An answer that takes more processor time, and a page whose answers
	 * do so on average, is costly. (own: some four handshakes) */
	LIMIT_COSTLY_US = 4000,
	/* Processor time of costly pages, the setting `costly-work`, in percent
	 * of each worker's. A burst may have that of two seconds; readers with
	 * a certificate may go on to that of thirty. Past it: 44 or an error
	 * item for costly pages, except to those who come with a seal. (own) */
	LIMIT_COSTLY_WORK = 50,
	LIMIT_COSTLY_BURST_S = 2,
	LIMIT_COSTLY_KNOWN_S = 30,
	/* After so long there is room for all again, whatever was taken. */
	LIMIT_COSTLY_AHEAD_S = 60,
	/* Requests for costly pages that wait in a worker for a lane
	 * (net/lanes.c), and for how long. Past either: 44. (own: clients give
	 * up after ten seconds and more) */
	LIMIT_LANE_QUEUE = 32,
	LIMIT_LANE_WAIT_MS = 5000,
	/* How long a worker that has a lane lets the clients finish that it has
	 * accepted before; and after how long a lane is anybody's, because its
	 * worker is dead or stopped. (own: a round trip to the other side of
	 * the world; more than the statements of a request may take) */
	LIMIT_LANE_SETTLE_MS = 100,
	LIMIT_LANE_MS = 3000,

	/* Request lines in the log per address, per worker, per second. Past
	 * it: counted, and logged as one line. (own) */
	LIMIT_LOG_LINES = 50,
	/* Bytes of lines that one process may add to the log per second. Past
	 * it: messages are counted, and logged as one line. (own: the lines of
	 * 20,000 requests in JSON, and a bound on a process in strange hands)
	 */
	LIMIT_LOG_BYTES = 8 * 1024 * 1024,

	/* ---- a page ------------------------------------------------- */

	/* Time of all statements of a request together. Past it: busy. (own) */
	LIMIT_PAGE_MS = 1000,
	/* How long a page that writes waits for another writer. Its worker
	 * serves no other reader meanwhile. Past it: busy. (own) */
	LIMIT_WRITE_WAIT_MS = 500,
	/* Processor time of all statements of a page that writes while it holds
	 * the lock, far below what the others wait for it. Past it: busy. What
	 * other programs take of a machine that is overloaded does not count.
	 * (own) */
	LIMIT_WRITE_MS = 200,
	/* How long such a page holds the lock, by the clock; less than the
	 * others wait for it. Past it: busy. (own) */
	LIMIT_WRITE_HELD_MS = 450,
	/* What a reader searches for: runs of letters or of Chinese without a
	 * separator, characters of one run, and tokens of all runs that the
	 * index is asked for. Each token opens the whole index. What is past
	 * these is not searched for; text_has() makes up for tokens. (own) */
	LIMIT_SEARCH_RUNS = 16,
	LIMIT_SEARCH_RUN_CHARACTERS = 64,
	LIMIT_SEARCH_TOKENS = 48,
	/* Pages that write, per certificate or, without one, per address: per
	 * minute and per day (UTC). Past either: busy, with the seconds until
	 * the minute or day ends. (own) */
	LIMIT_WRITES_MINUTE = 60,
	LIMIT_WRITES_DAY = 1000,
	/* All certificates of one address together may write so many times as
	 * often: anybody can make certificates. (own: ten readers behind one
	 * address) */
	LIMIT_WRITES_TIMES = 10,
	/* Bytes of an upload, whatever its page takes. Past it: bad. (own: a
	 * row of the database has 16 MiB) */
	LIMIT_UPLOAD_BYTES = 12 * 1024 * 1024,
	/* Drafts that are kept of one certificate; the oldest makes room.
	 * Bytes of a draft, bytes of all. Past either: none is kept. Days that
	 * a draft is kept. (own) */
	LIMIT_DRAFTS = 8,
	LIMIT_DRAFT_BYTES = 256 * 1024,
	LIMIT_DRAFTS_BYTES = 64 * 1024 * 1024,
	LIMIT_DRAFT_DAYS = 30,
	/* Bytes of a page's text. Past it: broken; a long list has pages. (own)
	 */
	LIMIT_PAGE_BYTES = 256 * 1024,
	/* The same for a page that is data (CSV, XML, JSON, text). Programs
	 * read such a page, and would have to join its parts. (own) */
	LIMIT_DATA_BYTES = 1024 * 1024,
	/* Bytes of a file that a page gives from a table. Past it: broken.
	 * (own: its copying must end within LIMIT_PAGE_MS) */
	LIMIT_BLOB_BYTES = 64 * 1024 * 1024,
	/* Copies of such files that one worker sends at a time. Past it: busy.
	 * (own: so much disk a crowd of slow readers may take) */
	LIMIT_BLOB_COPIES = 16
};

#endif
