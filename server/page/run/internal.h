/* SPDX-License-Identifier: ISC */
/*
 * A page while it runs, private to this room. A bool function that returns
 * false has settled the reply, and the rest of the page does not run.
 */
#ifndef GUIJU_PAGE_RUN_INTERNAL_H
#define GUIJU_PAGE_RUN_INTERNAL_H

#include <sqlite3.h>

#include "page/run/site_parts.h"
#include "page/compile/template.h"
#include "page/words.h"
#include "base/ip.h"
#include "base/str.h"

enum { TEXT_MAX = 16 * 1024 }; /* bytes of an address or a path */

/* The row of a statement that may be early, for a run that begins again. */
struct early {
	struct early *next;
	const struct node *node;
	struct value *bound; /* what was bound */
	struct value *row;   /* NULL: there was no row */
};

/* The account of the request's certificate. */
struct account {
	enum {
		ACCOUNT_NONE,    /* the certificate is unknown, or waits */
		ACCOUNT_ACTIVE,  /* id, role */
		ACCOUNT_CLOSED,  /* since, reason */
		ACCOUNT_REVOKED, /* the certificate is: since, reason */
	} state;
	int64_t id, cert_id;
	struct str role;   /* may be empty */
	struct str reason; /* one line; may be empty */
	int64_t since_s;
};

struct run {
	struct site *site;
	const struct match *match;
	struct page *page;
	const struct request *request;
	struct reply *reply;
	struct value *slots;
	struct blocks blocks;
	struct buf raw;  /* of a raw page, or of the current group */
	struct buf line; /* scratch memory */
	struct buf address;
	struct str path; /* canonical, encoded */
	struct str cert; /* fingerprint, or empty */
	int64_t now_s;
	struct str today; /* of now_s in the zone; empty: out of range */
	bool began;       /* a transaction is open */
	bool locked;      /* and it is the one that writes */
	bool again;       /* the page must run again, under the lock */
	int64_t version;  /* of the database, before the first statement */
	struct early *early;
	int64_t mark_us;   /* the end of the last lap; see run_lap */
	uint64_t *pending; /* takes the time since the lap, or NULL */
	struct account account;
	bool settled;
	bool untyped; /* of a file nobody says the type */
	/* The seal is not good: the page offers its act, and does nothing. */
	bool unfit;
	enum word fault;   /* why */
	struct str notice; /* of % notice; empty: none */
	bool own_seal;     /* the seal was made for this reader and this act */
	bool counted;      /* the reader's writes include this page */
	bool taken;        /* % upload has taken the upload */
	bool sniffed;      /* upload_sniff is done: */
	struct str sniffed_type; /* the upload's type, */
	enum err sniff_err;      /* or why it has none */
};

/* The connection of the page's statements at this moment. */
static inline sqlite3 *
run_connection(const struct run *run)
{
	return run->locked ? store_writer(run->site->store)
			   : store_reader(run->site->store);
}

/* The scope of a seal for this folder. secret: one of site->seal_keys. */
static inline struct seal_scope
run_seal_scope(
    const struct run *run, struct str folder, const unsigned char *secret)
{
	return (struct seal_scope){secret, folder, run->cert, run->now_s};
}

/* ---- outcome.c ------------------------------------------------------ */

/* Settle the reply with a refusal; returns false. text: in the arena or a
 * literal; empty: the refusal's general word. */
bool run_refuse(struct run *run, enum refusal kind, struct str text);
/* The same with a word that has no holes. */
bool run_refuse_word(struct run *run, enum refusal kind, enum word word);
/* The same for an error that the reader has not caused. The log gets the node's
 * file and line. what: the reason, for the log only. */
bool run_refuse_for(
    struct run *run, const struct node *node, enum err err, const char *what);
/* The same for a statement of the engine itself; the log gets SQLite's message,
 * too. */
bool run_refuse_sql(
    struct run *run, const struct node *node, enum err err, const char *what);
