/* SPDX-License-Identifier: ISC */
/*
 * Reads which standards a standard replaces, from the column 代替标准号 of a
 * catalogue: numbers, ranges of numbers, and the words beside them.
 */
#ifndef GUIJU_STANDARDS_REPLACED_H
#define GUIJU_STANDARDS_REPLACED_H

#include "base/buf.h"
#include "base/str.h"
#include "number.h"

/* Does this cell of a table have no value: is it empty, a dash, 无, NULL? */
bool std_is_nothing(struct str text);

/* The meaning of the words beside a number. */
enum std_phrase {
	STD_PHRASE_UNREAD, /* not understood */
	STD_PHRASE_PLAIN,  /* no meaning for the number: 和, 本标准 */
	STD_PHRASE_WHOLE,  /* all is replaced: 代替, 全部 */
	STD_PHRASE_PART,   /* a part is: 部分, 第3章, 中的…, 附录A */
	STD_PHRASE_NONE    /* nothing is replaced: 无, 首次发布 */
};

/* Find the meaning of text, which is words without a number. */
enum std_phrase std_phrase_judge(struct str text);
/* The length in bytes of the words at the beginning of text: up to a sign, a
 * bracket or a number. */
size_t std_phrase_len(struct str text);

/* Are these n bytes four digits that begin like the year of a standard? */
bool std_is_year_like(const char *digits, size_t n);
/* May the number be a misread one: with a letter in place of a digit, or a year
 * that was read as a part? */
bool std_is_doubtful(const struct std_number *number);
/* Does piece hold a year, while the number read from it has none? */
bool std_loses_year(struct str piece, const struct std_number *number);
/* Read a number with an unknown code, such as OHSAS 18001:2007; its text
 * becomes the number. False: the text has another form, or is a misspelt number
 * of a known code. */
bool std_read_unknown(struct str piece, struct std_number *out);

/* One number, or a range: all numbers from first to last. */
struct std_span {
	struct std_number first, last;
	bool range;
};

/*
 * Read a number or a range at the beginning of text, which begins with a letter
 * or a digit. like: the number before it in the list, whose prefix may be left
 * out here; NULL: there is none. Returns the number of bytes read; 0: there is
 * no number, or it cannot be read to its end.
 */
size_t std_span_read(
    struct str text, const struct std_number *like, struct std_span *out);
/* Count the numbers of a span; 0: the range is not valid, or too long. */
size_t std_span_count(const struct std_span *span);
/* The i-th number of a span, from 0. */
void std_span_at(const struct std_span *span, size_t i, struct std_number *out);

#endif
