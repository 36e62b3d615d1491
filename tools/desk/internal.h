/* SPDX-License-Identifier: ISC */
/*
 * What the files of `guiju desk` share. A kind is a file desk/KIND.sql of the
 * capsule, a verb a part of it that begins with `% read` or `% write`.
 */
#ifndef GUIJU_TOOLS_DESK_INTERNAL_H
#define GUIJU_TOOLS_DESK_INTERNAL_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/buf.h"
#include "page/compile/findings.h"

enum { DESK_ARGUMENTS_MAX = 16, DESK_VERBS_MAX = 32, DESK_KINDS_MAX = 64 };

/* The verb `set` of "% write set number state [note]: what it does". */
struct desk_verb {
	const char *name;
	const char *argument[DESK_ARGUMENTS_MAX]; /* their names */
	int count, required;                      /* of the arguments */
	struct str usage;    /* "set number state [note]" */
	struct str sentence; /* "what it does" */
	bool writes;
	unsigned first_line, last_line; /* of its script; last 0: the end */
};

struct desk_kind {
	const char *name;
	struct str file; /* desk/KIND.sql */
	struct str sentence;
	struct desk_verb verb[DESK_VERBS_MAX];
	int count;
};

/* ---- kind.c ------------------------------------------------------------ */

/* The names of a capsule's kinds, in their order. */
struct desk_names {
	const char *name[DESK_KINDS_MAX];
	size_t count;
};

/* List the kinds; a folder that is missing has none. ERR_IO: the folder cannot
 * be read; ERR_LIMIT: more than DESK_KINDS_MAX; ERR_NOMEM. */
enum err desk_list(struct arena *arena, const char *capsule,
    struct desk_names *out) MUST_CHECK;

/* Read the verbs of a kind. A mistake becomes a finding. ERR_INPUT: the file
 * cannot be read, which is a finding, too. ERR_MISSING, ERR_NOMEM. */
enum err desk_read(struct arena *arena, const char *capsule, const char *name,
    struct findings *findings, struct desk_kind *out) MUST_CHECK;

/* ---- run.c ------------------------------------------------------------- */

/* One call of a verb. */
struct desk_call {
	const char *capsule;
	const struct desk_kind *kind;
	const struct desk_verb *verb;
	const char *argument[DESK_ARGUMENTS_MAX]; /* valid UTF-8 */
	int count; /* as many as the verb requires, or more, to its count */
	bool json;
};

/* Run the verb on an open database. Returns an enum status after a message; the
 * rows have been printed. */
int desk_run(const struct desk_call *call, sqlite3 *db);

/* Compile a verb; why gets one line. ERR_INPUT: it has a mistake. */
enum err desk_try(const char *capsule, const struct desk_kind *kind,
    const struct desk_verb *verb, sqlite3 *db, struct buf *why) MUST_CHECK;

/* Compile desk/_log.sql. ERR_MISSING: there is none. */
enum err desk_try_log(
    const char *capsule, sqlite3 *db, struct buf *why) MUST_CHECK;

#endif
