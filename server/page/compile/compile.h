/* SPDX-License-Identifier: ISC */
/* Compiles a page's file into a page that can be run. */
#ifndef GUIJU_PAGE_COMPILE_COMPILE_H
#define GUIJU_PAGE_COMPILE_COMPILE_H

#include "page/compile/page.h"
#include "page/compile/prepared.h"

/*
 * An import's script: a file in the page language that runs without a request.
 * The tool provides the script's names and the KINDs of its % fail. The tool
 * shows the script's text lines to the operator. At its top a script says, like
 * a partial, which other names it needs and which names it gives.
 */
struct compile_script {
	const char *const *names; /* provided: slots 0, 1, 2 ... */
	size_t name_count;
	int slot_count;           /* the first free slot */
	const char *const *fails; /* the KINDs of % fail */
	size_t fail_count;
	bool rows; /* % table and % record may stand in it */
	/* The lines of the file that are the script. 0: from the first line;
	 * to the last line. */
	unsigned first_line, last_line;
	/* Returns the slot of a name that the script needs. That may be `next`,
	 * the next free slot. -1: nothing provides the name. */
	int (*need)(void *context, struct str name, int next);
	/* Takes the slot of a name that the script gives. */
	void (*give)(void *context, struct str name, int slot);
	void *context;
};

struct compile_options {
	struct arena *arena; /* lives as long as the pages */
	const char *capsule; /* the folder that holds pages/ */
	sqlite3 *reader, *writer;
	struct prepared_set *prepared; /* kept; must outlive the pages */
	struct source_set *partials;   /* NULL: read again per include */
	struct findings *findings;
	const struct words *words; /* the capsule's; NULL: English */
	const char *upload_scheme; /* of addresses for uploads; NULL: none */
	bool checked;              /* skip the check for slow statements */
	bool alone; /* a partial that no page includes: every name is accepted,
		     * and the result is checked but never run */
	const struct compile_script *script; /* NULL: a page */
};

/*
 * Compile page->file. The caller sets page's file, format, parameters and
 * sealed, from the path of the file; this function sets the rest. A page that
 * is sealed, or that takes an upload and writes, is prepared on the writing
 * connection. Mistakes become findings and are counted in page->findings.
 * ERR_IO, ERR_NOMEM: the file cannot be read.
 */
enum err page_compile(
    const struct compile_options *options, struct page *page) MUST_CHECK;

#endif
