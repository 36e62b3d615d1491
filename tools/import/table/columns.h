/* SPDX-License-Identifier: ISC */
/* The columns of a file as parameters of the capsule's statements. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_COLUMNS_H
#define GUIJU_TOOLS_IMPORT_TABLE_COLUMNS_H

#include "tools/import/table/rows.h"
#include "tools/import/script/names.h"

enum { COLUMNS_FINGERPRINT = 32 }; /* hex digits */

struct columns {
	struct names *names;            /* kept */
	const char *source;             /* kept; NULL: none was named */
	struct rows *rows;              /* of the file at hand; kept */
	size_t place[ROWS_COLUMNS_MAX]; /* SIZE_MAX: it has no use */
	struct buf known;               /* what the fingerprint is made of */
};

void columns_init(
    struct columns *columns, struct names *names, const char *source);
/* Accepts a zeroed struct. */
void columns_release(struct columns *columns);

/*
 * Find which of a file's columns some statement asks for, and give how many
 * those are. The others are named in skipped, and so are those of the first
 * `own` names, which the tool provides: a file's column cannot stand for them.
 */
size_t columns_map(struct columns *columns, struct rows *rows, size_t own,
    struct buf *skipped);

/*
 * A row's fields become the values of its columns. hex gets the row's
 * fingerprint, COLUMNS_FINGERPRINT digits of SHA-256 over the columns that
 * some statement asks for and the source. ERR_NOMEM; why gets one line.
 */
enum err columns_offer(struct columns *columns, const struct row *row,
    char hex[COLUMNS_FINGERPRINT], struct buf *why) MUST_CHECK;

/* What this file had is not what the next one has: all are NULL. */
void columns_forget(struct columns *columns);

#endif
