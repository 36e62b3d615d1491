/* SPDX-License-Identifier: ISC */
/*
 * A site: one compiled capsule with its open database. A site answers
 * requests. One process has one site. A site owns SQLite connections, so it is
 * opened after the fork and never shared. This room knows no sockets.
 */
#ifndef GUIJU_PAGE_SITE_H
#define GUIJU_PAGE_SITE_H

#include "page/reply.h"
#include "page/request.h"

struct site;

enum { SEAL_SECRET_BYTES = 32 };

/* The secrets that seals are made with. A seal in a link of a page is made with
 * link; a seal in the address of a prompt for a certificate's owner is made
 * with prompt, which is in no file. */
struct seal_keys {
	unsigned char link[SEAL_SECRET_BYTES], prompt[SEAL_SECRET_BYTES];
};

struct site_options {
	const char *capsule;   /* folder of pages/, schema/, static/ */
	const char *state_dir; /* folder of the database and the tallies */
	struct str download; /* first path segment of the nightly files; may be
			      * empty */
	struct str language; /* BCP 47 tag, for example zh-Hans */
	struct str host;     /* public host name */
	/* The folder above [from]/ to which a reader without an account is led.
	 * Not used unless accounts_are_on(). */
	struct str register_path;
	struct services services;
	/* A replica sends readers who want to write to this host. Empty: this
	 * server is the primary. A replica counts no views. */
	struct str primary_host;
	unsigned primary_port;
	bool uploads; /* this server takes uploads, at the first protocol's
		       * port; of a replica the primary takes them */
	const struct seal_keys *seal_keys; /* copied; NULL: random ones */
	bool count_views;                  /* false: tallies are only read */
	bool checked; /* another process has opened the same capsule without a
		       * finding: skip the checks of plans and links */
	bool check_files; /* for a check: mistakes in static files are
			   * findings */
	/* A broken page shows its findings to the reader, and all others are
	 * served (--dev, `guiju get`). After a failed reload each page says
	 * why. */
	bool explain;
};

/* FINDING_WRONG prevents serving. The other kinds are advice: the capsule is
 * served. */
enum finding_kind {
	FINDING_WRONG,
	FINDING_SLOW,   /* a statement that may be slow */
	FINDING_SCRIPT, /* a script has changed since the database ran it */
	FINDING_WORDS   /* words.ini lacks words of a language */
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
/* The number of findings of one kind. */
size_t findings_count(const struct finding *list, enum finding_kind kind);

/*
 * Open the database, open static/ and compile every page. The database must be
 * migrated already (store_migrate).
 *
 * *findings is always set, NULL for none; the caller frees the list with
 * findings_free. Advice stands at the end of the list, also with OK.
 * ERR_INPUT: the capsule has a mistake, and *findings names it. With
 * options->explain the site is opened in spite of mistakes, and
 * site_findings() has them instead. ERR_IO,
 * ERR_MISSING, ERR_BUSY, ERR_NOMEM: the database or a folder cannot be used,
 * and the log says why.
 */
enum err site_open(const struct site_options *options, struct site **out,
    struct finding **findings) MUST_CHECK;
void site_close(struct site *site);

/* The mistakes in a capsule that was opened in spite of them; NULL: none. They
 * live as long as the site. */
const struct finding *site_findings(const struct site *site);

/* The words of the site's own language; they live as long as the site. NULL:
 * English. */
const struct words *site_words(const struct site *site);

/*
 * Answer a request. This function never fails: each error becomes a refusal.
 * The reply lives in request->arena; the caller closes the reply's open file. A
 * page that the request's protocol cannot serve is REFUSAL_MISSING.
 */
void site_answer(
    struct site *site, const struct request *request, struct reply *reply);

/* Fold the tallies and the terms into the database, unless another process does
 * so at this moment. Call it every few seconds and before site_close. */
void site_fold(struct site *site);

#endif
