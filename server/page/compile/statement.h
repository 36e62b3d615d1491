/* SPDX-License-Identifier: ISC */
/* One SQL statement of a page: prepared once, bound and stepped often. */
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
	bool checked; /* its plan was looked at before */
	bool script;  /* it may make indices, and nobody counts its time */
};

enum statement_kind {
	STATEMENT_READS,     /* % one, % each */
	STATEMENT_CONDITION, /* % if: sql is an expression */
	STATEMENT_WRITES     /* % do */
};

/*
 * Prepare sql on db, unless a statement of the same text has been, and find the
 * slot of each of its :names. What is wrong (it does not prepare, more than one
 * statement, an unknown name, a write where only reading is allowed) goes to
 * the findings; what is slow (page/compile/advice.h) as advice. ERR_INPUT:
 * there was something wrong; ERR_NOMEM.
 */
enum err statement_compile(const struct statement_place *place, sqlite3 *db,
    enum statement_kind kind, struct str sql, struct statement *out) MUST_CHECK;

/* Bind all parameters from the slots. SQLITE_*. */
int statement_bind(
    const struct statement *statement, const struct value *slots);

/* Copy the current row's columns to their slots. */
enum err statement_row(const struct statement *statement, struct arena *arena,
    struct value *slots) MUST_CHECK;

#endif
