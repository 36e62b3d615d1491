/* SPDX-License-Identifier: ISC */
/*
 * Folds the first characters of a text, so that the number of a standard can be
 * read from them. A folded text has capitals, digits, and the few signs that
 * numbers are written with. All dashes become one dash; full-width characters
 * become plain ones; quotation marks and blanks become spaces; invisible
 * characters are removed. Since a number is short, only a window of the text is
 * folded: a megabyte of text costs no more than a line.
 */
#ifndef GUIJU_STANDARDS_FOLD_H
#define GUIJU_STANDARDS_FOLD_H

#include "base/buf.h"
#include "base/str.h"

enum { STD_WINDOW = 160, STD_KEY_MAX = 160 };

/* The bytes that stand in a window for characters that no number has. */
enum {
	STD_OTHER = 1, /* a letter of China, Japan or Korea */
	STD_YEAR_SIGN, /* U+5E74 */
	STD_NUMERAL,   /* a Chinese numeral, from zero to nine */
	STD_ALIEN,     /* a letter of another script that is not Latin */
	STD_SIGN       /* any other visible character */
};

struct std_window {
	char text[STD_WINDOW + 1];     /* folded, NUL-terminated */
	size_t at[STD_WINDOW + 1];     /* offset of each byte in the text */
	uint32_t code[STD_WINDOW + 1]; /* its character, as a capital */
};

/* Fill the window with the beginning of text. In prose, an ideographic full
 * stop ends a sentence. Elsewhere it is a point, because input methods type it
 * so. */
void std_fold(struct std_window *out, struct str text, bool prose);

/* Fold one character to a byte of a window; 0: the character is invisible. */
char std_fold_char(uint32_t c);

/* Take the next character off *rest, which is not empty. U7CA4, which a key
 * writes for a letter of another script, is read as that letter. */
uint32_t std_next(struct str *rest);
/* The capital of a small letter: Latin, Greek or Cyrillic. */
uint32_t std_capital(uint32_t c);

/*
 * Append a key of any text, whether it is a number or not. The key has
 * capitals, digits and points; each letter of another script as U and its code,
 * U7CA4; and one '-' per run of other characters. No '-' or point stands at its
 * ends. A key has at most STD_KEY_MAX bytes: a longer key is cut, and ends with
 * a hash of the whole text.
 */
void std_squash(struct buf *out, struct str text);
/* Append a key as std_squash() does, without calling std_trim() first. */
void std_squash_clean(struct buf *out, struct str text);

/* text without the ending of a file's name (".pdf"), and without blanks and
 * marks around it; borrowed. */
struct str std_trim(struct str text);

static inline bool
std_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
std_is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Is this a letter of a script that is not Latin? */
static inline bool
std_is_script(char c)
{
	return c >= STD_OTHER && c <= STD_ALIEN;
}

#endif
