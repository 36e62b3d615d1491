/* SPDX-License-Identifier: ISC */
/*
 * How the number of a standard is read: the first characters of a text,
 * brought to capitals, digits and the few signs that numbers are written
 * with. All dashes are one, and so are full-width and plain forms; quotation
 * marks and blanks are spaces; what shows nothing is gone. A number is short,
 * so a window is enough, and a megabyte of text costs no more than a line.
 */
#ifndef GUIJU_STANDARDS_FOLD_H
#define GUIJU_STANDARDS_FOLD_H

#include "base/buf.h"
#include "base/str.h"

enum { STD_WINDOW = 160, STD_KEY_MAX = 160 };

/* What stands in a window for a character that is in no number. */
enum {
	STD_OTHER = 1, /* a letter of China, Japan or Korea */
	STD_YEAR_SIGN, /* U+5E74 */
	STD_NUMERAL,   /* a Chinese numeral, from zero to nine */
	STD_ALIEN,     /* a letter of any other script than the Latin one */
	STD_SIGN       /* anything else that shows something */
};

struct std_window {
	char text[STD_WINDOW + 1]; /* folded, NUL-terminated */
	size_t at[STD_WINDOW + 1]; /* where in the text each one came from */
	uint32_t code[STD_WINDOW + 1]; /* the character, as a capital */
};

/* Fill the window with the beginning of text. In prose an ideographic full
 * stop ends a sentence; elsewhere it is a point, as input methods type it. */
void std_fold(struct std_window *out, struct str text, bool prose);

/* One character folded: a byte of a window; 0 if it shows nothing. */
char std_fold_char(uint32_t c);

/* The next character of *rest, which is not empty. What a key writes for a
 * letter of another script, U7CA4, is that letter. */
uint32_t std_next(struct str *rest);
/* A small letter, Latin, Greek or Cyrillic, as a capital. */
uint32_t std_capital(uint32_t c);

/*
 * Append text as a key that says nothing of its sense: capitals, digits and
 * points; letters of other scripts, each as U and its number, U7CA4; and one
 * '-' for each run of anything else. At most STD_KEY_MAX bytes and neither
 * sign at an end: a longer key ends with a digest of all that it stands for.
 */
void std_squash(struct buf *out, struct str text);
/* The same of a text that has nothing of a file's name about it. */
void std_squash_clean(struct buf *out, struct str text);

/* text without file name's ending (".pdf"), blanks and marks around it. */
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

/* A letter of another script than the Latin one? */
static inline bool
std_is_script(char c)
{
	return c >= STD_OTHER && c <= STD_ALIEN;
}

#endif
