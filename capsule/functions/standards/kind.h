/* SPDX-License-Identifier: ISC */
/*
 * Words for what stands behind a number of a standard: the kind of each
 * character, tokens, what looks like a digit, a year, another number.
 * Characters that show nothing are passed over. prose: a text that is read,
 * and no list of numbers; there a full stop ends a sentence.
 */
#ifndef GUIJU_STANDARDS_KIND_H
#define GUIJU_STANDARDS_KIND_H

#include "base/str.h"
#include "number.h"

enum std_kind {
	KIND_END,
	KIND_BLANK, /* quotation marks and the brackets of titles as well */
	KIND_DIGIT,
	KIND_LETTER,
	KIND_HAN,
	KIND_NUMERAL,
	KIND_YEAR,
	KIND_ALIEN, /* a letter that begins no title here */
	KIND_STOP,  /* ends a clause, or an item of a list */
	KIND_OPEN,
	KIND_CLOSE,
	KIND_SIGN
};

/* The first character of text, 0 if it is empty; what stands behind it. */
uint32_t std_first(struct str text);
struct str std_rest_of(struct str text);
enum std_kind std_kind(struct str text, bool prose);

/* Past *n characters of a kind; past blanks. */
struct str std_skip_kind(
    struct str text, enum std_kind kind, size_t *n, bool prose);
struct str std_skip_blanks(struct str text, bool prose);
/* What text begins with, up to the next blank or stop. */
struct str std_token(struct str text, bool prose);
bool std_has_kind(struct str text, enum std_kind kind, bool prose);
/* A digit, or Chinese numerals that number a part or write a year? */
bool std_has_digit(struct str text);

/* How many characters text begins with that are digits or look like some;
 * *digits of them are digits. */
size_t std_like_digits(struct str text, size_t *digits);
/* 2008, 208, 20088, 200S, 08: does text begin with what is a year, or was? */
bool std_is_like_year(struct str text);
/* A year, whole, that is no number's and is not said to be a day's. */
struct str std_find_year(struct str text);

/* Does text begin with a number that has its prefix? */
bool std_begins_number(struct str text, struct std_number *number);
/* Does text without the numbers in it have no digit? */
bool std_is_numbers_only(struct str text);
/* "7718-2011", "9001:2015" without a prefix. */
bool std_is_bare_number(struct str text);
/* "A-2009" */
bool std_is_letter_and_year(struct str text);

#endif
