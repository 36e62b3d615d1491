/* SPDX-License-Identifier: ISC */
/*
 * The lines of a page, each with what it is: what HTML, a bare capture and a
 * plain text have in common before the article among them is found. A line is
 * one clean line of text (clean_line) and never blank: paragraphs are told
 * apart by being lines. Those of a preformatted group keep their blanks.
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
	LINE_PREFORMATTED /* the one type that may be blank */
};

struct line {
	enum line_type type;
	int level;       /* of a heading: 1 to 3 */
	struct str text; /* of a link: its label */
	struct str url;
	size_t number; /* line of the file */
	bool begins;   /* a group or list of its own, even behind another */
	bool data;     /* a row of a table, whatever its words */
	bool inside;   /* the content of the page, not what surrounds it */
	bool lost;     /* a link to nowhere: for those who look for pagers */
	bool linked;   /* all of its text is one or more links: a menu */
};

struct sheet {
	struct arena *arena;
	struct line *list; /* owned */
	size_t count, size;
	enum err err; /* sticky: ERR_LIMIT, ERR_NOMEM */
};

void sheet_init(struct sheet *sheet, struct arena *arena);
void sheet_release(struct sheet *sheet);

/* Append a copy; its text is cleaned, and if nothing is left, dropped. */
void sheet_add(struct sheet *sheet, const struct line *line);

/*
 * Append the lines of a plain text, all inside. A text that was wrapped at a
 * fixed width is put together again: paragraphs become lines.
 */
void sheet_add_text(
    const struct customs *customs, struct sheet *sheet, struct str text);

/* Take line i out. */
void sheet_remove(struct sheet *sheet, size_t i);

/* Append lines [from, to) as gemtext: a blank line between paragraphs, none
 * between items, quotes, links or preformatted lines; text that would be
 * markup is guarded. */
void sheet_write(
    struct buf *out, const struct sheet *sheet, size_t from, size_t to);

#endif
