/* SPDX-License-Identifier: ISC */
/*
 * What a standard replaces, as a catalogue's column 代替标准号 tells it:
 * numbers, ranges of numbers, and words beside them.
 */
#ifndef GUIJU_STANDARDS_REPLACED_H
#define GUIJU_STANDARDS_REPLACED_H

#include "base/buf.h"
#include "base/str.h"
#include "number.h"

/* Does this cell of a table say nothing: is it empty, a dash, 无, NULL? */
bool std_is_nothing(struct str text);

/* What words beside a number say of it. */
enum std_phrase {
	STD_PHRASE_UNREAD, /* not understood */
	STD_PHRASE_PLAIN,  /* 和, 本标准: nothing */
	STD_PHRASE_WHOLE,  /* 代替, 全部 */
	STD_PHRASE_PART,   /* 部分, 第3章, 中的…, 附录A */
	STD_PHRASE_NONE    /* 无, 首次发布: there is no number */
};

/* Judge text: words without a number among them. */
enum std_phrase std_phrase_judge(struct str text);
/* How many bytes at the beginning of text are such words: up to a sign, a
 * bracket, or where a number begins. */
size_t std_phrase_len(struct str text);

/* Four digits that begin like a year of today's standards? */
bool std_is_year_like(const char *digits, size_t n);
/* May the number be another one, misread: a letter for a digit in it, a year
 * that reads as a part of it? */
bool std_is_doubtful(const struct std_number *number);
/* Is there a year in piece, and none in what was read of it? */
bool std_loses_year(struct str piece, const struct std_number *number);
/* Read a number whose code we do not know, OHSAS 18001:2007: it is the text.
 * false: it has another form, or is one of a known code, spoilt. */
bool std_read_unknown(struct str piece, struct std_number *out);

/* One number, or all from first to last. */
struct std_span {
	struct std_number first, last;
	bool range;
};

/*
 * Read what text begins with, a letter or a digit. like: the number before it
 * in the list, whose prefix it may leave out; NULL: there is none. Result: the
 * bytes read; 0: it is none, or one that was not read to its end.
 */
size_t std_span_read(
    struct str text, const struct std_number *like, struct std_span *out);
/* How many numbers it is; 0: none that can be told. */
size_t std_span_count(const struct std_span *span);
/* The i-th of them. */
void std_span_at(const struct std_span *span, size_t i, struct std_number *out);

#endif
