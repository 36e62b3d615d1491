/* SPDX-License-Identifier: ISC */
/*
 * The prefixes with which numbers of standards begin. A Chinese code is letters
 * with a mark behind them (GB/T). Other numbers begin with one or more words
 * (BS EN ISO, ISO/IEC TR).
 */
#ifndef GUIJU_STANDARDS_PREFIXES_H
#define GUIJU_STANDARDS_PREFIXES_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
