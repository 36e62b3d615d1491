/* SPDX-License-Identifier: ISC */
/*
 * What C adds to SQL. One file per subject; each registers its functions on a
 * connection. The same files make the server and the loadable extension
 * guiju_sql.so, with which the stock sqlite3 shell can read and search a
 * database of ours.
 *
 * What a portal adds is a module, a folder of capsule/functions/. Its one entry
 * point has the form of SQLite's run-time loadable extensions
 * (sqlite.org/loadext.html), so that a module, too, is part of the server and
 * a file for the shell.
 */
#ifndef GUIJU_STORE_FUNCTIONS_FUNCTIONS_H
#define GUIJU_STORE_FUNCTIONS_FUNCTIONS_H

#include "store/functions/sqlite.h"

struct function_module {
	const char *name; /* of its folder: small letters of ASCII */
	/* The entry point, sqlite3_NAME_init. */
	int (*init)(
	    sqlite3 *db, char **error, const sqlite3_api_routines *routines);
	/* May words be kept although they hold seven digits or more, because
	 * they are a public number, not a person's? NULL: never. */
	bool (*keeps)(struct str words);
};

/* The modules that are compiled in, NAME_module of each, ended by NULL. The
 * Makefile writes this table from FUNCTIONS. */
extern const struct function_module *const function_modules[];

/*
 * What tally(), tally_add() and term_add() ask of the program that they are
 * part of. read gives a count of views; NULL: counts are read from the table
 * guiju_tally. add gives it after adding one, term counts a word for a day;
 * NULL: nothing is counted. keeps: what the modules in use say; may be NULL.
 */
struct function_host {
	void *context;
	uint64_t (*read)(void *context, struct str name, int64_t id);
	uint64_t (*add)(void *context, struct str name, int64_t id);
	void (*term)(
	    void *context, struct str name, struct str term, struct str day);
	bool (*keeps)(struct str words);
};

/* Register everything below on db. host: kept; NULL is a zeroed one. Result:
 * SQLITE_*. */
int functions_register(sqlite3 *db, const struct function_host *host);

/*
 * cjk.c: the FTS5 tokenizer, tokenize='cjk', for detail=full, column, none.
 * Each CJK character is a token together with its right neighbour and, at the
 * same place, a token by itself; each run of other letters and digits is one.
 */
int functions_register_cjk(sqlite3 *db);

/*
 * query.c: fts_query(words, mode [, columns]): the text for MATCH that finds
 * what a reader typed, or NULL if that has neither letter nor digit (MATCH
 * refuses NULL: ask first, or coalesce() it to '""'). mode
 * 'phrase', for detail=full: each run of words as it stands. mode 'and', for
 * detail=none: all its tokens somewhere, to be checked with text_has().
 * columns ("title source", not for detail=none) confines it to these.
 */
int functions_register_query(sqlite3 *db);

/*
 * has.c: text_has(text, words): 1 if every run of words occurs in text, 0 if
 * not or if there is none. text_fold(text): as search sees it (fold.h), for
 * comparison.
 */
int functions_register_has(sqlite3 *db);

/*
 * clean.c: text_clean(text): without characters that show nothing; each line
 * end, of whatever kind, becomes LF and other controls but TAB a blank.
 */
int functions_register_clean(sqlite3 *db);

/*
 * day.c: text_day(text [, marks]): a date in a spreadsheet's writing as
 * 'YYYY-MM-DD', or as much of it as is known, 'YYYY-MM', 'YYYY'; NULL if it is
 * none, or one that never was. marks: characters that may stand behind the
 * year, the month and the day, of which the last may be several.
 */
int functions_register_day(sqlite3 *db);

/*
 * local.c: local_day(seconds): 'YYYY-MM-DD' of a moment in the zone of base/
 * zone.h; local_time(seconds): 'YYYY-MM-DD HH:MM'; local_stamp(seconds): as in
 * RFC 3339, with the zone's offset. local_start(day): the seconds at which a
 * day, a month or a year ('YYYY-MM-DD', 'YYYY-MM', 'YYYY') begins there. NULL
 * for NULL, for no such day, and outside the years of four digits.
 */
int functions_register_local(sqlite3 *db);

/*
 * snippet.c: text_snippet(gemtext, words, characters): one line around the
 * first place where one of the words stands, else the beginning.
 * text_excerpt(gemtext, characters): the first prose, one line. "…" stands
 * where text was cut off (and is not counted).
 */
int functions_register_snippet(sqlite3 *db);

/*
 * pages.c: text_pages(gemtext, characters): how many pages of about so many
 * characters it makes, at least 1. text_page(gemtext, n, characters): the
 * n-th of them from 1, NULL if there is none. All pages together are the text,
 * byte for byte; no preformatted group is torn.
 */
int functions_register_pages(sqlite3 *db);

/* sha256.c: sha256(text): its digest in small hexadecimal digits. */
int functions_register_sha256(sqlite3 *db);

/* address.c: url_text(text): an address percent-decoded; NULL if it is not
 * well encoded, or what comes out is not UTF-8. */
int functions_register_address(sqlite3 *db);

/* count.c: tally(name, id) and tally_add(name, id): a count of views, and
 * the same after adding one. */
int functions_register_count(sqlite3 *db, const struct function_host *host);

/* term.c: term_clean(text): text as words that may be kept, or NULL.
 * term_add(name, text, day): the same after counting it for that day. */
int functions_register_term(sqlite3 *db, const struct function_host *host);

enum { TERM_MAX_CHARACTERS = 64, TERM_MAX_BYTES = 4 * TERM_MAX_CHARACTERS };

/*
 * Append text as a term: folded (fold.h), one blank between words. false:
 * it is none, and out is not to be used. That is what has no letter or digit,
 * or more than TERM_MAX_CHARACTERS; an `@` or `://`; a token: 20 letters,
 * digits, `-` and `_` in a row with a digit among them; and seven digits with
 * at most blanks, dots, dashes, slashes and brackets between, unless keeps (may
 * be NULL) knows the term as a public number.
 */
bool term_clean(
    struct buf *out, struct str text, bool (*keeps)(struct str term));

#endif
