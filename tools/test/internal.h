/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: a suite of golden pages, what its
 * database begins with, and its steps. Private to this room and tools/test.c.
 */
#ifndef GUIJU_TOOLS_TEST_INTERNAL_H
#define GUIJU_TOOLS_TEST_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "tools/asking.h"

/* The file that makes a folder a suite. */
#define SUITE_FILE "requests"
/* The folder of suites in a capsule. */
#define SUITE_FOLDER "tests"

enum {
	TEST_FINGERPRINT = 64, /* hexadecimal digits */
	TEST_ARENA_MAX = 64 * 1024 * 1024,
	TEST_FILE_MAX = 8 * 1024 * 1024,
	TEST_WHY_MAX = 4096
};

/* A reader's certificate. */
struct tester {
	struct tester *next;
	struct str name;
	struct identity identity;
};

enum step_action {
	STEP_ASK,    /* text: an address or a URL */
	STEP_FOLLOW, /* text: the label of a link */
	STEP_ANSWER, /* text: what is typed */
	STEP_RELOAD,
	STEP_UPLOAD, /* text: the label of a link, or empty; mime, body */
	STEP_EDIT    /* text: as above */
};

struct step {
	struct step *next;
	unsigned line;   /* of the file */
	struct str name; /* of the expected files, without ending */
	enum step_action action;
	struct str text, mime, body;
	const struct tester *as; /* NULL: without a certificate */
	int64_t now_s;
	bool over[PROTOCOLS_MAX]; /* in the order of wires[] */
};

/* A subcommand that fills the database before the first step. */
struct filling {
	struct filling *next;
	unsigned line;
	const char *input; /* the file to read; NULL: none */
	char **argument;   /* ended by NULL; [0] is the subcommand's name */
	int count;
};

struct suite {
	struct arena *arena;
	const char *folder;  /* as given; begins what is printed */
	const char *capsule; /* the folder */
	int64_t now_s;       /* of the first step */
	struct filling *imports, *scripts;
	struct step *steps;
};

/* ---- suite.c ----------------------------------------------------------- */

/*
 * Read FOLDER/requests. Everything lives in the arena. folder: kept. Returns
 * STATUS_OK, or another status after a message with file and line.
 */
int suite_read(
    struct arena *arena, const char *folder, struct suite **out) MUST_CHECK;

/* Read a whole file of at most max bytes into the arena; a NUL follows the
 * text. ERR_MISSING, ERR_IO, ERR_LIMIT, ERR_NOMEM. */
enum err test_read_file(struct arena *arena, const char *path, size_t max,
    struct str *out) MUST_CHECK;

/* ---- database.c -------------------------------------------------------- */

/* Have both suites the same capsule, time and imports? */
bool suites_begin_alike(const struct suite *a, const struct suite *b);

/* Make the folder state, and in it the database with the capsule's first
 * content and what the suite imports. Returns an enum status, after a message
 * if it is not STATUS_OK. */
int database_make(const struct suite *suite, const char *state);

/* Make the folder state with a copy of the database of the folder from, then
 * run the suite's scripts. Returns as above. */
int database_copy(
    const struct suite *suite, const char *from, const char *state);

/* Print all that a child has written to this file; NULL: nothing. */
void database_print_messages(FILE *messages);

/* ---- run.c ------------------------------------------------------------- */

struct tally_of_pages {
	unsigned passed, failed, written;
};

struct run_options {
	const char *state;
	bool update;
	char *const *only; /* the names to compare; count 0: all */
	int only_count;
};

/* Ask all steps in order, compare or write the expected files, and print what
 * differs. Returns an enum status, after a message if it is not STATUS_OK;
 * pages that differ are counted and are no failure. */
int suite_run(const struct suite *suite, const struct run_options *options,
    struct tally_of_pages *tally);

/* ---- visit.c ----------------------------------------------------------- */

/* Where a reader is, in one protocol. Zeroed: nowhere yet. */
struct visit {
	struct asking *asking;
	const struct wire *wire;
	struct buf address; /* of the last request, a URL */
	struct buf reply;   /* the last reply */
};

/*
 * Do the step: ask, and for all actions but STEP_ASK follow redirects. The
 * replies are appended to out, those of redirects too. ERR_INPUT: the step
 * cannot be done, and why says why. Others: out of memory, or too long.
 */
enum err visit_step(struct visit *visit, const struct step *step,
    struct buf *out, struct buf *why) MUST_CHECK;
void visit_release(struct visit *visit);

/* ---- links.c ----------------------------------------------------------- */

/*
 * Find the link that a reader sees as label in a reply of the protocol, which
 * came from address. *out: its absolute URL. ERR_INPUT: there is none, or
 * there are several that lead to different places; why says which labels there
 * are.
 */
enum err link_find(const struct wire *wire, struct str reply,
    struct str address, struct str label, struct buf *out,
    struct buf *why) MUST_CHECK;

/* Where the reply redirects to, as a URL; false: it does not redirect. */
bool link_of_redirect(const struct wire *wire, struct str reply,
    struct str address, struct buf *out);

/* ---- expected.c -------------------------------------------------------- */

/* Append the reply with a mark in the place of each seal that was made within
 * the day before now. */
void expected_mask(struct buf *out, struct str reply, int64_t now_s);

#endif
