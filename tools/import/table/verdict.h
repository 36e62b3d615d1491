/* SPDX-License-Identifier: ISC */
/*
 * What the capsule's statements say of a row of a table: columns of certain
 * names are answers (verdict.c lists them).
 */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_VERDICT_H
#define GUIJU_TOOLS_IMPORT_TABLE_VERDICT_H

#include "tools/import/table/once.h"
#include "tools/import/script/steps.h"

/* For steps_open(). */
extern const struct steps_form verdict_form;

enum verdict_kind {
	VERDICT_DONE,      /* all statements ran */
	VERDICT_UNCHANGED, /* a statement said so, the rest did not run */
	VERDICT_REFUSED,   /* the same; text: why */
	VERDICT_FATAL      /* the same, and the whole import ends; text: why */
};

struct verdict {
	struct steps_run run; /* verdict_reach() has it for itself */
	enum verdict_kind kind;
	bool changed;      /* the column `outcome` was 'changed' */
	struct buf *text;  /* kept: one clean line, of a refusal */
	struct buf *said;  /* kept: a clean line for each column `say` */
	struct once *once; /* kept: what the column `once` was before */
	size_t line;       /* the row's, for `once` */
};

/* Run the statements once and listen to them; errors are those of
 * steps_run(). */
enum err verdict_reach(
    struct steps *steps, struct verdict *verdict, struct buf *why) MUST_CHECK;

#endif