/* Settle the reply with a prompt or a redirect; returns false. text: copied. */
bool run_settle(struct run *run, enum reply_type type, struct str text);
/* Settle the reply with a redirect to target, which is released; returns false.
 * otherwise: the refusal if target could not be made. */
bool run_lead(struct run *run, struct buf *target, enum refusal otherwise);

/* ---- transaction.c -------------------------------------------------- */

/* Begin the page's transaction, unless one is open: one that cannot write. */
bool run_begin(struct run *run, const struct node *node);
/* Take the write lock and go on in the transaction that writes. If the database
 * has changed since the page's first statement, run->again is set. */
bool run_lock(struct run *run, const struct node *node);
/* After a statement outside of a run's transaction has failed: if it failed
 * inside SQLite, this worker stores nothing more. */
void run_give_up_if_doubtful(const struct site *site);
/* A transaction that writes, behind a run that has ended. false: it cannot
 * begin now. */
bool transaction_write_alone(struct run *run);
/* End it: commit if good, else roll back. Returns whether it is committed. */
bool transaction_end_alone(struct run *run, bool good);
/* End the run: commit if the reply is a page, a file or a redirect, otherwise
 * roll back. A failed commit replaces the reply by a refusal. */
void run_finish(struct run *run);
/*
 * End a lap: returns the microseconds since the last lap or since the beginning
 * of the transaction. A statement's time is counted from the end of the
 * statement before it. So there is one reading of the clock per statement; the
 * work between two statements is short. The time of an % each counts its rows;
 * the time of statements in its body counts for those statements.
 */
uint64_t run_lap(struct run *run);

/* ---- query.c: one function per kind of node ------------------------- */

bool query_one(struct run *run, const struct node *node);
bool query_each(struct run *run, const struct node *node);
bool query_if(struct run *run, const struct node *node);
bool query_do(struct run *run, const struct node *node);
/* May the page write at this node? Takes the write lock and counts the write.
 * false: the reply is settled, or the page must run again. */
bool query_may_write(struct run *run, const struct node *node);

/* ---- show.c --------------------------------------------------------- */

/* The pieces as one clean line, valid until the next call. */
struct str run_fill(struct run *run, const struct piece *pieces);
/* Write the pieces as an address to run->address. false: the data do not hold
 * an address that a page may link to. */
bool run_fill_address(struct run *run, const struct piece *pieces);

/* The page's own return address, as it stands in its path; empty: none. */
struct str run_own_return(const struct run *run);
/* Append the return address of this page, as one segment: where a reader who is
 * sent away comes back to. A page below a folder [from] hands on its own. */
void run_add_return(struct run *run, struct buf *out);

/* One function per kind of node. If the page is too large, or out of memory,
 * run->blocks or run->raw holds the error. */
void show_line(struct run *run, const struct node *node);
void show_stored(struct run *run, const struct node *node);
void show_raw(struct run *run, const struct node *node);
/* Show the notice of the request above the page, and forget it. Call it after
 * run_finish(). */
void show_notice(struct run *run);

/* ---- acts.c: one function per kind of node -------------------------- */

bool act_ask(struct run *run, const struct node *node);
bool act_cert(struct run *run, const struct node *node);
bool act_lang(struct run *run, const struct node *node);
/* Keep the line for the page that the act leads to. */
bool act_notice(struct run *run, const struct node *node);
bool act_go(struct run *run, const struct node *node);
/* Send the reader to a page below a folder [from], whose % return leads back to
 * this page. before, after: the path around the return address. Returns false.
 */
bool act_send_away(struct run *run, struct str before, struct str after);
bool act_file(struct run *run, const struct node *node); /* blob.c */
/* Find out the type of a reply that is a file, if nobody says it. It comes
 * after the transaction, because it may be slow. */
void blob_look(struct run *run);
bool act_fail(struct run *run, const struct node *node);

/* ---- confirm.c ------------------------------------------------------ */

