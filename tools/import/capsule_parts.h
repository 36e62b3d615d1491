/* SPDX-License-Identifier: ISC */
/*
 * A compiled import/article.sql, shared by capsule_sql.c, which makes it, and
 * capsule_run.c, which runs it. Private to them.
 */
#ifndef GUIJU_TOOLS_IMPORT_CAPSULE_PARTS_H
#define GUIJU_TOOLS_IMPORT_CAPSULE_PARTS_H

#include "tools/import/capsule_sql.h"

enum {
	STATEMENTS_MAX = 64,
	NAMES_MAX = 128,    /* fields and columns */
	PARAMETERS_MAX = 64 /* of one statement */
};

/* A name that may be a parameter, and its value while an article is stored. */
struct name {
	char *name;           /* owned */
	sqlite3_value *value; /* owned; NULL: the field, or NULL */
};

enum {
	/* Behind the fields of enum article_field. */
	NAME_BODY = FIELD_COUNT,
	NAME_FILE,
	NAME_PUBLISHED,
	NAME_PINNED,
	NAME_SAMPLE,
	NAME_PATH, /* the first of an attachment's */
	NAME_LABEL,
	NAME_MIME,
	NAME_BYTES,
	NAME_POSITION,
	NAME_FIRST_COLUMN
};

struct statement {
	sqlite3_stmt *handle; /* owned */
	size_t line;
	bool each; /* once for each attachment */
	/* Which name each parameter is: settled in order, so that a column
	 * hides a field from later statements only. */
	unsigned char parameter[PARAMETERS_MAX];
};

struct capsule_sql {
	sqlite3 *db;
	char *path; /* owned */
	struct statement statement[STATEMENTS_MAX];
	size_t statements;
	struct name name[NAMES_MAX];
	size_t names;
};

/* The place of a name, or sql->names. The last one of that name: columns hide
 * fields. */
size_t capsule_find_name(const struct capsule_sql *sql, const char *name);

/* Append "file:line: " and what SQLite says about the call that gave code;
 * gives what it is for us. */
enum err capsule_blame(
    const struct capsule_sql *sql, size_t line, struct buf *why, int code);

#endif
