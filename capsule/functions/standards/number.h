/* SPDX-License-Identifier: ISC */
/*
 * The number of a standard, read from what people type:
 *
 *   GB/T 4857.5-1992      prefix GB/T, number 4857.5, year 1992
 *   GB 7718-2011/XG1      with a tail: an amendment
 *   DB46/T 642-2024       a local standard; T/CAS 291, Q/GDW 10370: of an
 *                         association, of an enterprise
 *   ISO/IEC 27001:2022    words instead of a code
 *   JIS A 1509-5:2020     series A
 *   JJG(U+7CA4) 067-2023  of a region: letters of another script are letters
 *   ASTM A370-20e1        years and editions as they are printed
 *   50222                 digits alone: no prefix, any standard's
 *
 * A number says the same in any case, width, with any dash or blank, glued or
 * as a key with '-' for all signs. What follows it is a title and not read.
 * Nothing is guessed: a text that does not begin with a number is none, and
 * neither is one whose number is read in part only, because what stands behind
 * its digits belongs to it and is not understood (behind.c): 19001-200S is
 * no 19001.
 */
#ifndef GUIJU_STANDARDS_NUMBER_H
#define GUIJU_STANDARDS_NUMBER_H

#include "base/buf.h"
#include "base/str.h"
#include "fold.h"
#include "prefixes.h"

struct std_number {
	char prefix[48]; /* "GB/T", "BS EN ISO"; empty for digits alone */
	size_t base;     /* of it without /T, /Z */
	char gap;        /* printed behind the prefix */
	char series[8];  /* "A" of JIS A 1509, "B" of ASME B16.5 */
	char join;       /* printed behind the series, or 0 */
	char number[48]; /* "19001", "8601-1", "150.1A", "300 130-2" */
	int year;        /* 0: none */
	int month;       /* of ITU, ETSI, DIN; 0: none */
	char year_mark; /* printed before the year; '(' around month and year */
	bool short_year;  /* printed with two digits */
	char version[16]; /* of ETSI: "V1.2.4" */
	char edition[16]; /* of ASTM, behind the year: "a", "e1", "(2021)" */
	char tail[80];    /* "/XG1-2014", "+AMD1:2019 CSV" */
	enum std_level level;
	enum std_mandate mandate;
	size_t end; /* where in the text the title behind it begins */
};

/* How much of a number was read. */
enum std_reading {
	STD_NONE, /* nothing: the text does not begin with a number */
	STD_PART, /* its beginning */
	STD_WHOLE
};
/* Of STD_PART: what is not understood, as a part of the text. */
struct std_unread {
	struct str text;
	bool title; /* it may well be a title, glued to a whole number */
};

/*
 * How much of a text is looked at for a number. STD_ANY: a label before it
 * ("标准号："), an ordinal ("1.") and digits alone are understood.
 * STD_PROSE: the text begins here with a prefix, or it is none.
 */
enum std_place { STD_ANY, STD_PROSE };

/* Read the number that text begins with; false: none, or a part of one; then
 * out is undefined. */
bool std_read(struct str text, enum std_place place, struct std_number *out);
/* The same, and of a part of a number *out is that part. */
enum std_reading std_try(struct str text, enum std_place place,
    struct std_number *out, struct std_unread *unread);
/* The same without a look at what stands behind; false: there is none. */
bool std_read_beginning(
    struct str text, enum std_place place, struct std_number *out);

/* What of rest, which stands behind number, belongs to it and is not
 * understood; empty: nothing does. */
struct std_unread std_look_behind(
    struct str rest, enum std_place place, const struct std_number *number);
/* Where another number begins in rest, which stands behind one: at once,
 * behind a sign, or behind "and". false: none does. What stands in brackets
 * or behind "/" and belongs to the first one (/ISO 9001:2015) has been read
 * with it. */
bool std_next_number(struct str rest, struct str *next);
/* Is this, the piece of a list behind a number without a year, its year in an
 * odd place, or what is left of one? */
bool std_is_year_piece(struct str piece);
/* Four digits of a year, and nothing that goes on as a number. */
bool std_starts_with_year(struct str piece);

/* Append the printed form: GB/T 19001-2016. */
void std_write(struct buf *out, const struct std_number *number);
/* Append the key: GB-T-19001-2016; without year, version and tail; and
 * without the mark behind a code as well. */
void std_write_key(struct buf *out, const struct std_number *number);
void std_write_family(struct buf *out, const struct std_number *number);
void std_write_bare(struct buf *out, const struct std_number *number);
/* Append what sorts by prefix, then numbers by value, then year. */
void std_write_sort(struct buf *out, const struct std_number *number);

/*
 * For keys, which any text has: read its number, or else append to key (empty
 * until now) the text squashed. What that reads as a number is one, so that a
 * key is always its own key; then, too, the result is true.
 */
bool std_read_key(struct str text, struct buf *key, struct std_number *number);

/* How the parts of a number are read; text is folded (fold.h), a place in
 * window, or window is NULL. Each gives the place behind what it read, or
 * NULL. */
const char *std_read_prefix(const struct std_window *window, const char *text,
    struct std_number *out, const struct std_word **last, bool *parts);
const char *std_read_digits(const char *text, struct std_number *out,
    const struct std_word *last, bool parts);
const char *std_read_tail(const char *text, struct std_number *out);

/* Append n bytes to a NUL-terminated text in size bytes; false: no room. */
bool std_put(char *to, size_t size, const char *from, size_t n);

/*
 * Append ,"name":"text" (without the comma behind a brace), or null where
 * text.data is NULL. Controls and bytes that are no UTF-8 become U+FFFD: what
 * comes out is always valid, whatever went in.
 */
void std_json_member(struct buf *out, const char *name, struct str text);

#endif
