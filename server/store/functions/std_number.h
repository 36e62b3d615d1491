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
 *   50222                 digits alone: no prefix, any standard's
 *
 * A number says the same in any case, width, with any dash or blank, glued or
 * as a key with '-' for all signs. What follows it is a title and not read.
 * Nothing is guessed: a text that does not begin with a number is none.
 */
#ifndef GUIJU_STORE_FUNCTIONS_STD_NUMBER_H
#define GUIJU_STORE_FUNCTIONS_STD_NUMBER_H

#include "base/buf.h"
#include "base/str.h"
#include "store/functions/std_prefixes.h"

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
	char version[16]; /* of ETSI: "V1.2.4" */
	char tail[80];    /* "/XG1-2014", "+AMD1:2019 CSV" */
	enum std_level level;
	enum std_mandate mandate;
	size_t end; /* where in the text the title behind it begins */
};

/*
 * How much of a text is looked at for a number. STD_ANY: a label before it
 * ("标准号："), an ordinal ("1.") and digits alone are understood.
 * STD_PROSE: the text begins here with a prefix, or it is none.
 */
enum std_place { STD_ANY, STD_PROSE };

/* Read the number that text begins with; false: none, out undefined. */
bool std_read(struct str text, enum std_place place, struct std_number *out);

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

/* How the parts of a number are read; text is folded (std_fold.h). Each
 * gives the place behind what it read, or NULL. */
const char *std_read_prefix(const char *text, struct std_number *out,
    const struct std_word **last, bool *parts);
const char *std_read_digits(const char *text, struct std_number *out,
    const struct std_word *last, bool parts);
const char *std_read_tail(const char *text, struct std_number *out);

/* Append n bytes to a NUL-terminated text in size bytes; false: no room. */
bool std_put(char *to, size_t size, const char *from, size_t n);

#endif
