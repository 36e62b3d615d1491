/* SPDX-License-Identifier: ISC */
/*
 * The words that the engine itself says to readers, one row each: in English
 * here, in other languages in a capsule's words.ini. A word may have holes,
 * {name}, for what is known only when it is said.
 *
 * Found by index: nothing is looked up by name and nothing is allocated, but
 * where holes are filled.
 */
#ifndef GUIJU_PAGE_WORDS_H
#define GUIJU_PAGE_WORDS_H

#include "base/arena.h"

enum word {
	/* A refusal that says nothing else, in the order of enum refusal. */
	WORD_MISSING,
	WORD_GONE,
	WORD_BAD,
	WORD_FOREIGN,
	WORD_FORBIDDEN,
	WORD_NEEDS_CERT,
	WORD_BAD_CERT,
	WORD_BUSY,
	WORD_DOWN,
	WORD_BROKEN,
	WORD_FAILURE, /* WORD_BROKEN, with what to look for in the log */
	/* Request lines. */
	WORD_LINE_LATE,
	WORD_LINE_LONG,
	WORD_LINE_CUT,
	WORD_NOT_UTF8,
	WORD_BLANK,
	WORD_CONTROL,
	WORD_PART_URL, /* what such a character stands in */
	WORD_PART_PATH,
	WORD_PART_INPUT,
	WORD_PART_SELECTOR,
	/* Addresses. */
	WORD_URL_MALFORMED,
	WORD_URL_RELATIVE,
	WORD_URL_FRAGMENT,
	WORD_URL_USER,
	WORD_URL_NO_HOST,
	WORD_URL_SCHEME,
	WORD_HOST_NOT_ASCII,
	WORD_HOST_FOREIGN,
	WORD_PORT,
	WORD_PORT_FOREIGN,
	WORD_TLS_NAME,
	WORD_PATH,
	WORD_REDIRECT,
	/* Lines of words, and data behind them. */
	WORD_LINE_PARTS,
	WORD_LENGTH,
	WORD_HOST,
	WORD_PATH_RELATIVE,
	WORD_DATA_LONG,
	WORD_DATA_AND_QUERY,
	/* Menus. */
	WORD_SELECTOR,
	WORD_INPUT_LONG,
	WORD_NO_URL,
	WORD_INPUT,
	WORD_MOVED,
	WORD_ONLY_OVER,
	WORD_NO_HTTP,
	WORD_NO_HTTP_USE,
	WORD_LEADS_OUT,
	/* Identities. */
	WORD_CERT_NO_DATES,
	WORD_CERT_EXPIRED,
	WORD_CERT_EARLY,
	WORD_CERT_WEAK,
	WORD_CERT_FALSE,
	/* What readers store. */
	WORD_NO_UPLOAD,
	WORD_UPLOAD_EXPECTED,
	WORD_UPLOAD_EMPTY,
	WORD_UPLOAD_LARGE,
	WORD_UPLOAD_TYPE,
	WORD_UPLOAD_LOOKS,
	WORD_UPLOAD_UNKNOWN,
	WORD_UPLOAD_TO_PRIMARY,
	WORD_NOT_ACCEPTED,
	WORD_NOTHING_TO_EDIT,
	WORD_COUNT
};

/* A row of the table: the key in words.ini and the English. */
struct word_row {
	const char *key, *english;
};
extern const struct word_row word_rows[WORD_COUNT];

/* All words of one language; NULL where one is wanted: English. */
struct words {
	struct words *next;
	struct str language;         /* a BCP 47 tag */
	struct str text[WORD_COUNT]; /* empty: in English */
};

/* One word. Borrowed from words; holes stand in it as they are. */
struct str words_text(const struct words *words, enum word word);

/*
 * One word with its holes filled, in the arena. values: as many as the English
 * has holes, in the order in which they stand there. An empty str when memory
 * is out: wire/ says what the refusal says without a text.
 */
struct str words_fill(const struct words *words, struct arena *arena,
    enum word word, const struct str values[]);

/*
 * The words for a reader of pages in a language: those of its own section,
 * else of a shorter tag's (zh for zh-Hans); where there is no such section
 * English for English, and the first of the list, which is the portal's own,
 * for all others. list: NULL for a capsule without words. Borrowed.
 */
const struct words *words_of(const struct words *list, struct str language);

/* A language tag as far as its shape tells (RFC 5646), at most 35 bytes. */
bool words_is_language(struct str text);

/* ---- words_file.c --------------------------------------------------- */

struct findings;

/*
 * Read a capsule's words.ini; *out is the list for words_of(), in the arena,
 * NULL for English. language: the portal's. What is wrong goes to the
 * findings, what a language lacks is advice. OK without such a file; ERR_IO,
 * ERR_NOMEM.
 */
enum err words_read(struct arena *arena, const char *capsule,
    struct str language, struct findings *findings,
    const struct words **out) MUST_CHECK;

/* Does some section, or English, speak this language? */
bool words_speak(const struct words *list, struct str language);

/* ---- for words_file.c ----------------------------------------------- */

/* Cut *rest behind its first hole: *before stands in front of it, *name in
 * it. false: there is none. */
bool words_next_hole(struct str *rest, struct str *before, struct str *name);
/* Which of the text's holes has that name; SIZE_MAX: none. */
size_t words_hole(struct str text, struct str name);
/* Take off a tag's last part: zh-Hans-CN, zh-Hans, zh. false: it is all. */
bool words_shorten(struct str *tag);
/* Do two tags begin with the same language? */
bool words_same_language(struct str a, struct str b);

#endif
