/* SPDX-License-Identifier: ISC */
/*
 * The words that the engine itself says to readers, one row per word. The table
 * holds the English; a capsule's words.ini holds other languages. A word may
 * have holes, {name}, which are filled when the word is said.
 *
 * A word is found by its index, not by its name. Only words_fill allocates
 * memory.
 */
#ifndef GUIJU_PAGE_WORDS_H
#define GUIJU_PAGE_WORDS_H

#include "base/arena.h"

enum word {
	/* A refusal without its own text; in the order of enum refusal. */
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
	WORD_FAILURE, /* WORD_BROKEN, with a reference to the log */
	/* Request lines. */
	WORD_LINE_LATE,
	WORD_LINE_LONG,
	WORD_LINE_CUT,
	WORD_NOT_UTF8,
	WORD_BLANK,
	WORD_CONTROL,
	WORD_PART_URL, /* the part that holds the wrong character */
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
	/* Request lines of several words, and the data after them. */
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
	WORD_CERT_REVOKED,
	WORD_CERT_REVOKED_FOR,
	WORD_ACCOUNT_CLOSED,
	WORD_ROLE_NEEDED,
	/* What readers store. */
	WORD_NO_UPLOAD,
	WORD_UPLOAD_OFF,
	WORD_UPLOAD_EXPECTED,
	WORD_UPLOAD_PARAMETERS,
	WORD_UPLOAD_MOVED,
	WORD_UPLOAD_LATE,
	WORD_UPLOAD_SHORT,
	WORD_UPLOAD_LONG,
	WORD_UPLOAD_NO_ROOM,
	WORD_UPLOAD_EMPTY,
	WORD_UPLOAD_LARGE,
	WORD_UPLOAD_TYPE,
	WORD_UPLOAD_UTF8,
	WORD_UPLOAD_LOOKS,
	WORD_UPLOAD_UNKNOWN,
	WORD_UPLOAD_TO_PRIMARY,
	WORD_UPLOAD_KEPT,
	WORD_NOT_ACCEPTED,
	WORD_NOTHING_TO_EDIT,
	/* The page of a seal that is not good. */
	WORD_SEAL_NONE,
	WORD_SEAL_FOREIGN,
	WORD_SEAL_NO_IDENTITY,
	WORD_SEAL_LATE,
	WORD_SEAL_USED,
	WORD_SEAL_ACT,
	WORD_SEAL_BACK,
	WORD_COUNT
};

/* A row of the table: the key in words.ini, and the English text. */
struct word_row {
	const char *key, *english;
};
extern const struct word_row word_rows[WORD_COUNT];

/* All words of one language. Functions below take NULL for English. */
struct words {
	struct words *next;
	struct str language;         /* a BCP 47 tag */
	struct str text[WORD_COUNT]; /* empty: use English */
};

/* One word, with its holes unfilled. Borrowed from words. */
struct str words_text(const struct words *words, enum word word);

/*
 * One word with its holes filled, in the arena. values: one per hole of the
 * English text, in the order of that text. Out of memory: an empty str, and
 * wire/ then sends the refusal's general word.
 */
struct str words_fill(const struct words *words, struct arena *arena,
    enum word word, const struct str values[]);

/*
 * The words for a reader of pages in one language, borrowed. The section of
 * that language wins, then the section of a shorter tag (zh for zh-Hans).
 * Without such a section: the list's first section, which is the portal's own;
 * for English, the English words, unless the portal's own language is English.
 * list: NULL for a capsule without words.
 */
const struct words *words_of(const struct words *list, struct str language);

/* Has the text the shape of a language tag (RFC 5646), of at most 35 bytes? */
bool words_is_language(struct str text);

/* ---- words_file.c --------------------------------------------------- */

struct findings;

/*
 * Read a capsule's words.ini. *out: the list for words_of(), in the arena; NULL
 * for English. language: the portal's. Mistakes become findings; missing words
 * become advice. A capsule without words.ini is OK. ERR_IO, ERR_NOMEM.
 */
enum err words_read(struct arena *arena, const char *capsule,
    struct str language, struct findings *findings,
    const struct words **out) MUST_CHECK;

/* Does a section of the list, or English, have words of this language? */
bool words_speak(const struct words *list, struct str language);

/* ---- for words_file.c ----------------------------------------------- */

/* Find the first hole of *rest. *before: the text before the hole; *name: the
 * name in the hole; *rest: the text after the hole. false: no hole. */
bool words_next_hole(struct str *rest, struct str *before, struct str *name);
/* The index of the text's hole with this name; SIZE_MAX: none. */
size_t words_hole(struct str text, struct str name);
/* Remove a tag's last part: zh-Hans-CN, zh-Hans, zh. false: the tag has only
 * one part. */
bool words_shorten(struct str *tag);
/* Do two tags begin with the same language? */
bool words_same_language(struct str a, struct str b);

#endif
