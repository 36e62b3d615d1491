/* SPDX-License-Identifier: ISC */
/* Examines the text behind a number, character by character: the kind of each
 * one, and what looks like a digit, a year or another number. */
#include "kind.h"

#include "fold.h"

uint32_t
std_first(struct str text)
{
	return text.len > 0 ? std_next(&text) : 0;
}

struct str
std_rest_of(struct str text)
{
	if (text.len > 0)
		std_next(&text);
	return text;
}

/* Signs that a window takes for blanks, and that are none here. */
static bool
is_odd_blank(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFF01 - 0x21;
	return c < 0x80 && c > ' ' && strchr("_`<>[]{}|", (int)c) != NULL;
}

/* Roman numerals, raised digits, fractions. */
static bool
is_odd_digit(uint32_t c)
{
	return (c >= 0x2150 && c <= 0x218B) || c == 0xB2 || c == 0xB3 ||
	    c == 0xB9 || (c >= 0xBC && c <= 0xBE) ||
	    (c >= 0x2070 && c <= 0x2089);
}

static bool
is_stop(uint32_t c, bool prose)
{
	if (prose &&
	    (c == 0x3002 || c == '!' || c == '?' || c == 0xFF01 || c == 0xFF1F))
		return true;
	return c == ',' || c == ';' || c == 0xFF0C || c == 0xFF1B ||
	    c == 0x3001 || c == 0xFF64;
}

enum std_kind
std_kind(struct str text, bool prose)
{
	char folded = 0;
	uint32_t c = 0;

	while (folded == 0) {
		if (text.len == 0)
			return KIND_END;
		c = std_next(&text);
		folded = std_fold_char(c);
	}
	if (is_odd_digit(c))
		return KIND_DIGIT;
	if (is_stop(c, prose))
		return KIND_STOP;
	if (std_is_digit(folded))
		return KIND_DIGIT;
	if (std_is_letter(folded))
		return KIND_LETTER;
	switch (folded) {
	case ' ':
		return is_odd_blank(c) ? KIND_SIGN : KIND_BLANK;
	case '(':
		return KIND_OPEN;
	case ')':
		return KIND_CLOSE;
	case STD_OTHER:
		return KIND_HAN;
	case STD_NUMERAL:
		return KIND_NUMERAL;
	case STD_YEAR_SIGN:
		return KIND_YEAR;
	case STD_ALIEN:
		return KIND_ALIEN;
	default:
		return KIND_SIGN;
	}
}

/* Past what shows nothing as well, which is of no kind. */
struct str
std_skip_kind(struct str text, enum std_kind kind, size_t *n, bool prose)
{
	*n = 0;
	while (text.len > 0 && std_kind(text, prose) == kind) {
		while (std_fold_char(std_first(text)) == 0)
			text = std_rest_of(text);
		text = std_rest_of(text);
		++*n;
	}
	return text;
}

struct str
std_skip_blanks(struct str text, bool prose)
{
	size_t n;

	return std_skip_kind(text, KIND_BLANK, &n, prose);
}

/* Up to the next blank or stop. */
struct str
std_token(struct str text, bool prose)
{
	struct str rest = text;
	enum std_kind kind;

	while ((kind = std_kind(rest, prose)) != KIND_END &&
	    kind != KIND_BLANK && kind != KIND_STOP)
		rest = std_rest_of(rest);
	return str_slice(text, 0, text.len - rest.len);
}

bool
std_has_kind(struct str text, enum std_kind kind, bool prose)
{
	for (; text.len > 0; text = std_rest_of(text))
		if (std_kind(text, prose) == kind)
			return true;
	return false;
}

/* A digit, or Chinese numerals that number a part, or write a year. */
bool
std_has_digit(struct str text)
{
	size_t n = 0;

	for (; text.len > 0; text = std_rest_of(text)) {
		enum std_kind kind = std_kind(text, false);

		if (kind == KIND_DIGIT)
			return true;
		n = kind == KIND_NUMERAL ? n + 1 : 0;
		if (n >= 3 ||
		    (std_first(text) == 0x7B2C &&
			std_kind(std_rest_of(text), false) == KIND_NUMERAL))
			return true;
	}
	return false;
}

/* May this character be read as a digit? What looks like one, a placeholder. */
static bool
is_like_digit(uint32_t c)
{
	char folded = std_fold_char(c);

	return std_is_digit(folded) || is_odd_digit(c) ||
	    folded == STD_NUMERAL || folded == STD_ALIEN ||
	    (folded > ' ' && strchr("OQDIL!|ZEASGBTX?*_", folded) != NULL);
}

