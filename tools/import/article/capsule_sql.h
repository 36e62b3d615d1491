/* SPDX-License-Identifier: ISC */
/*
 * Runs the capsule's script that stores an article: CAPSULE/import/article.sql.
 * The head of capsule_sql.c describes such scripts.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_CAPSULE_SQL_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_CAPSULE_SQL_H

#include <sqlite3.h>

#include "tools/import/article/article.h"

struct capsule_sql;

/*
 * Read CAPSULE/import/article.sql, compile it on db (kept), and read labels.ini
 * beside it. ERR_INPUT: a statement does not compile, no statement asks for
 * :title, or labels.ini has mistakes; each mistake is a line "file:line:
 * message" in why. ERR_IO, ERR_NOMEM.
 */
enum err capsule_sql_open(sqlite3 *db, const char *capsule,
    struct capsule_sql **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void capsule_sql_close(struct capsule_sql *sql);

/* The fields that the statements ask for, and the words of labels.ini; borrowed
 * from sql. */
const struct customs *capsule_sql_customs(const struct capsule_sql *sql);

enum capsule_answer {
	CAPSULE_IMPORTED, /* text: the new address, or empty */
	CAPSULE_UPDATED,  /* text: the address of the corrected article */
	CAPSULE_ALREADY,  /* text: the address of the article that exists */
	CAPSULE_REFUSED   /* text: why */
};

/* The result of storing an article. */
struct capsule_result {
	enum capsule_answer answer;
	struct buf text;          /* one clean line */
	struct buf notes;         /* for the operator; one line, or empty */
	struct buf before, after; /* texts of a correction, not cleaned */
};

void capsule_result_init(struct capsule_result *result);
void capsule_result_release(struct capsule_result *result);

/*
 * Run the script for one article, inside a transaction of the caller. The
 * caller rolls it back after an error, and if the answer is not
 * CAPSULE_IMPORTED or CAPSULE_UPDATED. replace: the operator wants an existing
 * article to be overwritten. *result is emptied first. ERR_*: the database
 * failed; why names the statement by file and line.
 */
enum err capsule_sql_run(struct capsule_sql *sql, const struct article *article,
    bool replace, struct capsule_result *result, struct buf *why) MUST_CHECK;

#endif
