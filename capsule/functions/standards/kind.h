/* SPDX-License-Identifier: ISC */
/*
 * Examines the text behind a number of a standard: the kind of each character,
 * tokens, and what looks like a digit, a year or another number. Invisible
 * characters are skipped. prose: the text is prose, not a list of numbers, and
 * a full stop ends a sentence.
 */
#ifndef GUIJU_STANDARDS_KIND_H
#define GUIJU_STANDARDS_KIND_H

#include "base/str.h"
#include "number.h"

enum std_kind {
	KIND_END,
	KIND_BLANK, /* also quotation marks, and brackets of titles */
	KIND_DIGIT,
	KIND_LETTER,
	KIND_HAN,
	KIND_NUMERAL,
	KIND_YEAR,
	KIND_ALIEN, /* a letter that does not begin a title here */
	KIND_STOP,  /* ends a clause, or an item of a list */
	KIND_OPEN,
	KIND_CLOSE,
	KIND_SIGN
};

/* The first character of text, 0 if text is empty; the text behind it. */
uint32_t std_first(struct str text);
struct str std_rest_of(struct str text);
enum std_kind std_kind(struct str text, bool prose);

/* Skip all characters of a kind, and count them in *n; skip blanks. */
struct str std_skip_kind(
    struct str text, enum std_kind kind, size_t *n, bool prose);
struct str std_skip_blanks(struct str text, bool prose);
/* The beginning of text, up to the next blank or stop. */
struct str std_token(struct str text, bool prose);
bool std_has_kind(struct str text, enum std_kind kind, bool prose);
/* Does text hold a digit, or Chinese numerals that number a part or are a year?
 */
bool std_has_digit(struct str text);

/* How many characters at the beginning of text are digits, or look like digits;
 * *digits counts the real ones. */
size_t std_like_digits(struct str text, size_t *digits);
/* Does text begin with a year, or with a misspelt one: 2008, 208, 20088, 200S,
 * 08? */
bool std_is_like_year(struct str text);
/* Find a whole year that does not belong to a number or to a date. */
struct str std_find_year(struct str text);

/* Does text begin with a number that has a prefix? */
bool std_begins_number(struct str text, struct std_number *number);
/* Do all digits in text belong to numbers with a prefix? */
bool std_is_numbers_only(struct str text);
/* Is text a number without a prefix: "7718-2011", "9001:2015"? */
bool std_is_bare_number(struct str text);
/* Is text a letter and a year: "A-2009"? */
bool std_is_letter_and_year(struct str text);

#endif
