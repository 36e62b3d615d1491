/* SPDX-License-Identifier: ISC */
/* What the capsule's script says of a row of a table (verdict.c). */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_VERDICT_H
#define GUIJU_TOOLS_IMPORT_TABLE_VERDICT_H

#include "tools/import/table/once.h"
#include "tools/import/script/steps.h"

/* For steps_open(). */
extern const struct steps_form verdict_form;

enum verdict_kind {
	VERDICT_REFUSED,   /* the script ended early; text: why */
	VERDICT_UNCHANGED, /* the same, since the row is stored already */
	VERDICT_FATAL,     /* the same, and the whole import ends; text: why */
	VERDICT_DONE       /* it ran to its end */
};

struct verdict {
	struct steps_run run; /* verdict_reach() has it for itself */
	enum verdict_kind kind;
	bool changed;      /* it gives :existing, which is true */
	struct buf *text;  /* kept: one clean line, of a refusal */
	struct buf *said;  /* kept: lines for the operator */
	struct once *once; /* kept: what import_once() was asked before */
	size_t line;       /* the row's, for import_once() */
};

/* What scripts may call on db; verdict is kept. ERR_NOMEM. */
enum err verdict_functions(sqlite3 *db, struct verdict *verdict) MUST_CHECK;

/* Run the script once and listen to them; errors are those of
 * steps_run(). */
enum err verdict_reach(
    struct steps *steps, struct verdict *verdict, struct buf *why) MUST_CHECK;

#endif
