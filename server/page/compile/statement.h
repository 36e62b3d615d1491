/* SPDX-License-Identifier: ISC */
/* One SQL statement of a page: prepared once, then bound and stepped often. */
#ifndef GUIJU_PAGE_COMPILE_STATEMENT_H
#define GUIJU_PAGE_COMPILE_STATEMENT_H

#include "page/compile/page.h"
#include "page/compile/prepared.h"
#include "page/compile/scope.h"
#include "page/compile/value.h"

struct statement_place {
	struct arena *arena;
	struct findings *findings;
	struct str file;
	unsigned line;
	struct scope *scope;
	struct prepared_set *prepared;
	bool checked; /* skip the check for slow statements */
	bool script;  /* an import's: may make indexes; is not timed */
	/* Prepare the statement on this connection, too, as the statement's
	 * `unlocked`. NULL: do not. */
	sqlite3 *unlocked;
};

enum statement_kind {
	STATEMENT_READS,     /* % one, % each */
	STATEMENT_CONDITION, /* % if: sql is an expression */
	STATEMENT_WRITES     /* % do */
};

/*
 * Prepare sql on db, or take the prepared statement of the same text, and find
 * the slot of each :name. Mistakes become findings: SQLite refuses the text,
 * the text has more than one statement, a name is unknown, or the statement
 * writes where it may only read. A slow statement becomes advice
 * (page/compile/prepared.h). ERR_INPUT: there is a mistake. ERR_NOMEM.
 */
enum err statement_compile(const struct statement_place *place, sqlite3 *db,
    enum statement_kind kind, struct str sql, struct statement *out) MUST_CHECK;

/* Bind all parameters from the slots. Returns SQLITE_OK or SQLite's error. */
int statement_bind(
    const struct statement *statement, const struct value *slots);

/* Copy the current row's columns to their slots. */
enum err statement_row(const struct statement *statement, struct arena *arena,
    struct value *slots) MUST_CHECK;

#endif
