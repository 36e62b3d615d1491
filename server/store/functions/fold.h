/* SPDX-License-Identifier: ISC */
/*
 * Folding: the form in which texts are searched. Compatibility characters
 * become the characters that they stand for (NFKC: full width to ASCII, Ⅱ to
 * II, ㎜ to mm), capitals become small letters, and traditional Chinese
 * characters become simplified ones. A folded character has one of three
 * classes: a CJK character, which is a token by itself; a character of a word
 * (letters and digits of all other scripts); or a separator, which is all else.
 * The tokenizer, the builder of queries, the check of candidates and the
 * snippet all use this folding, so they agree on what is found. Folding twice
 * is folding once: fold(fold(x)) = fold(x).
 *
 * Invisible characters (joiners, variation selectors, BOM) are skipped. A byte
 * that is not UTF-8 is a separator.
 */
#ifndef GUIJU_STORE_FUNCTIONS_FOLD_H
#define GUIJU_STORE_FUNCTIONS_FOLD_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

enum fold_class { FOLD_OTHER, FOLD_WORD, FOLD_CJK };

struct fold_char {
	struct str raw; /* its bytes in the text */
	uint32_t c;     /* folded; UTF8_BAD for a bad byte */
	enum fold_class class;
};

/*
 * A text that is being folded. One character may become several, and a letter
 * with its marks may become one. Each resulting character has the raw bytes of
 * the whole group.
 */
enum {
	FOLD_MARKS_MAX = 30, /* marks after one character (UAX 15, 13.) */
	FOLD_GROUP_MAX = 128 /* characters that a group becomes */
};
struct fold_text {
	struct str rest; /* not folded yet */
	/* For fold_read.c. */
	struct str raw;
	unsigned at, count;
	uint32_t group[FOLD_GROUP_MAX];
};
static inline void
fold_begin(struct fold_text *text, struct str s)
{
	text->rest = s;
	text->at = text->count = 0;
}

/* The next visible character, folded; false at the end. */
bool fold_next(struct fold_text *text, struct fold_char *out);

/* Take the next character off *rest, a text that is folded and not empty. */
void fold_next_folded(struct str *rest, struct fold_char *out);

/* The number of bytes at the beginning of s that are Chinese characters which
 * folding does not change. Most of a Chinese text is such characters. */
size_t fold_plain_len(struct str s);

/*
 * The name of this folding: a short text that depends on the program, Unicode's
 * tables and libunistring. An index that was built with another folding misses
 * texts and must be built anew.
 */
enum { FOLD_NAME_BYTES = 64 };
void fold_name(char name[FOLD_NAME_BYTES]);

/*
 * How a character continues the characters before it. A zeroed state is the
 * beginning of a text.
 *
 * A run of word characters is one token, with one exception: up to six letters
 * followed by digits are two tokens, so that a search treats "ISO9001" and "ISO
 * 9001" alike. (With more letters the run stays one token: page authors use
 * such words as marks.)
 */
enum fold_step {
	FOLD_SKIPPED, /* a separator */
	FOLD_JOINED,  /* it continues the word or the run of CJK */
	FOLD_NEW,     /* a new token; separators before it are ignored */
	FOLD_APART    /* a new token after a separator that matters */
};
struct fold_state {
	enum fold_class last;
	bool gap;         /* separators follow the last character */
	unsigned letters; /* of the word so far, if it has only letters */
};
enum fold_step fold_advance(
    struct fold_state *state, const struct fold_char *at);

/* Append s folded, character by character; separators stay as they are. */
void fold_add(struct buf *out, struct str s);

/*
 * Append the canonical form of s: its folded words and CJK characters, with one
 * space where separators stand between two words or two CJK characters.
 * Separators between a word and a CJK character, or between letters and a
 * number, are dropped, because writers use a space there or not: "ISO 9001
 * 标准" becomes "iso9001标准". A phrase of tokens matches this form.
 */
void fold_canonical(struct buf *out, struct str s);

/* Does text begin with this term? The first character of text is not skipped,
 * even if it is a separator. */
bool fold_starts(struct str text, struct str term);

enum {
	FOLD_TERMS_MAX = LIMIT_SEARCH_RUNS,
	FOLD_TERM_CHARACTERS = LIMIT_SEARCH_RUN_CHARACTERS
};

/*
 * The terms of a search: runs of words and CJK characters without a separator,
 * folded. Runs after the first FOLD_TERMS_MAX are ignored. A run is cut to
 * FOLD_TERM_CHARACTERS, and a word that would be cut in two is left out.
 */
struct fold_terms {
	size_t count;
	struct str term[FOLD_TERMS_MAX]; /* into text: do not copy the struct */
	char text[FOLD_TERMS_MAX * FOLD_TERM_CHARACTERS * 4];
};
void fold_terms(struct fold_terms *out, struct str words);

/* Write the character c to place, which has room for 4 bytes. Gives the number
 * of bytes written. */
size_t fold_write(char *place, uint32_t c);

#endif
