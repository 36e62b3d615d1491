/* SPDX-License-Identifier: ISC */
/*
 * The SQL functions that are written in C. There is one file per subject, which
 * registers its functions on a connection. The same files make the server and
 * the loadable extension guiju_sql.so, with which the stock sqlite3 shell can
 * read and search a database of guiju.
 *
 * The functions of a portal are a module, a folder of capsule/functions/. The
 * one entry point of a module has the form of SQLite's run-time loadable
 * extensions (sqlite.org/loadext.html). So a module, too, can be part of the
 * server or a file for the shell.
 */
#ifndef GUIJU_STORE_FUNCTIONS_FUNCTIONS_H
#define GUIJU_STORE_FUNCTIONS_FUNCTIONS_H

#include <sqlite3ext.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * SQLite for our SQL functions. In the server SQLite is linked (SQLITE_CORE is
 * defined). A loaded extension calls it through the table of routines that
 * SQLite hands over.
 */

SQLITE_EXTENSION_INIT3

/* An entry point. All other symbols of an extension's file are hidden. */
#define SQL_ENTRY __attribute__((visibility("default")))

struct sql_function {
	const char *name;
	int arguments;
	int flags; /* SQLITE_DETERMINISTIC, _INNOCUOUS, _DIRECTONLY */
	void (*call)(sqlite3_context *, int, sqlite3_value **);
};

/* For a function that depends on its arguments only and can do no harm. Views,
 * triggers and indexes may call it in spite of trusted_schema=OFF. */
enum { SQL_PURE = SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };

/*
 * For an entry point: from now on the schema of this connection's databases is
 * not trusted. Another program, such as the sqlite3 shell, has functions that
 * run programs and write files, and a database may have been made by anybody.
 * Gives SQLITE_*.
 */
int sql_distrust(sqlite3 *db);

/* Register n functions. sqlite3_user_data() gives context (kept). Gives
 * SQLITE_*. */
int sql_register(sqlite3 *db, const struct sql_function *list, size_t n,
    const void *context);

/* The text of a value, borrowed until the value changes; empty for NULL. */
struct str sql_text(sqlite3_value *value);
bool sql_is_null(sqlite3_value *value);
/* A value as a number, clamped to [min, max]. */
size_t sql_size(sqlite3_value *value, size_t min, size_t max);

/* Set the function's result to the content of b, or to its error; release b. */
void sql_result(sqlite3_context *context, struct buf *b);

struct function_module {
	const char *name; /* of its folder: small letters of ASCII */
	/* The entry point, sqlite3_NAME_init. */
	int (*init)(
	    sqlite3 *db, char **error, const sqlite3_api_routines *routines);
	/* May words be stored although they hold seven digits or more, because
	 * they are a public number and not a person's? NULL: never. */
	bool (*keeps)(struct str words);
};

/* The modules that are compiled in (NAME_module of each), ended by NULL. The
 * Makefile writes this table from FUNCTIONS. */
extern const struct function_module *const function_modules[];

/*
 * What tally(), tally_add() and term_add() call in the program that they are
 * part of. read gives a count of views; NULL: counts are read from the table
 * guiju_tally. add adds 1 and gives the new count; term counts a word for a
 * day; NULL: nothing is counted. keeps asks the modules in use; may be NULL.
 */
enum { FUNCTION_SECRET_BYTES = 32 };

struct function_host {
	void *context;
	uint64_t (*read)(void *context, struct str name, int64_t id);
	uint64_t (*add)(void *context, struct str name, int64_t id);
	void (*term)(
	    void *context, struct str name, struct str term, struct str day);
	bool (*keeps)(struct str words);
	/* The key of code_hash(), FUNCTION_SECRET_BYTES, kept; NULL: none. */
	const unsigned char *secret;
};

/* Register all functions below on db. host: kept; NULL means a zeroed host.
 * Gives SQLITE_*. */
int functions_register(sqlite3 *db, const struct function_host *host);

/*
 * cjk.c: the FTS5 tokenizer, tokenize='cjk', for detail=full, column, none.
 * Each CJK character with its right neighbour is a token; at the same place the
 * character alone is another. Each run of other letters and digits is a token.
 */
int functions_register_cjk(sqlite3 *db);

/*
 * query.c: fts_query(words, mode [, columns]): the text for MATCH that finds
 * what a reader typed. NULL if words have neither a letter nor a digit; MATCH
 * refuses NULL, so test for it first or coalesce() it to '""'. mode 'phrase',
 * for detail=full, finds each run of words as it stands. mode 'and', for
 * detail=none, finds texts that hold all tokens anywhere; text_has() must check
 * them. columns ("title source", not for detail=none) limits the search to
 * these columns.
 */
