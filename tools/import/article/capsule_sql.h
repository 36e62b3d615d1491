/* SPDX-License-Identifier: ISC */
/*
 * The capsule's own words for storing an article: CAPSULE/import/article.sql.
 * How such a file is written is told at the top of capsule_sql.c.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_CAPSULE_SQL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_CAPSULE_SQL_H

#include <sqlite3.h>

#include "tools/import/article/article.h"

struct capsule_sql;

/*
 * Read and compile CAPSULE/import/article.sql on db (kept), and read the labels
 * beside it. ERR_INPUT: a statement does not compile, none asks for :title, or
 * labels.ini has mistakes; each is a line "file:line: message" in why. ERR_IO,
 * ERR_NOMEM.
 */
enum err capsule_sql_open(sqlite3 *db, const char *capsule,
    struct capsule_sql **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void capsule_sql_close(struct capsule_sql *sql);

/* The fields that the statements ask for, and the words of labels.ini. Borrowed
 * from sql. */
const struct customs *capsule_sql_customs(const struct capsule_sql *sql);

enum capsule_answer {
	CAPSULE_IMPORTED, /* text: the new address, or empty */
	CAPSULE_UPDATED,  /* text: the address of what was corrected */
	CAPSULE_ALREADY,  /* text: where it is */
	CAPSULE_REFUSED   /* text: why */
};

/* What became of an article. */
struct capsule_result {
	enum capsule_answer answer;
	struct buf text; /* one clean line */
	struct buf
	    notes; /* what the operator should know; one line, or empty */
	struct buf before, after; /* of a correction: lines, not cleaned */
};

void capsule_result_init(struct capsule_result *result);
void capsule_result_release(struct capsule_result *result);

/*
 * Run the statements for one article, inside the transaction that the caller
 * has begun and, unless the answer is CAPSULE_IMPORTED or _UPDATED, takes
 * back. replace: the operator wants what is there to be written over. Of
 * *result nothing is kept from before. ERR_*: the database failed, why says
 * with file and line which statement, and the transaction is to be taken back.
 */
enum err capsule_sql_run(struct capsule_sql *sql, const struct article *article,
    bool replace, struct capsule_result *result, struct buf *why) MUST_CHECK;

#endif
