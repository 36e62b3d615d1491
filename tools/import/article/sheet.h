/* SPDX-License-Identifier: ISC */
/*
 * The lines of a page, each with its type. HTML, a capture and a plain text all
 * become a sheet, before the article is found in it. A line is cleaned by
 * clean_line() and is never blank, since each paragraph is one line. A line of
 * a preformatted group keeps its blanks.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_SHEET_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

enum { SHEET_LINES_MAX = 200000 };

enum line_type {
	LINE_TEXT,
	LINE_HEADING,
	LINE_ITEM,
	LINE_QUOTE,
	LINE_LINK,
	LINE_PREFORMATTED /* the only type that may be blank */
};

struct line {
	enum line_type type;
	int level;       /* of a heading: 1 to 3 */
	struct str text; /* of a link: its label */
	struct str url;
	size_t number; /* line of the file */
	bool begins;   /* begins a new group or list, even behind another */
	bool data;     /* a row of a table: never furniture */
	bool inside;   /* in the page's content, not around it */
	bool lost;     /* a link to nowhere; it only helps to find pagers */
	bool linked;   /* all of the text is links, as in a menu */
};

struct sheet {
	struct arena *arena;
	struct line *list; /* owned */
	size_t count, size;
	enum err err; /* sticky: ERR_LIMIT, ERR_NOMEM */
};

void sheet_init(struct sheet *sheet, struct arena *arena);
void sheet_release(struct sheet *sheet);

/* Append a copy of a line, with its text cleaned. A line whose text is then
 * empty is dropped. */
void sheet_add(struct sheet *sheet, const struct line *line);

/*
 * Append the lines of a plain text, all with the flag inside. A text that was
 * wrapped at a fixed width is joined again: each paragraph becomes one line.
 */
void sheet_add_text(
    const struct customs *customs, struct sheet *sheet, struct str text);

/* Remove line i. */
void sheet_remove(struct sheet *sheet, size_t i);

/* Append lines [from, to) as gemtext. A blank line separates paragraphs, but
 * not items, quotes, links or preformatted lines. Text that would be markup is
 * guarded (clean_add_guarded()). */
void sheet_write(
    struct buf *out, const struct sheet *sheet, size_t from, size_t to);

#endif