/*
 * Check the seal of a page named [seal]. false: the reply is settled. If the
 * seal is not good, run->unfit is set: the page may run, but must end in
 * confirm_offer() where it would ask or write. The seal is used up in the
 * transaction that writes, so that it stays good after a rollback and after a
 * run that writes nothing.
 */
bool confirm_check(struct run *run);
/* Settle the reply with a page that says what is wrong with the seal and offers
 * the act anew; an upload is refused. prompt: of % ask; NULL: none. Returns
 * false. */
bool confirm_offer(struct run *run, const struct piece *prompt);
/* Take the write lock, unless the run has it, and use the seal up. false: the
 * reply is settled, or the page must run again. */
bool confirm_lock(struct run *run, const struct node *node);

/* ---- account.c ------------------------------------------------------ */

/* Look up the account of the request's certificate and set the names that tell
 * of it. Once per run, before the first node, and only for a page that uses an
 * account. */
bool account_find(struct run *run);
/* Refuse a certificate that was revoked. */
bool account_refuse_revoked(struct run *run);
bool act_account(struct run *run, const struct node *node);
bool act_role(struct run *run, const struct node *node);
/* ---- upload.c -------------------------------------------------------- */

/* The type that the upload's client says. Where a protocol knows no types, it
 * is the page's first one of text. */
struct str upload_type(const struct run *run);
bool act_upload(struct run *run, const struct node *node);
bool act_edit(struct run *run, const struct node *node);
/* Find out the type of the upload by its bytes. This comes before the
 * transaction, because it may be slow and must not block other writers. */
void upload_sniff(struct run *run);
/* Is only the line of an upload here? */
bool upload_is_awaited(const struct run *run);
/* Does the node need a body that is not here yet, or does it write? Then the
 * page cannot say more: upload_await() settles the reply. Returns false. */
bool upload_hides(const struct run *run, const struct node *node);
bool upload_await(struct run *run);
/* Settle the reply: an upload is expected here, and there is none. Returns
 * false. */
bool upload_refuse_none(struct run *run);
/* The end of a run: what is said to an upload that the page has not taken
 * becomes a refusal. past_seal: the seal, if any, was good. */
void upload_settle(struct run *run, bool past_seal);

/* ---- draft.c --------------------------------------------------------- */

/* May a text of this sender become a draft? The sender has a certificate; where
 * the page is for accounts, he has an account. */
bool draft_is_for(const struct run *run);
/* After the run: keep the text of a refused upload, and say so in the reply. */
void draft_keep(struct run *run, bool past_seal);

/* ---- run.c ---------------------------------------------------------- */

/* Run a list of nodes, for example the body of a node. */
bool run_nodes(struct run *run, const struct node *node);
/* The page's media type. A text type gets the language, if the page has % lang.
 */
struct str run_type(const struct run *run);

/* ---- writes.c ------------------------------------------------------- */

/*
 * Limits how often one reader may write. A reader is one certificate; without a
 * certificate, one IP address. The certificates of one address are counted
 * together, too. Writes are counted in the database, in the transaction that
 * writes. So the count is exact for all workers together, it survives a
 * restart, and a rollback is not counted.
 */

/*
 * Count a page that writes, inside the page's transaction on the writing
 * connection. cert: the reader's fingerprint; empty: none. peer: the reader's
 * address; NULL: it is not limited. *wait_s: 0 if the reader may write;
 * otherwise the seconds until the reader may write again. The page then takes
 * the count back with all it has written. On an error the write is not counted.
 */
enum err writes_count(struct site *site, struct str cert, const struct ip *peer,
    int64_t now_s, unsigned *wait_s) MUST_CHECK;

enum { WRITES_NAME = 48 }; /* bytes of an address's name, with the NUL */

/*
 * The name of an IP address for this day (of IPv6, its first 64 bits). The name
 * is an HMAC with the site's secret and does not reveal the address. what: the
 * beginning of the name, at most 15 bytes. ERR_NOMEM.
 */
enum err writes_name(const unsigned char *secret, const char *what,
    const struct ip *ip, int64_t now_s, char out[WRITES_NAME]) MUST_CHECK;

#endif
