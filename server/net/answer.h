/* SPDX-License-Identifier: ISC */
/*
 * The answer to one request: it asks the site, gives the bytes to send (those
 * of a file piece by piece), and writes the line in the log. The site has done
 * all its work before the first byte is sent. So a slow reader occupies memory,
 * but never the database.
 */
#ifndef GUIJU_NET_ANSWER_H
#define GUIJU_NET_ANSWER_H

#include "net/internal.h"

struct answer {
	struct buf out;       /* bytes to send; pieces of a file follow in it */
	size_t at;            /* bytes of out that have been sent */
	int file;             /* owned; -1: none */
	uint64_t file_left;   /* bytes of the file that are not yet in out */
	uint64_t sent;        /* bytes sent in all */
	uint64_t awaits;      /* bytes of an upload that must come first */
	struct costly costly; /* why a lane must come first */
	struct request_log log; /* begins before a wait for a lane or a body */
	int64_t asked_us;       /* clock_us() when the request was whole */
	int64_t began_us, began_cpu_us; /* clock_us(), clock_cpu_us() */
};

void answer_init(struct answer *answer);
void answer_release(struct answer *answer);
/* The same on the heap. NULL: out of memory. answer_free() accepts NULL. */
struct answer *answer_new(void);
void answer_free(struct answer *answer);

/*
 * Answer a request line; line->sni is found here. Cannot fail: an error becomes
 * a refusal that is sent. If an upload belongs to the line, line->data lacks it
 * and its page takes it, then answer->awaits is set, and there is no answer:
 * the caller receives so many bytes and asks again with them.
 *
 * If the asker may wait, a costly page is not run. Then answer->costly is
 * set, and there is no answer: the caller asks again when there is a lane.
 */
void answer_line(struct answer *answer, struct net *net,
    const struct asker *asker, const struct wire_line *line);
/* Answer a request whose line was never complete; see wire_refuse_line(). */
void answer_no_line(struct answer *answer, struct net *net,
    const struct asker *asker, enum wire_progress why);

/* Answer with a refusal. word: without holes. */
void answer_word(struct answer *answer, struct net *net,
    const struct asker *asker, enum refusal kind, enum word word);

/* Answer a reader who sends too many requests: wait this many seconds. */
void answer_busy(struct answer *answer, struct net *net,
    const struct asker *asker, unsigned wait_s);

/* Bytes still to be sent. */
uint64_t answer_left(const struct answer *answer);

/*
 * Give the next bytes to send, borrowed until the next call; empty: all is
 * sent. ERR_IO: the file ends too early or cannot be read. The caller then
 * resets the connection, so that the reader knows that bytes are missing.
 */
enum err answer_next(struct answer *answer, struct str *piece) MUST_CHECK;
/* So many bytes of the last piece have been sent. */
void answer_sent(struct answer *answer, size_t bytes);

/* The answer is over: count it and write its line in the log. Does nothing for
 * NULL and for an answer without a request. whole: the answer was sent to its
 * end. */
void answer_log(const struct answer *answer, bool whole);

#endif