/* How many characters text begins with that are digits or look like some;
 * *digits of them are digits. */
size_t
std_like_digits(struct str text, size_t *digits)
{
	size_t n = 0;

	*digits = 0;
	for (; text.len > 0 && is_like_digit(std_first(text));
	     text = std_rest_of(text)) {
		n++;
		*digits += std_kind(text, false) == KIND_DIGIT;
	}
	return n;
}

/* 2008, 208, 20088, 200S, 08: the beginning of text is a year, or was. */
bool
std_is_like_year(struct str text)
{
	size_t digits, n = std_like_digits(text, &digits);
	struct str behind = text;
	uint32_t first = std_first(text);

	for (size_t i = 0; i < n; i++)
		behind = std_rest_of(behind);
	if (digits == 0 || n < 2 || n > 5)
		return false;
	if (n > 2 && first >= '3' && first <= '9')
		return false;
	switch (std_kind(behind, false)) {
	case KIND_LETTER:
	case KIND_DIGIT:
		return false;
	case KIND_YEAR: /* the year of an edition, or only when */
		return std_first(std_rest_of(behind)) == 0x7248 ||
		    std_kind(std_rest_of(behind), false) == KIND_END;
	default:
		return true;
	}
}

/* A number with its prefix at once, or behind Chinese words. */
bool
std_begins_number(struct str text, struct std_number *number)
{
	return text.len > 0 && std_read_beginning(text, STD_PROSE, number);
}

/* Text without the numbers in it has no digit. */
bool
std_is_numbers_only(struct str text)
{
	bool inside = false;

	while (text.len > 0) {
		struct std_number number;
		enum std_kind kind = std_kind(text, false);

		if (kind == KIND_LETTER && !inside &&
		    std_begins_number(text, &number)) {
			text = str_slice(text, number.end, text.len);
			inside = true;
			continue;
		}
		if (kind == KIND_DIGIT)
			return false;
		inside = kind == KIND_LETTER;
		text = std_rest_of(text);
	}
	return true;
}

/* 19 or 20, and two more digits. */
static bool
is_year(struct str text)
{
	return text.len >= 4 &&
	    (str_starts(text, STR("19")) || str_starts(text, STR("20"))) &&
	    std_is_digit(text.data[2]) && std_is_digit(text.data[3]);
}

/* A year, whole, that is no number's and is not said to be a day's. */
struct str
std_find_year(struct str text)
{
	bool inside = false;

	if (str_find(text, STR("19")) == SIZE_MAX &&
	    str_find(text, STR("20")) == SIZE_MAX)
		return (struct str){NULL, 0};

	while (text.len > 0) {
		struct std_number number;
		enum std_kind kind = std_kind(text, false);

		if (kind == KIND_LETTER && !inside &&
		    std_begins_number(text, &number)) {
			text = str_slice(text, number.end, text.len);
			continue;
		}
		if (kind == KIND_DIGIT && !inside && std_is_like_year(text) &&
		    is_year(text))
			return str_slice(text, 0, 4);
		inside = kind == KIND_LETTER || kind == KIND_DIGIT;
		text = std_rest_of(text);
	}
	return (struct str){NULL, 0};
}

/* "7718-2011", "9001:2015" without a prefix: its year is that of the number
 * before it as well. */
bool
std_is_bare_number(struct str at)
{
	bool first = true;
	size_t digits;

	for (; at.len > 0; at = std_rest_of(at), first = false) {
		enum std_kind kind = std_kind(at, true);
		char sign = kind == KIND_NUMERAL || std_first(at) == 0xD7
		    ? '-'
		    : std_fold_char(std_first(at));

		if (kind == KIND_NUMERAL && !first &&
		    std_like_digits(at, &digits) >= 4)
			return true;
		if (kind == KIND_DIGIT ||
		    (kind == KIND_LETTER && !first && sign != '-'))
			continue;
		if (first ||
		    (kind > KIND_LETTER && kind != KIND_SIGN &&
			kind != KIND_NUMERAL))
			return false;
		if ((sign == '-' || sign == ':') &&
		    (std_is_like_year(std_rest_of(at)) ||
			std_like_digits(std_rest_of(at), &digits) >= 4))
			return true;
		if (strchr("-.:/", sign) == NULL)
			return false;
	}
	return false;
}

/* 150.1 A-2009 */
bool
std_is_letter_and_year(struct str at)
{
	size_t n;

	at = std_skip_kind(at, KIND_LETTER, &n, false);
	return n <= 2 && std_kind(at, false) == KIND_SIGN &&
	    std_is_like_year(std_rest_of(at));
}