int functions_register_query(sqlite3 *db);

/*
 * has.c: text_has(text, words): 1 if every run of words occurs in text; 0 if
 * not, or if there is no run. text_fold(text): the folded text (fold.h), for
 * comparisons.
 */
int functions_register_has(sqlite3 *db);

/*
 * clean.c: text_clean(text): the text without invisible characters. Each line
 * end, of any kind, becomes LF; TAB stays; other controls become a blank.
 */
int functions_register_clean(sqlite3 *db);
int functions_register_columns(sqlite3 *db);

/*
 * day.c: text_day(text [, marks]): a date as people and spreadsheets write it,
 * as 'YYYY-MM-DD', or 'YYYY-MM' or 'YYYY' if only that is known. NULL if text
 * is not a date or there is no such day. marks: the characters that may follow
 * the year, the month and the day; all from the third on may follow the day.
 */
int functions_register_day(sqlite3 *db);

/*
 * local.c: moments (seconds since 1970 UTC) in the zone of base/zone.h.
 * local_day(seconds): 'YYYY-MM-DD'; local_time(seconds): 'YYYY-MM-DD HH:MM';
 * local_stamp(seconds): by RFC 3339, with the zone's offset. local_start(day):
 * the moment at which a day, a month or a year ('YYYY-MM-DD', 'YYYY-MM',
 * 'YYYY') begins. NULL for NULL, for a day that does not exist, and for years
 * without four digits. now(): the present moment, which `guiju get --now`
 * stops.
 */
int functions_register_local(sqlite3 *db);

/*
 * snippet.c: text_snippet(gemtext, words, characters): one line around the
 * first of the words in the text; the beginning of the text if there is none.
 * text_excerpt(gemtext, characters): the first prose as one line. "…" marks the
 * places where text was cut off, and is not counted.
 */
int functions_register_snippet(sqlite3 *db);

/*
 * pages.c: text_pages(gemtext, characters): the number of pages, at least 1, if
 * a page has about that many characters. text_page(gemtext, n, characters): the
 * n-th page, from 1; NULL if there is none. All pages together are the text,
 * byte for byte. A preformatted group is never split.
 */
int functions_register_pages(sqlite3 *db);

/* sha256.c: sha256(text): the SHA-256 in small hexadecimal digits. */
int functions_register_sha256(sqlite3 *db);

enum { SHA256_BYTES = 32 };
/* The SHA-256 of a text. */
void sha256_digest(struct str text, unsigned char out[SHA256_BYTES]);

/*
 * accounts.c: name_fold(name): the folded form of a name that a person has
 * chosen; NULL if the text cannot be a name. A name has 1 to 40 characters:
 * letters, ASCII digits, and between them single blanks and a few signs. It is
 * of one script, but for Han with Latin and with kana, hangul or bopomofo.
 *
 * code_new(): a new one-time code, 16 characters in groups of four.
 * code_selector(code): its first four characters; NULL if the text is not a
 * code. Case, blanks and hyphens do not matter. code_hash(code): a digest keyed
 * with host->secret, for the database. code_key(): a name of that key; NULL:
 * this program has none. code_equal(a, b): 1 if the texts are the same, in a
 * time that does not depend on where they differ.
 */
int functions_register_accounts(sqlite3 *db, const struct function_host *host);

/* random.c: SQLite's random() and randomblob(n), repeatable under
 * random_repeat() (random.h); else nothing is registered. */
int functions_register_random(sqlite3 *db);

/* address.c: url_text(text): the percent-decoded text; NULL if the encoding is
 * wrong or the result is not UTF-8. */
int functions_register_address(sqlite3 *db);

/* count.c: tally(name, id): a count of views. tally_add(name, id): add 1 and
 * give the new count. */
int functions_register_count(sqlite3 *db, const struct function_host *host);

/* term.c: term_clean(text): text as a term that may be stored, or NULL.
 * term_add(name, text, day): the same, and the term is counted for that day. */
int functions_register_term(sqlite3 *db, const struct function_host *host);

enum { TERM_MAX_CHARACTERS = 64, TERM_MAX_BYTES = 4 * TERM_MAX_CHARACTERS };

/*
 * Append text as a term: folded (fold.h), with one blank between words. false:
 * text is not a term, and the content of out must not be used. These are not
 * terms: a text without letters and digits; a text of more than
 * TERM_MAX_CHARACTERS; one with `@` or `://`; one with a token, that is 20
 * letters, digits, `-` and `_` in a row, a digit among them; one with seven
 * digits that only blanks, dots, dashes, slashes and brackets separate, unless
 * keeps (may be NULL) knows the term as a public number.
 */
bool term_clean(
    struct buf *out, struct str text, bool (*keeps)(struct str term));

#endif
