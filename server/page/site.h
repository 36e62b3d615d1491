/* SPDX-License-Identifier: ISC */
/*
 * A site: one capsule, compiled, with its database open: what answers. One
 * process has one site (it owns SQLite connections, so it is opened after the
 * fork and never shared). Nothing here knows a socket.
 */
#ifndef GUIJU_PAGE_SITE_H
#define GUIJU_PAGE_SITE_H

#include "page/reply.h"
#include "page/request.h"

struct site;

struct site_options {
	const char *capsule;   /* folder of pages/, schema/, static/ */
	const char *state_dir; /* folder of the database and the tallies */
	struct str download; /* first segment of the night's files; may be empty
			      */
	struct str language; /* BCP 47, for example zh-Hans */
	struct str host;     /* public name */
	struct services services;
	/* Where a copy sends who wants to write; empty: this is the primary.
	 * Of a copy no view is counted. */
	struct str primary_host;
	unsigned primary_port;
	bool count_views; /* false: tallies are read, never added to */
	bool checked; /* a process before this one has opened the same capsule
		       * without a finding: look for plans and dead links no
		       * more */
	bool look_at_files; /* for a check: what is wrong in static files is a
			     * finding, too */
	bool explain; /* --dev: a broken page shows the finding, not a sentence
		       */
};

/* With all but FINDING_WRONG, which are advice, a capsule is served. */
enum finding_kind {
	FINDING_WRONG,
	FINDING_SLOW, /* a statement that may be slow */
	FINDING_WORDS /* a language that lacks words */
};

/* One finding of a capsule's check. */
struct finding {
	struct finding *next;
	char *file;    /* below the capsule, for example pages/index.gmi */
	unsigned line; /* 0: the whole file */
	char *message;
	enum finding_kind kind;
};
void findings_free(struct finding *list);
/* How many of a kind. */
size_t findings_count(const struct finding *list, enum finding_kind kind);

/*
 * Open the database (it must be migrated, see store_migrate), compile every
 * page, map every static file's place. ERR_INPUT: the capsule does not check;
 * *findings (given) says why. ERR_IO, ERR_MISSING, ERR_BUSY, ERR_NOMEM: the
 * database or a folder; the log says why. *findings is always set, NULL for
 * none; what is advice only stands at its end, and is there with OK, too.
 */
enum err site_open(const struct site_options *options, struct site **out,
    struct finding **findings) MUST_CHECK;
void site_close(struct site *site);

/* The words of its own language, as long as the site; NULL: English. */
const struct words *site_words(const struct site *site);

/*
 * Answer. Never fails: what goes wrong becomes a refusal. The reply lives in
 * request->arena; an open file in it is the caller's to close. A
 * page that the protocol of the request cannot have is REFUSAL_MISSING.
 */
void site_answer(
    struct site *site, const struct request *request, struct reply *reply);

/* Fold the tallies into the database if no other process is at it. Call every
 * few seconds and before site_close. */
void site_fold(struct site *site);

#endif
