/* SPDX-License-Identifier: ISC */
/*
 * How search sees text. Characters are folded: compatibility characters to
 * what they stand for (NFKC: full width to ASCII, Ⅱ to II, ㎜ to mm), capitals
 * to small letters, traditional Chinese characters to simplified ones. They are
 * of three classes: CJK characters, of which each counts by itself; characters
 * of words (letters and digits of all other scripts); and the rest, which only
 * separates. The tokenizer, the builder of queries, the check of candidates and
 * the snippet all stand on this one view, so that what one finds the others
 * find as well. Folding what is folded changes nothing: fold(fold(x)) =
 * fold(x).
 *
 * Characters that show nothing (joiners, variation selectors, BOM) are passed
 * over; a byte that is no UTF-8 separates.
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
 * A text while it is folded. One character may become several, and marks
 * behind a letter one with it: each of those has the bytes of them all.
 */
enum {
	FOLD_MARKS_MAX = 30, /* behind one character (UAX 15, 13.) */
	FOLD_GROUP_MAX = 128 /* what they become, at most */
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

/* Take the next character off *rest, which is folded already and not empty. */
void fold_next_folded(struct str *rest, struct fold_char *out);

/* How many bytes of s, from its beginning, are Chinese characters that folding
 * leaves as they are: the most of any Chinese text. */
size_t fold_plain_len(struct str s);

/*
 * What folding is made of, as a short text. An index that was built by another
 * folding does not find what it holds: it is to be built again.
 */
enum { FOLD_NAME_BYTES = 64 };
void fold_name(char name[FOLD_NAME_BYTES]);

/*
 * What a character is to those before it. A zeroed state stands at the
 * beginning of a text.
 *
 * A run of word characters is one token, but for this: up to six letters
 * with digits behind them are two, so that "ISO9001" and "ISO 9001" are the
 * same to a search. (Longer ones stay whole: page authors make marks of them.)
 */
enum fold_step {
	FOLD_SKIPPED, /* a separator */
	FOLD_JOINED,  /* goes on: the same word, the same run of CJK */
	FOLD_NEW,     /* begins another token; a separator would say nothing */
	FOLD_APART    /* begins another token, behind a separator that counts */
};
struct fold_state {
	enum fold_class last;
	bool gap;         /* separators since */
	unsigned letters; /* of the word so far, if it is nothing else */
};
enum fold_step fold_advance(
    struct fold_state *state, const struct fold_char *at);

/* Append s folded, character by character; separators stay as they are. */
void fold_add(struct buf *out, struct str s);

/*
 * Append the canonical form of s: its words and CJK characters, folded, and
 * one space where separators stood between two words or two CJK characters.
 * Between a word and a CJK character, and between letters and a number,
 * separators say nothing, because writers put a space there or not as they
 * like: "ISO 9001 标准" is "iso9001标准". This is what a phrase of tokens
 * compares.
 */
void fold_canonical(struct buf *out, struct str s);

/* Does text, from its first character on, begin with this term? */
bool fold_starts(struct str text, struct str term);

enum {
	FOLD_TERMS_MAX = LIMIT_SEARCH_RUNS,
	FOLD_TERM_CHARACTERS = LIMIT_SEARCH_RUN_CHARACTERS
};

/*
 * What a reader typed: runs of words and CJK characters without a separator,
 * folded. More runs than FOLD_TERMS_MAX and what a run has past
 * FOLD_TERM_CHARACTERS are ignored, with the word that is cut there.
 */
struct fold_terms {
	size_t count;
	struct str term[FOLD_TERMS_MAX]; /* into text: do not copy the struct */
	char text[FOLD_TERMS_MAX * FOLD_TERM_CHARACTERS * 4];
};
void fold_terms(struct fold_terms *out, struct str words);

/* Write c into place (room for 4 bytes); its length. c is a character. */
size_t fold_write(char *place, uint32_t c);

#endif
