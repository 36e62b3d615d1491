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
 *   JJG(U+7CA4) 067-2023  of a region, with a letter of another script
 *   ASTM A370-20e1        years and editions as they are printed
 *   50222                 digits alone: no prefix; may be any standard
 *
 * Upper and lower case, full and half width, and the kinds of dashes and blanks
 * make no difference. The parts may be glued together, or be a key with '-' for
 * all signs. The text behind a number is a title, and is not read.
 *
 * Nothing is guessed. A text that does not begin with a number is not a number.
 * A number that is read only in part is not a number either: something behind
 * its digits belongs to it and is not understood (behind.c). So 19001-200S is
 * not 19001.
 */
#ifndef GUIJU_STANDARDS_NUMBER_H
#define GUIJU_STANDARDS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "fold.h"

/*
 * The prefixes with which numbers of standards begin. A Chinese code is letters
 * with a mark behind them (GB/T). Other numbers begin with one or more words
 * (BS EN ISO, ISO/IEC TR).
 */

enum std_level {
	STD_LEVEL_NONE,
	STD_NATIONAL,
	STD_SECTOR,
	STD_LOCAL,
	STD_ASSOCIATION,
	STD_ENTERPRISE,
	STD_INTERNATIONAL,
	STD_FOREIGN
};
enum std_mandate {
	STD_MANDATE_NONE,
	STD_MANDATORY,
	STD_RECOMMENDED,
	STD_GUIDING
};

/* A Chinese code. marks: the letters that may follow it behind a slash. */
struct std_code {
	const char *name;
	enum std_level level;
	enum std_mandate mandate; /* of a number without a mark */
	const char *marks;
	size_t series;  /* letters that may stand before the digits */
	char gap;       /* printed between the code and the series or digits */
	bool parts;     /* "-01" is a part even if no year follows */
	char year_mark; /* printed before the year */
};

enum std_word_class {
	STD_WORD_BODY,  /* a publisher: ISO, IEC; printed "ISO/IEC" */
	STD_WORD_TAKER, /* also adopts others' standards: "BS EN ISO" */
	STD_WORD_TYPE   /* a type of document: TR, Guide, DIS */
};
enum std_word_form {
	STD_FORM_PLAIN,
	STD_FORM_MONTH,   /* ITU: X.509 (10/2019) */
	STD_FORM_VERSION, /* ETSI: EN 300 130-2 V1.2.4 (1998-06) */
	STD_FORM_DIN,     /* 2015-11: year and month */
	STD_FORM_SHORT    /* ASTM: -14 is 2014 */
};
struct std_word {
	const char *name; /* '-' and '/' in it may be any separator, or none */
	enum std_word_class class;
	enum std_level level;
	char year_mark; /* printed before the year */
	size_t series;
	char join; /* printed between series and digits; 0: nothing */
	enum std_word_form form;
};

/* The code of exactly these n capitals, or NULL. */
const struct std_code *std_code_find(const char *letters, size_t n);

/* The longest word at the beginning of a folded text, or NULL; *end is the
 * place behind the word. */
const struct std_word *std_word_at(const char *text, const char **end);

/* Is there a province of China with these two digits? */
bool std_is_province(const char *digits);

/* The printed name: 国家, 推荐 ...; NULL: none. */
const char *std_level_name(enum std_level level);
const char *std_mandate_name(enum std_mandate mandate);

struct std_number {
	char prefix[48]; /* "GB/T", "BS EN ISO"; empty for digits alone */
	size_t base;     /* length of the prefix without /T, /Z */
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
	size_t end; /* offset in the text where the title begins */
};

/* How much of a number has been read. */
enum std_reading {
	STD_NONE, /* nothing: the text does not begin with a number */
	STD_PART, /* only the beginning of the number */
	STD_WHOLE
};
/* After STD_PART: the text that is not understood; borrowed from the text. */
struct std_unread {
	struct str text;
	bool title; /* it may be a title, glued to a whole number */
};

/*
 * Where a text comes from. STD_ANY: a label ("标准号：") or an ordinal ("1.")
 * may stand before the number, and digits alone are a number. STD_PROSE: the
 * text is prose, and a number must begin with its prefix.
 */
enum std_context { STD_ANY, STD_PROSE };

/* Read the number at the beginning of text. False: there is none, or it is read
 * only in part; *out is then undefined. */
bool std_read(
    struct str text, enum std_context context, struct std_number *out);
/* Read a number and return how much was read. After STD_PART, *out is the part
 * and *unread is what is not understood. */
enum std_reading std_try(struct str text, enum std_context context,
    struct std_number *out, struct std_unread *unread);
/* Read a number without looking at the text behind it. False: there is none. */
bool std_read_beginning(
    struct str text, enum std_context context, struct std_number *out);

/* Find what belongs to number in the text behind it (rest) and is not
 * understood; empty: nothing. */
struct std_unread std_find_unread(
    struct str rest, enum std_context context, const struct std_number *number);
/* Does another number begin in rest, the text behind a number: at once, behind
 * a sign, or behind "and"? *next is then the text from there. A number in
 * brackets or behind "/" that belongs to the first one (/ISO 9001:2015) has
 * been read with it and does not count. */
bool std_next_number(struct str rest, struct str *next);
/* piece stands in a list, behind a number without a year. Is it the year of
 * that number in an odd place, or the rest of a year? */
bool std_is_year_piece(struct str piece);
/* Does piece begin with four digits of a year, and not go on as a number? */
bool std_starts_with_year(struct str piece);

/* Append the printed form: GB/T 19001-2016. */
void std_write(struct buf *out, const struct std_number *number);
/* Append a key. std_write_key(): GB-T-19001-2016. std_write_family(): without
 * year, version and tail, GB-T-19001. std_write_bare(): also without the mark
 * behind the code, GB-19001. */
void std_write_key(struct buf *out, const struct std_number *number);
void std_write_family(struct buf *out, const struct std_number *number);
void std_write_bare(struct buf *out, const struct std_number *number);
/* Append a text that sorts by prefix, then by the value of numbers, then by
 * year. */
void std_write_sort(struct buf *out, const struct std_number *number);

/*
 * Read the number of a text, to make a key. If the text is not a number, append
 * its std_squash() to key, which is empty before. If that key then reads as a
 * number, it is the number: so the key of a key is always the same key. True:
 * *number has been read.
 */
bool std_read_key(struct str text, struct buf *key, struct std_number *number);

/* Read the parts of a number. text is folded (fold.h) and points into window;
 * window may be NULL. Each function returns the place behind what it has read;
 * NULL: nothing was read. */
const char *std_read_prefix(const struct std_window *window, const char *text,
    struct std_number *out, const struct std_word **last, bool *parts);
const char *std_read_digits(const char *text, struct std_number *out,
    const struct std_word *last, bool parts);
const char *std_read_tail(const char *text, struct std_number *out);

/* Append n bytes to a NUL-terminated text in an array of size bytes; false:
 * there is no room. */
bool std_put(char *to, size_t size, const char *from, size_t n);

/*
 * Append a member of a JSON object: ,"name":"text", without the comma behind a
 * brace. The value is null if text.data is NULL. TABs and line ends become
 * blanks; other controls and invalid UTF-8 become U+FFFD. So the JSON is always
 * valid.
 */
void std_json_member(struct buf *out, const char *name, struct str text);

#endif
