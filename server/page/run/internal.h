/* SPDX-License-Identifier: ISC */
/*
 * A page while it runs, shared by run.c (the walk), transaction.c, query.c
 * (SQL), show.c (what it shows) and acts.c (what settles a reply or guards
 * it). A function that gives false has settled the reply: nothing more of the
 * page runs.
 */
#ifndef GUIJU_PAGE_RUN_INTERNAL_H
#define GUIJU_PAGE_RUN_INTERNAL_H

#include "page/run/run.h"
#include "page/compile/template.h"
#include "page/words.h"

enum { TEXT_MAX = 16 * 1024 }; /* bytes of an address or a path */

struct run {
	struct site *site;
	const struct match *match;
	struct page *page;
	const struct request *request;
	struct reply *reply;
	struct value *slots;
	struct blocks blocks;
	struct buf raw;  /* of a raw page, or of the group being made */
	struct buf line; /* scratch */
	struct buf address;
	struct str path; /* canonical, encoded */
	struct str cert; /* fingerprint, or empty */
	int64_t now_s;
	struct str today;  /* of now_s in the zone; empty: no year has it */
	bool began;        /* a transaction is open */
	int64_t mark_us;   /* up to when time has been told to statements */
	uint64_t *pending; /* whose the time since then is, or NULL */
	bool settled;
	bool counted;          /* among its reader's writes */
	bool looked;           /* at the upload: */
	struct str looks_like; /* its type, */
	enum err look_err;     /* or why there is none */
};

/* ---- run.c --------------------------------------------------------- */

/* Settle the reply with a refusal; false. text: arena or literal; empty: what
 * wire/ says of this kind. */
bool run_refuse(struct run *run, enum refusal kind, struct str text);
/* The same with a word of ours that has no holes. */
bool run_refuse_word(struct run *run, enum refusal kind, enum word word);
/* The same for an error of ours or the world's, told to the log at the node's
 * file and line; what: the reason, for the log only. */
bool run_refuse_for(
    struct run *run, const struct node *node, enum err err, const char *what);
/* The same for a statement of the engine's own, with SQLite's words. */
bool run_refuse_sql(
    struct run *run, const struct node *node, enum err err, const char *what);
/* Settle it with a text (copied): a prompt or a redirect; false. */
bool run_settle(struct run *run, enum reply_type type, struct str text);
/* Run a list of nodes, as the body of one. */
bool run_nodes(struct run *run, const struct node *node);

/* ---- transaction.c -------------------------------------------------- */

/* Begin the page's transaction unless it has begun. */
bool run_begin(struct run *run, const struct node *node);
/* At the end of the run: commit if the reply is a page or a redirect, else
 * roll back. A commit that fails settles the reply anew. */
void run_finish(struct run *run);
/* The connection that the page's statements are prepared on. */
sqlite3 *run_connection(const struct run *run);
/*
 * Microseconds since the last lap or the beginning. Each statement is told the
 * time since the one before had ended: one look at the clock a statement, and
 * what lies between them is short. The rows of an % each are its own, what its
 * body's statements take is theirs.
 */
uint64_t run_lap(struct run *run);

/* ---- query.c: one for each kind of node ----------------------------- */

bool query_one(struct run *run, const struct node *node);
bool query_each(struct run *run, const struct node *node);
bool query_if(struct run *run, const struct node *node);
bool query_do(struct run *run, const struct node *node);

/* ---- show.c --------------------------------------------------------- */

/* The pieces as one clean line, valid until the next call. */
struct str run_fill(struct run *run, const struct piece *pieces);
/* The pieces as an address, into run->address. false: a whole address from
 * data that is none of ours to link to. */
bool run_fill_address(struct run *run, const struct piece *pieces);

/* One for each kind of node. A page that grows too large, or that memory is
 * out for, is told by the error of run->blocks or run->raw. */
void show_line(struct run *run, const struct node *node);
void show_stored(struct run *run, const struct node *node);
void show_raw(struct run *run, const struct node *node);

/* ---- acts.c: one for each kind of node ------------------------------ */

bool act_ask(struct run *run, const struct node *node);
bool act_cert(struct run *run, const struct node *node);
bool act_upload(struct run *run, const struct node *node);
/* Look at the upload of a page that takes one, before its transaction begins:
 * what a look may cost must not keep others from writing. */
void act_look(struct run *run);
bool act_edit(struct run *run, const struct node *node);
bool act_lang(struct run *run, const struct node *node);
bool act_go(struct run *run, const struct node *node);
bool act_fail(struct run *run, const struct node *node);
/*
 * A page named [seal] runs only with a good seal, and uses it up in its own
 * transaction: what is rolled back leaves the seal good.
 */
bool act_check_seal(struct run *run);
/* What a seal for a folder is bound to. */
struct seal_scope act_seal_scope(const struct run *run, struct str folder);

#endif
