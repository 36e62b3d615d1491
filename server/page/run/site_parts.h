/* SPDX-License-Identifier: ISC */
/* The parts of a site, private to page/. */
#ifndef GUIJU_PAGE_RUN_SITE_PARTS_H
#define GUIJU_PAGE_RUN_SITE_PARTS_H

#include <sys/types.h>

#include "base/file_path.h"
#include "page/compile/prepared.h"
#include "page/run/seal.h"
#include "page/site.h"
#include "page/words.h"
#include "page/run/sniff.h"
#include "store/store.h"
#include "store/tally.h"
#include "page/request.h"
#include "page/compile/route.h"

/*
 * Certificates whose visit is not in the database yet. A visit is stored when
 * the tallies are folded, once per day and certificate, so that no reading
 * request writes.
 */
enum { VISITS_MAX = 256, DIGEST_TEXT = 64 };
struct visits {
	struct account_visit {
		int64_t cert_id, at_s, until_s;
		char fingerprint[DIGEST_TEXT + 1], key[DIGEST_TEXT + 1];
	} item[VISITS_MAX];
	size_t count;
};

/* Folds that have failed in a row, and when the log was told. Zeroed: none. */
struct fold_fault {
	unsigned times;
	int64_t said_ms;
};

struct mimes;

struct site {
	struct arena *arena; /* pages, and all that lives as long as pages */
	struct site_options options;
	/* copies of the options */
	struct str capsule, language, host, register_path;
	struct str authority[PROTOCOLS_MAX]; /* host or host:port */
	struct str primary;        /* its authority; empty: not a replica */
	const struct words *words; /* in all languages; see words_of */
	struct store *store;
	struct defined *read_functions, *write_functions; /* from functions/ */
	struct str database;                              /* its path */
	struct file_id database_file; /* when it was opened */
	struct tally *tally;
	struct fold_fault tally_fault, terms_fault;
	struct map map;
	struct page *missing;         /* pages/_missing.gmi, or NULL */
	struct prepared_set prepared; /* of all pages, and site_statement() */
	int static_folder;            /* open directory, or -1 */
	struct sniffer *sniffer;
	struct mimes *mimes;
	struct finding *findings;   /* of broken pages, with options.explain */
	struct str changed_scripts; /* of schema/, one a line, with a message */
	struct seal_keys seal_keys;
	/* BEGIN, BEGIN IMMEDIATE, COMMIT, ROLLBACK of each connection */
	sqlite3_stmt *begin_read, *end_read;
	sqlite3_stmt *begin_write, *commit, *rollback;
	sqlite3_stmt *data_version; /* PRAGMA data_version, on the writer */
	struct statement_stats *commit_stats;
	/* Looks up a certificate's account, on each connection; NULL: there are
	 * no accounts. */
	sqlite3_stmt *account_read, *account_write;
	struct visits visits; /* certificates that have been seen */
};

/*
 * Does the database's path still name the file that is open? If not, writes
 * would be lost when the last process closes the file.
 */
bool site_has_database(const struct site *site);

/* The engine's own statement of this text (a literal) on a connection of the
 * site, prepared once: see prepared_take. */
static inline int
site_statement(
    struct site *site, sqlite3 *db, const char *sql, sqlite3_stmt **out)
{
	return prepared_take(&site->prepared, site->arena, db, sql, out);
}

/* Host and port, as in addresses of this protocol. */
static inline struct str
site_authority(const struct site *site, const struct protocol *protocol)
{
	for (size_t i = 0; i < site->options.services.count; i++)
		if (site->options.services.item[i].protocol == protocol)
			return site->authority[i];
	return site->host;
}

/* The protocol that serves every page. */
static inline const struct protocol *
site_main(const struct site *site)
{
	return site->options.services.item[0].protocol;
}

/* Is this server a replica? A replica sends readers who write to the primary.
 */
static inline bool
site_is_copy(const struct site *site)
{
	return site->primary.len > 0;
}

/* Are uploads taken, by this server or by its primary? */
static inline bool
site_takes_uploads(const struct site *site)
{
	return site->options.uploads || site_is_copy(site);
}

/* Host and port, as in addresses that readers upload to. */
static inline struct str
site_upload_authority(const struct site *site)
{
	return site_is_copy(site) ? site->primary
				  : site_authority(site, site_main(site));
}

/* ---- run/account.c --------------------------------------------------- */

/* Prepare the lookup of accounts on both connections, if accounts are on.
 * Gives SQLITE_*. */
int account_prepare(struct site *site);
void account_release(struct site *site);
/* Store the visits that the site remembers. What fails is forgotten, since the
 * next visit is remembered again. ERR_BUSY, ERR_IO, ERR_NOMEM. */
enum err account_fold(struct site *site) MUST_CHECK;

/* Runs a compiled page: rows of SQL fill holes, and lines become blocks. */

/*
 * Run match->page for the request. The run is a read transaction on the reading
 * connection and, from the first % do on, one of BEGIN IMMEDIATE on the writing
 * connection (transaction.c); both have ended when this function returns. What
 * was written is committed if the reply is a page or a redirect, otherwise
 * rolled back. This function never fails: each error becomes a refusal.
 */
void page_run(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

/* Write to out the address on the primary that is asked for here, with the
 * reader's input if a line has room for it. */
void show_primary_address(
    const struct site *site, const struct request *request, struct buf *out);

/* Refuse an upload whose client would take a redirect for success, and name
 * where the reader may go on: at this path of the first protocol. */
void upload_refuse_moved(const struct site *site, const struct request *request,
    struct reply *reply, struct str path);

/* Is the page so costly that it may not run yet, or one that writes and of
 * which nothing is known? Then *request->costly is set. sealed: its seal is
 * good. */
bool page_waits(
    const struct page *page, const struct request *request, bool sealed);

#endif
