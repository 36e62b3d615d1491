/* SPDX-License-Identifier: ISC */
/*
 * Asking a site without a network: a URL becomes the line that its protocol
 * sends, the site answers, and the protocol writes the bytes of the answer. So
 * `guiju get` prints, and `guiju test` compares, what a server would send.
 */
#ifndef GUIJU_TOOLS_ASKING_H
#define GUIJU_TOOLS_ASKING_H

#include "page/site.h"
#include "run/config/config.h"
#include "wire/wire.h"

/* The most bytes of an answer, without those of a file. */
enum { ASKING_REPLY_MAX = 4 * 1024 * 1024 };

/* Zeroed: closed. */
struct asking {
	const char *capsule; /* the folder; kept */
	struct config config;
	struct wire_host ours;
	struct site *site;
	struct arena *arena; /* of one request at a time */
};

struct question {
	struct str address;              /* a URL of a protocol of ours */
	const struct identity *identity; /* NULL: no certificate */
	const struct upload *upload;     /* NULL: none */
	bool edit;                       /* ask for the text to be edited */
};

/*
 * Migrate the database and open the site. flags: those of a command line.
 * seal_keys: copied; NULL: random ones. explain: a capsule with mistakes is
 * opened, too; asking_ask() then tells those of the page. Returns STATUS_OK, or
 * another status after a message. Close *out in both cases.
 */
int asking_open(struct asking *out, const char *capsule,
    const struct config_flags *flags, const struct seal_keys *seal_keys,
    bool explain);
void asking_close(struct asking *asking);

/*
 * Append what the protocol of the address would send. *file: the open file
 * whose bytes follow, for the caller to close; otherwise it stays as it was.
 * ERR_MISSING: the page has mistakes, of which it complains, and no answer.
 * ERR_INPUT: the address is not a URL with a host. ERR_LIMIT: the answer is
 * longer than out may be. ERR_NOMEM.
 */
enum err asking_ask(struct asking *asking, const struct question *question,
    struct buf *out, int *file) MUST_CHECK;

#endif
