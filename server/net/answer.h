/* SPDX-License-Identifier: ISC */
/*
 * The answer to one request: asking the site, the bytes that are to be sent
 * (a file's piece by piece), and the line in the log. All of the site's work
 * is done before the first byte goes out, so a slow reader holds memory but
 * never the database.
 */
#ifndef GUIJU_NET_ANSWER_H
#define GUIJU_NET_ANSWER_H

#include "net/internal.h"

struct answer {
	struct buf out; /* what is to be sent; grows once, is refilled */
	size_t at;      /* sent of it */
	int file;       /* -1: none */
	uint64_t file_left;
	uint64_t sent; /* bytes, of all */
	struct request_log log;
	int64_t began_us;
};

void answer_init(struct answer *answer);
void answer_release(struct answer *answer);
/* The same with its storage. NULL: out of memory. answer_free() accepts NULL.
 */
struct answer *answer_new(void);
void answer_free(struct answer *answer);

/* Answer a request (its SNI is found here). Never fails: there is always
 * something to send. */
void answer_line(struct answer *answer, struct net *net,
    const struct asker *asker, const struct wire_line *line);
/* Answer a request that never became a line, see wire_refuse_line(). */
void answer_no_line(struct answer *answer, struct net *net,
    const struct asker *asker, enum wire_progress why);

/* Tell a reader who asks too much to wait so many seconds. */
void answer_busy(struct answer *answer, struct net *net,
    const struct asker *asker, unsigned wait_s);

/* Bytes still to be sent. */
uint64_t answer_left(const struct answer *answer);

/*
 * The next bytes to send, empty when all is sent; borrowed until the next
 * call. ERR_IO: the file ends too early or cannot be read, and the reader
 * must be able to tell.
 */
enum err answer_next(struct answer *answer, struct str *piece) MUST_CHECK;
/* So many of them have been sent. */
void answer_sent(struct answer *answer, size_t bytes);

/* It is over: write the line for the log and count, if there was a request (and
 * an answer: NULL is none).
 * whole: the reader has got all. */
void answer_log(const struct answer *answer, bool whole);

#endif
