/* SPDX-License-Identifier: ISC */
/* What a site is made of, for the files of page/ that work on it. */
#ifndef GUIJU_PAGE_RUN_SITE_PARTS_H
#define GUIJU_PAGE_RUN_SITE_PARTS_H

#include <sys/types.h>

#include "page/compile/map.h"
#include "page/compile/prepared.h"
#include "page/run/seal.h"
#include "page/site.h"
#include "page/words.h"
#include "page/run/sniff.h"
#include "store/store.h"
#include "store/tally.h"

/* What could not be folded. Zeroed: all could. */
struct fold_fault {
	unsigned times;
	int64_t said_ms;
};

struct mimes;

struct site {
	struct arena *arena; /* pages and all that lives as long */
	struct site_options options;
	struct str capsule, language, host;  /* copies */
	struct str authority[PROTOCOLS_MAX]; /* host or host:port, by service */
	struct str primary;                  /* authority; empty: we are */
	const struct words *words; /* of all languages; see words_of */
	struct store *store;
	struct defined *read_functions, *write_functions; /* of functions/ */
	struct str database; /* its path, and the file that it was: */
	dev_t database_device;
	ino_t database_inode;
	struct tally *tally;
	struct fold_fault tally_fault, terms_fault;
	struct map map;
	struct page *missing;         /* pages/_missing.gmi, or NULL */
	struct prepared_set prepared; /* of all pages */
	int static_folder;            /* open directory, or -1 */
	struct sniffer *sniffer;
	struct mimes *mimes;
	struct finding *findings; /* with options.explain: of broken pages */
	unsigned char secret[SEAL_SECRET_BYTES];
	/* BEGIN, BEGIN IMMEDIATE, COMMIT, ROLLBACK of each connection */
	sqlite3_stmt *begin_read, *end_read;
	sqlite3_stmt *begin_write, *commit, *rollback;
	struct statement_stats *commit_stats;
};

/*
 * Is the file that we have open still the one by that name? If not, what is
 * written would be lost with the last process that has it open.
 */
bool site_has_database(const struct site *site);

/* Host and port as they stand in addresses of a protocol. */
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

/* Is it a copy, which sends who wants to write to the primary? */
static inline bool
site_is_copy(const struct site *site)
{
	return site->primary.len > 0;
}

#endif
